"""ClassBalanced: rare classes count more, by the effective number of their samples.

Source: Cui, Jia, Lin, Song, Belongie, Class-Balanced Loss Based on Effective Number of Samples, CVPR 2019.
Departures: softmax over classes instead of one sigmoid each in the focal form.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Self

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor

from polysight.objectives.base import Objective, Targets, shares_of
from polysight.objectives.class_counts import as_tensor, from_counts, seen
from polysight.objectives.focal import focal_terms


@dataclass(frozen=True)
class ClassBalanced(Objective):
    """Cross-entropy, or focal loss, divided by each class's effective number of samples ``(1 - beta^n) / (1 - beta)``.

    Attributes:
        beta: How slowly further samples of a class add something new, 0 (every class counts the same as it is) to
            below 1 (towards 1: classes count inversely to their numbers).
        gamma: As in ``focal``; 0 is cross-entropy.
        weights: One weight a class after ``prepare``; they sum to the number of classes.
    """

    kind: ClassVar[str] = "class_balanced"

    beta: Annotated[float, Field(ge=0, lt=1)] = 0.999
    gamma: Annotated[float, Field(ge=0)] = 0.0
    weights: tuple[float, ...] | None = from_counts()

    def prepare(self, counts: Int[np.ndarray, " class"]) -> Self:
        """A copy with one weight a class."""
        # expm1: for a beta near one the plain formula loses its digits.
        inverse = (1 - self.beta) / -np.expm1(seen(counts) * np.log(self.beta)) if self.beta else np.ones(len(counts))
        return replace(self, weights=tuple((inverse * len(counts) / inverse.sum()).tolist()))

    def losses(self, logits: Float[Tensor, "batch class"], targets: Targets) -> Float[Tensor, " batch"]:
        """The loss of each sample; see ``Objective.losses``."""
        terms = as_tensor(self.weights, logits) * focal_terms(logits, self.gamma)
        return (shares_of(targets, logits) * terms).sum(dim=1)
