"""Subsets: how often the rows of a slice, a bin or a class are right, and how that differs from all other rows.

Source: intervals as in ``resampling``: whole groups are drawn, and each subset has a right and a wrong pseudo-row of
its own. The p-value of a difference is Student's, with the bootstrap's standard error, for as many units as the
smaller side has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.sparse import csr_array
from scipy.special import stdtr

from polysight.core.randomness import generator
from polysight.evaluation.intervals import Estimate, percentile, undefined
from polysight.evaluation.resampling import Resampling

#: With fewer rows of a group than this, on average, a subset's rows nearly stand for themselves.
GROUPED = 2.0


@dataclass(frozen=True, eq=False)
class Difference:
    """By how much the share in a subset is above that of all other rows, and how surprising that would be by chance."""

    estimate: Estimate
    p: float | None


class Subsets:
    """Subsets of the rows, which may overlap.

    Args:
        members: The rows of each subset.
        resampling: How intervals are made.
    """

    def __init__(self, members: Bool[np.ndarray, "subset row"], resampling: Resampling) -> None:
        self._members = csr_array(members).astype(np.float64)
        self._resampling = resampling
        self.rows: Int[np.ndarray, " subset"] = members.sum(axis=1)
        self._units = [len(np.unique(resampling.group[own])) for own in members]
        self._others = [len(np.unique(resampling.group[~own])) for own in members]
        counts = np.stack([self.rows, members.shape[1] - self.rows])
        self._sizes = np.maximum(counts / np.maximum([self._units, self._others], 1), 1.0)

    def shares(self, right: Bool[np.ndarray, " row"]) -> list[Estimate]:
        """The share of rows that are right in each subset."""
        return self._judged(right)[0]

    def compared(self, right: Bool[np.ndarray, " row"]) -> tuple[list[Estimate], list[Difference]]:
        """The shares, and how each differs from the share among the rows that are not in the subset."""
        return self._judged(right)

    def _judged(self, right: Bool[np.ndarray, " row"]) -> tuple[list[Estimate], list[Difference]]:
        values = right.astype(np.float64)
        random = generator(self._resampling.seed, "bootstrap", "subset")
        # No more rows hang together in a subset than it has of a group.
        dependence = np.minimum(self._resampling.dependence(values), self._sizes)[:, None, :, None]
        inside, outside = self._counted(np.ones((len(values), 1)), values, np.zeros((2, 2, len(self.rows), 1)))
        drawn = []
        for draw in self._resampling.draws():
            pseudo = random.gamma(0.5, dependence, size=(2, 2, len(self.rows), draw.rows.shape[1]))
            drawn.append(self._counted(draw.rows, values, pseudo))
        own, rest = (np.concatenate([block[side] for block in drawn], axis=1) for side in (0, 1))
        fewest = np.minimum(self._units, self._others)
        alone, without = self._without_groups(values)
        gaps, drawn_gaps = inside[:, 0] - outside[:, 0], own - rest
        return (
            [percentile(inside[k, 0], own[k], self._units[k], "no_rows", alone[k]) for k in range(len(own))],
            [_difference(gaps[k], drawn_gaps[k], int(fewest[k]), without[k]) for k in range(len(own))],
        )

    def _without_groups(self, values: Float[np.ndarray, " row"]) -> tuple[Sequence[Any], Sequence[Any]]:
        """The shares and the differences without each group in turn; None for a subset that hardly has groups."""
        nothing = [None] * len(self.rows)
        no_pseudo = np.zeros((2, 2, len(self.rows), 1))
        both = self._resampling.without_groups(lambda weights: np.stack(self._counted(weights, values, no_pseudo)))
        if both is None:
            return nothing, nothing
        inner, outer = both
        grouped = self._sizes[0] >= GROUPED
        return (
            [share if has else None for share, has in zip(inner, grouped, strict=True)],
            [gap if has else None for gap, has in zip(inner - outer, grouped, strict=True)],
        )

    def _counted(
        self,
        weights: Float[np.ndarray, "row resample"],
        values: Float[np.ndarray, " row"],
        pseudo: Float[np.ndarray, "side outcome subset resample"],
    ) -> tuple[Float[np.ndarray, "subset resample"], Float[np.ndarray, "subset resample"]]:
        """The share among the rows of each subset and among the others; NaN where there is no row."""
        mass, right = self._members @ weights, self._members @ (weights * values[:, None])
        inner = _ratio(right + pseudo[0, 0], mass + pseudo[0].sum(axis=0))
        outer = _ratio(values @ weights - right + pseudo[1, 0], weights.sum(axis=0) - mass + pseudo[1].sum(axis=0))
        return inner, outer


def _difference(
    value: float, drawn: Float[np.ndarray, " resample"], units: int, left_out: Float[np.ndarray, " group"] | None
) -> Difference:
    if np.isnan(value):
        return Difference(undefined("no_rows"), None)
    estimate = percentile(value, drawn, units, left_out=left_out)
    if units < 2:
        return Difference(estimate, None)
    return Difference(estimate, round(float(2 * stdtr(units - 1, -abs(value) / drawn.std())), 9))


def _ratio(
    part: Float[np.ndarray, "subset resample"], whole: Float[np.ndarray, "subset resample"]
) -> Float[np.ndarray, "subset resample"]:
    return np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 1e-9)
