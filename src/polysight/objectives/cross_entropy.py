"""CrossEntropy: minus the log of the probability given to the true class, with softened targets.

Source: Szegedy et al., Rethinking the Inception Architecture, CVPR 2016 (label smoothing).
Departures: class weights multiply each sample's loss, and the mean is over samples, not over weights as in PyTorch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from polysight.core.errors import ConfigError
from polysight.objectives.base import Objective, Targets
from polysight.objectives.class_counts import as_tensor, from_counts, seen

Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


@dataclass(frozen=True)
class CrossEntropy(Objective):
    """Cross-entropy with label smoothing and class weights, for hard and for soft targets.

    Attributes:
        label_smoothing: The share of each target spread evenly over all classes, 0 to below 1.
        class_weights: What a sample of each class counts, in sorted order of classes; ``balanced`` gives every class
            the same total weight; None counts every sample as one.
        resolved_weights: The weights after ``prepare``.
    """

    kind: ClassVar[str] = "cross_entropy"

    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.05
    class_weights: Literal["balanced"] | tuple[Weight, ...] | None = None
    resolved_weights: tuple[float, ...] | None = from_counts()

    def prepare(self, counts: Int[np.ndarray, " class"]) -> Self:
        """A copy with one weight a class; ``balanced``: rows / (classes * rows of the class).

        Raises:
            ConfigError: There are more or fewer weights than classes.
        """
        if self.class_weights is None:
            return self
        if self.class_weights == "balanced":
            return replace(self, resolved_weights=tuple((counts.sum() / (len(counts) * seen(counts))).tolist()))
        if len(self.class_weights) != len(counts):
            raise ConfigError(
                f"{len(self.class_weights)} class weights for {len(counts)} classes",
                where="objective.class_weights",
                fix="give one weight a class, in sorted order of classes, or 'balanced'",
            )
        return replace(self, resolved_weights=tuple(self.class_weights))

    def losses(self, logits: Float[Tensor, "batch class"], targets: Targets) -> Float[Tensor, " batch"]:
        """The loss of each sample; see ``Objective.losses``."""
        weight = None if self.class_weights is None else as_tensor(self.resolved_weights, logits)
        return functional.cross_entropy(logits, targets, weight, reduction="none", label_smoothing=self.label_smoothing)
