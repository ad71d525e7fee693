"""Ranking: how well probabilities order the rows - area under the ROC curve and average precision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class ClassRanking:
    """Rows sorted by the score of one class, folded to the scores at which the class occurs.

    Only those scores move either metric, so a weighting costs one pass over the rows and not a sort.
    Each matrix sums weights; ``level`` counts the distinct scores of positives, highest first.

    Attributes:
        positive: Rows of the class at each level.
        tied: Other rows with exactly that score.
        between: Other rows above the level and below the level before it.
        negative: All other rows.
    """

    positive: csr_array
    tied: csr_array
    between: csr_array
    negative: Bool[np.ndarray, " row"]

    @classmethod
    def of(cls, positive: Bool[np.ndarray, " row"], scores: Float[np.ndarray, " row"]) -> ClassRanking:
        """Fold the scores of one class."""
        levels = np.unique(-scores[positive])
        level = np.searchsorted(levels, -scores)
        shape = (len(levels), len(scores))
        inside = level < len(levels)
        tie = np.zeros(len(scores), dtype=bool)
        tie[inside] = levels[level[inside]] == -scores[inside]

        def summing(chosen: Bool[np.ndarray, " row"]) -> csr_array:
            row = np.flatnonzero(chosen)
            return csr_array((np.ones(len(row)), (level[row], row)), shape=shape)

        return cls(summing(positive), summing(tie & ~positive), summing(inside & ~tie), ~positive)

    def areas(
        self, weights: Float[np.ndarray, "row resample"]
    ) -> tuple[Float[np.ndarray, " resample"], Float[np.ndarray, " resample"]]:
        """ROC area and average precision; NaN where one side has no weight."""
        positive, tied = self.positive @ weights, self.tied @ weights
        above = np.cumsum(self.between @ weights, axis=0)
        above[1:] += np.cumsum(tied, axis=0)[:-1]
        all_positive = positive.sum(axis=0)
        all_negative = weights[self.negative].sum(axis=0)
        pairs = all_positive * all_negative
        wins = (positive * (all_negative - above - tied / 2)).sum(axis=0)
        found = np.cumsum(positive, axis=0)
        shown = found + above + tied
        precision = np.divide(found, shown, out=np.zeros_like(found), where=shown > 0)
        area = np.divide(wins, pairs, out=np.full_like(pairs, np.nan), where=pairs > 0)
        # A class that every row belongs to, or none, has no average precision worth the name.
        average = (positive * precision).sum(axis=0)
        return area, np.divide(average, all_positive, out=np.full_like(pairs, np.nan), where=pairs > 0)


class Ranking:
    """One-versus-rest rankings of every class that occurs; rows with code -1 are the rest for all of them."""

    def __init__(self, codes: Int[np.ndarray, " row"], probabilities: Float[np.ndarray, "row class"]) -> None:
        self._known = probabilities.shape[1]
        occurring = np.unique(codes[codes >= 0]).tolist()
        self._classes = {k: ClassRanking.of(codes == k, probabilities[:, k]) for k in occurring}

    def areas(
        self, weights: Float[np.ndarray, "row resample"]
    ) -> tuple[Float[np.ndarray, "class resample"], Float[np.ndarray, "class resample"]]:
        """ROC area and average precision of each class against the rest; NaN where it has no rows, or all."""
        areas, averages = np.full((2, self._known, weights.shape[1]), np.nan)
        for k, ranking in self._classes.items():
            areas[k], averages[k] = ranking.areas(weights)
        return areas, averages

    def metrics(self, weights: Float[np.ndarray, "row resample"]) -> dict[str, Float[np.ndarray, " resample"]]:
        """Macro averages over the classes that have rows on both sides; NaN where no class has."""
        areas, averages = self.areas(weights)
        return {"roc_auc_ovr": mean_defined(areas), "average_precision": mean_defined(averages)}


def mean_defined(values: Float[np.ndarray, "class resample"]) -> Float[np.ndarray, " resample"]:
    """The mean over the classes (or labels) in which a number is defined; NaN where it is in none."""
    defined = ~np.isnan(values)
    number = defined.sum(axis=0)
    total = np.where(defined, values, 0.0).sum(axis=0)
    return np.divide(total, number, out=np.full(values.shape[1], np.nan), where=number > 0)
