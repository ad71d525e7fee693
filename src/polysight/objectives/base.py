"""What an objective is: scores and true classes in, one loss a sample out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from jaxtyping import Float, Int
from torch import Tensor


class Objective(ABC):
    """A loss of each sample, in nats. Objectives are frozen dataclasses: their fields are their options.

    ``weights`` multiply the losses, for samples that count more or less than one.
    """

    kind: ClassVar[str]

    def __call__(
        self,
        logits: Float[Tensor, "batch class"],
        targets: Int[Tensor, " batch"],
        weights: Float[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """The loss of each sample; not averaged, because only the caller knows over what."""
        losses = self.losses(logits.float() if logits.dtype.itemsize < 4 else logits, targets)
        return losses if weights is None else losses * weights

    @abstractmethod
    def losses(self, logits: Float[Tensor, "batch class"], targets: Int[Tensor, " batch"]) -> Float[Tensor, " batch"]:
        """The loss of each sample before weighting."""
