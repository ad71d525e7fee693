"""DeLong's test: whether two ROC areas on the same rows differ.

Source: E. DeLong, D. DeLong, D. Clarke-Pearson, "Comparing the areas under two or more correlated receiver operating
characteristic curves", Biometrics 1988; ranks instead of pairs, X. Sun and W. Xu, "Fast implementation of DeLong's
algorithm", IEEE Signal Processing Letters 2014; rows that belong together, N. Obuchowski, "Nonparametric analysis of
clustered ROC curve data", Biometrics 1997.
Departures: with groups, what each row adds to the difference is summed by group, positive and negative rows alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Shaped
from scipy.special import ndtr
from scipy.stats import rankdata

from polysight.evaluation.intervals import Estimate

#: The 97.5 % point of the normal curve.
_SURE = 1.959964


@dataclass(frozen=True)
class AreaDifference:
    """Two ROC areas on the same rows.

    Attributes:
        a: The first area.
        b: The second.
        difference: By how much the second is larger, with its 95 % interval.
        p: The two-sided p-value of that difference.
    """

    a: float
    b: float
    difference: Estimate
    p: float

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"a": self.a, "b": self.b, "difference": self.difference.to_json(), "p": self.p}


def delong(
    positive: Bool[np.ndarray, " row"],
    first: Float[np.ndarray, " row"],
    second: Float[np.ndarray, " row"],
    groups: Shaped[np.ndarray, " row"] | None = None,
) -> AreaDifference | None:
    """Compare the ROC areas of two scores.

    Args:
        positive: Which rows are of the class the scores are for.
        first: A score of each row, the higher the likelier.
        second: The other score.
        groups: The group of each row; None takes each row by itself.

    Returns:
        The comparison; None where one side has fewer than two rows (or there is one group only).
    """
    if min(positive.sum(), (~positive).sum()) < 2:
        return None
    areas, parts = zip(*(_components(positive, scores) for scores in (first, second)), strict=True)
    error = _error(positive, parts[1] - parts[0], groups)
    if error is None:
        return None
    value = round(float(areas[1] - areas[0]), 9)
    low, high = value - _SURE * error, value + _SURE * error
    p = float(2 * ndtr(-abs(value) / error)) if error > 0 else float(value == 0)
    return AreaDifference(
        float(areas[0]), float(areas[1]), Estimate(value, round(float(low), 9), round(float(high), 9)), p
    )


def _components(
    positive: Bool[np.ndarray, " row"], scores: Float[np.ndarray, " row"]
) -> tuple[float, Float[np.ndarray, " row"]]:
    """The area, and for each row the share of rows of the other side that it is ranked rightly against."""
    ranks = rankdata(scores)
    own = np.empty(len(scores))
    own[positive], own[~positive] = rankdata(scores[positive]), rankdata(scores[~positive])
    count, others = positive.sum(), (~positive).sum()
    shares = np.where(positive, (ranks - own) / others, 1 - (ranks - own) / count)
    return float(shares[positive].mean()), shares


def _error(
    positive: Bool[np.ndarray, " row"],
    differences: Float[np.ndarray, " row"],
    groups: Shaped[np.ndarray, " row"] | None,
) -> float | None:
    """The standard error of the difference of areas; None of one group."""
    sides = [differences[positive], differences[~positive]]
    if groups is None:
        return float(np.sqrt(sum(side.var(ddof=1) / len(side) for side in sides)))
    cluster = np.unique(groups, return_inverse=True)[1]
    count = cluster.max() + 1
    if count < 2:
        return None
    added = np.where(positive, (differences - sides[0].mean()) / len(sides[0]), 0.0)
    added = np.where(positive, added, (differences - sides[1].mean()) / len(sides[1]))
    return float(np.sqrt(np.square(np.bincount(cluster, weights=added)).sum() * count / (count - 1)))
