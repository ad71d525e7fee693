"""What an objective is: scores and true classes in, one loss a sample out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar, Self

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

#: The classes of a batch: a number each, or (soft targets) how much of each class a sample is, summing to one.
Targets = Int[Tensor, " batch"] | Float[Tensor, "batch class"]


class Objective(ABC):
    """A loss of each sample, in nats. Objectives are frozen dataclasses: their fields are their options.

    ``weights`` multiply the losses, for samples that count more or less than one.
    """

    kind: ClassVar[str]

    def prepare(self, counts: Int[np.ndarray, " class"]) -> Self:
        """A copy that knows how many training rows each class has; objectives that need not know return themselves.

        Raises:
            ConfigError: An option does not fit that many classes.
        """
        return self

    def __call__(
        self,
        logits: Float[Tensor, "batch class"],
        targets: Targets,
        weights: Float[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """The loss of each sample; not averaged, because only the caller knows over what."""
        losses = self.losses(logits.float() if logits.dtype.itemsize < 4 else logits, targets)
        return losses if weights is None else losses * weights

    @abstractmethod
    def losses(self, logits: Float[Tensor, "batch class"], targets: Targets) -> Float[Tensor, " batch"]:
        """The loss of each sample before weighting."""


def shares_of(targets: Targets, logits: Float[Tensor, "batch class"]) -> Float[Tensor, "batch class"]:
    """Targets as how much of each class a sample is: soft ones as they are, class numbers as ones and zeros."""
    if targets.is_floating_point():
        return targets
    return functional.one_hot(targets, logits.shape[1]).to(logits.dtype)
