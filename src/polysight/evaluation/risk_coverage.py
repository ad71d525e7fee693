"""Risk and coverage: how often a model is wrong if it answers only the rows it is surest of.

Source: Y. Geifman, R. El-Yaniv, "Selective Classification for Deep Neural Networks", NeurIPS 2017; Y. Geifman, G.
Uziel, R. El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers", ICLR 2019 (excess area).
Departures: rows of equal confidence are told apart by nothing, so each counts as wrong as their mean is; the area of
the best possible order is summed exactly, not approximated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from polysight.evaluation.intervals import Estimate, percentiles
from polysight.evaluation.resampling import Resampling


@dataclass(frozen=True)
class Point:
    """The risk among the surest rows.

    Attributes:
        coverage: The share of rows answered.
        threshold: The least confidence among them.
        risk: The share of those that are wrong.
    """

    coverage: float
    threshold: float
    risk: Estimate


class RiskCoverage:
    """Rows from the surest to the least sure.

    Args:
        confidence: How sure the model is of each row.
        right: Whether it is right.
    """

    def __init__(self, confidence: Float[np.ndarray, " row"], right: Bool[np.ndarray, " row"]) -> None:
        self._order = np.argsort(-confidence, kind="stable")
        self._confidence = confidence[self._order]
        self._right = right
        place = np.unique(-self._confidence, return_inverse=True)[1]
        wrong = (~right[self._order]).astype(np.float64)
        self._wrong = (np.bincount(place, weights=wrong) / np.bincount(place))[place]

    @property
    def area(self) -> float:
        """The mean risk over all coverages (AURC)."""
        return _mean_risk(self._wrong)

    @property
    def excess_area(self) -> float:
        """By how much ``area`` is above that of an order in which every wrong row comes after every right one."""
        return self.area - _mean_risk(np.sort(~self._right).astype(np.float64))

    def threshold(self, accuracy: float, least_rows: int) -> float | None:
        """The confidence from which on at least so many answers are right, covering as much as possible.

        Args:
            accuracy: The share that must be right.
            least_rows: Fewer rows prove nothing.

        Returns:
            None where no such confidence is found.
        """
        count = np.arange(1, len(self._wrong) + 1)
        # A threshold takes all rows of one confidence or none.
        last = np.append(self._confidence[1:] < self._confidence[:-1], True)
        found = np.flatnonzero(last & (count >= least_rows) & (np.cumsum(self._wrong) <= (1 - accuracy) * count + 1e-9))
        return float(self._confidence[found[-1]]) if len(found) else None

    def curve(self, coverages: Float[np.ndarray, " point"], resampling: Resampling) -> list[Point]:
        """The risk at some coverages, with intervals.

        Args:
            coverages: Shares of the rows, above 0, at most 1.
            resampling: How intervals are made; each point has pseudo-rows, as a share has everywhere.
        """
        dependence = resampling.dependence(self._right)
        rows = np.maximum(np.ceil(coverages * len(self._wrong) - 1e-9).astype(int), 1)
        values = np.cumsum(self._wrong)[rows - 1] / rows
        blocks = []
        for draw in resampling.draws():
            answered, mistaken = self._counted(coverages, draw.rows)
            pseudo = dependence * (draw.right + draw.wrong)
            blocks.append((mistaken + dependence * draw.wrong) / (answered + pseudo))
        drawn = np.concatenate(blocks, axis=1)
        rest = resampling.without_groups(lambda weights: np.divide(*self._counted(coverages, weights)[::-1]))
        risks = percentiles(values, drawn, resampling.units, left_out=rest)
        return [
            Point(
                count / len(self._wrong),
                float(self._confidence[count - 1]),
                risk,
            )
            for count, risk in zip(rows.tolist(), risks, strict=True)
        ]

    def _counted(
        self, coverages: Float[np.ndarray, " point"], weights: Float[np.ndarray, "row resample"]
    ) -> tuple[Float[np.ndarray, "point resample"], Float[np.ndarray, "point resample"]]:
        """Rows answered and rows wrong among them, down to the row at which each coverage is reached."""
        ranked = weights[self._order]
        mass, wrong = np.cumsum(ranked, axis=0), np.cumsum(ranked * self._wrong[:, None], axis=0)
        place = np.stack([(mass < some * mass[-1] - 1e-9).sum(axis=0) for some in coverages])
        return np.take_along_axis(mass, place, 0), np.take_along_axis(wrong, place, 0)


def _mean_risk(wrong: Float[np.ndarray, " row"]) -> float:
    return float((np.cumsum(wrong) / np.arange(1, len(wrong) + 1)).mean())
