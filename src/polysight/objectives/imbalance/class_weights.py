"""ClassWeights: a row of a rare class counts more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float

from polysight.objectives.imbalance.base import Remedy, even


@dataclass(frozen=True)
class ClassWeights(Remedy):
    """Each class has the same total weight in what a learner makes small, whatever its rows.

    In a network the weights multiply the losses of any objective; with the objective's own class weights both count.
    """

    kind: ClassVar[str] = "class_weights"
    acts_on: ClassVar[tuple[str, ...]] = ("features", "network")

    def class_weights(self, shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
        """``1 / (classes * share)``, scikit-learn's ``balanced``; zero shares (no rows) weigh nothing."""
        seen = shares > 0
        return np.divide(1.0, seen.sum() * shares, out=np.zeros(len(shares)), where=seen)

    def taught(self, shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
        """The same for each class."""
        return even(shares)
