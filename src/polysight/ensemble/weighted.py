"""Weighted average: non-negative weights that sum to one and minimise the log-loss of the mean.

Source: the linear opinion pool (Stone, Annals of Mathematical Statistics 1961), its weights by expectation
maximisation (Dempster, Laird, Rubin 1977): votes are components of a mixture whose proportions are sought.
With every vote there the problem is convex. Departures: where votes are missing the others' weights are scaled up, and
the logarithm of that scale is bounded by its tangent, which keeps each update in closed form and never worse than the
one before; pseudo-rows shared by all members pull the weights together.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int

from polysight.ensemble.average import Average
from polysight.ensemble.combiner import Ballot
from polysight.learners.calibration import FLOOR


class WeightedAverage(Average):
    """The average of votes whose weights minimise log-loss.

    Args:
        shrinkage: Strength of the pull towards equal weights, in rows; 0 minimises the log-loss itself.
        iterations: Most updates.
        tolerance: Least change of any weight for another update.
        prior: Class probabilities in training; None counts them.
    """

    kind: ClassVar[str] = "weighted"

    def __init__(
        self,
        shrinkage: float = 5.0,
        iterations: int = 2000,
        tolerance: float = 1e-6,
        prior: Float[np.ndarray, " class"] | None = None,
    ) -> None:
        self.shrinkage = shrinkage
        self.iterations = iterations
        self.tolerance = tolerance
        self.prior = prior

    def _learn(self, ballot: Ballot, codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None) -> None:
        seen = ballot.present.any(axis=0)
        there = ballot.present[:, seen].astype(np.float64)
        hits = np.maximum(ballot.values[:, seen, codes[seen]], FLOOR) * there
        members = len(ballot.names)
        weights = np.full(members, 1 / members)
        for _ in range(self.iterations if seen.any() else 0):
            # A row's responsibility of each member, and how much a weight counts among those that are there.
            earned = weights * (hits / (weights @ hits)).sum(axis=1) + self.shrinkage / members
            updated = earned / ((there / (weights @ there)).sum(axis=1) + self.shrinkage)
            updated /= updated.sum()
            # A weight that dies would make rows with that vote alone undefined.
            updated = np.maximum(updated, 1e-12)
            change, weights = float(np.abs(updated - weights).max()), updated
            if change < self.tolerance:
                break
        kept = np.where(weights < 1e-4, 0.0, weights)
        kept /= kept.sum()
        self.weights_ = {n: float(w) for n, w in zip(ballot.names, kept, strict=True) if w}
