"""Rates by group: how often members of a class are found, and how often others are taken for them, in each group.

Source: M. Hardt, E. Price, N. Srebro, "Equality of Opportunity in Supervised Learning", NeurIPS 2016 (equal true and
false positive rates); simultaneous intervals of all differences after P. Westfall, S. Young, "Resampling-Based
Multiple Testing", 1993 (the largest studentised deviation of a resample).
Departures: the largest difference of several groups is above zero by noise alone, and a resample's more so. So its
interval is read off the intervals of all differences, widened until all of them hold together: the lower end is zero
unless some two groups differ clearly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.sparse import csr_array

from polysight.core.randomness import generator
from polysight.evaluation.intervals import Estimate, percentile, undefined
from polysight.evaluation.resampling import Resampling

#: Fewer rows of a class in a group, and its rate there means nothing.
LEAST_ROWS = 5


@dataclass(frozen=True, eq=False)
class GroupRates:
    """The true and false positive rate of each group, and the largest difference of each."""

    true: list[Estimate]
    false: list[Estimate]
    true_gap: Estimate
    false_gap: Estimate


class _Cells:
    """Counts by group and class under weights, for the classes that every group has rows of and rows without."""

    def __init__(self, place: Int[np.ndarray, " row"], codes: np.ndarray, predicted: np.ndarray, classes: int) -> None:
        self.groups, self._classes, rows = int(place.max()) + 1, classes, len(place)

        def cells(kind: Int[np.ndarray, " row"], counted: np.ndarray) -> csr_array:
            own = np.flatnonzero(counted & (place >= 0))
            shape = (self.groups * classes, rows)
            return csr_array((np.ones(len(own)), (place[own] * classes + kind[own], own)), shape=shape)

        self._truth = cells(codes, codes >= 0)
        self._said = cells(predicted, np.ones(rows, dtype=bool))
        self._hits = cells(codes, (codes >= 0) & (codes == predicted))
        inside = np.flatnonzero(place >= 0)
        self._all = csr_array((np.ones(len(inside)), (place[inside], inside)), shape=(self.groups, rows))

    def count(self, weights: Float[np.ndarray, "row resample"]) -> Float[np.ndarray, "four group class resample"]:
        """Hits, rows of the class, false alarms, rows of other classes."""
        shape = (self.groups, self._classes, weights.shape[1])
        truth, said, hits = ((m @ weights).reshape(shape) for m in (self._truth, self._said, self._hits))
        return np.stack([hits, truth, said - hits, (self._all @ weights)[:, None] - truth])


def group_rates(
    place: Int[np.ndarray, " row"],
    codes: Int[np.ndarray, " row"],
    predicted: Int[np.ndarray, " row"],
    classes: int,
    resampling: Resampling,
) -> GroupRates:
    """Compare groups of rows.

    For two classes the rates are those of the second; for more, means over the classes of which every group has at
    least five rows and five others, so that a group is not judged by which classes it has.

    Args:
        place: The group of each row, 0 to groups - 1; -1 leaves a row out.
        codes: The true class of each row; -1 for a label never seen in training.
        predicted: The class said of each row.
        classes: How many classes the model knows.
        resampling: How intervals are made.
    """
    cells = _Cells(place, codes, predicted, classes)
    ones = cells.count(np.ones((len(codes), 1)))
    enough: Bool[np.ndarray, " class"] = np.min(ones[[1, 3]], axis=(0, 1, 3)) >= LEAST_ROWS
    if classes == 2:
        enough[0] = False
    groups = ones.shape[1]
    if not enough.any():
        reason = undefined("too_few_rows")
        return GroupRates([reason] * groups, [reason] * groups, reason, reason)
    random, dependence = generator(resampling.seed, "bootstrap", "rates"), resampling.dependence(predicted == codes)
    blocks = []
    for draw in resampling.draws():
        counts = cells.count(draw.rows)[:, :, enough]
        blocks.append(_rates(counts, random.gamma(0.5, dependence, size=counts.shape)))
    values = _rates(ones[:, :, enough], np.zeros((4, groups, int(enough.sum()), 1)))[..., 0]
    drawn = np.concatenate(blocks, axis=2)
    units = [len(np.unique(resampling.group[place == k])) for k in range(groups)]
    lacking = _without_groups(cells, enough, resampling)
    true, false = (
        [percentile(values[s, k], drawn[s, k], units[k], left_out=lacking[s][k]) for k in range(groups)] for s in (0, 1)
    )
    least = min(units)
    return GroupRates(true, false, _gap(values[0], drawn[0], least), _gap(values[1], drawn[1], least))


def _without_groups(cells: _Cells, enough: Bool[np.ndarray, " class"], resampling: Resampling) -> Any:
    """Both rates of each group without each group of dependent rows in turn; None for each where there are none."""
    rates = resampling.without_groups(
        lambda weights: _rates(cells.count(weights)[:, :, enough], np.zeros((4, 1, 1, 1)))
    )
    return np.full((2, cells.groups), None) if rates is None else rates


def _rates(
    counts: Float[np.ndarray, "four group class resample"], pseudo: Float[np.ndarray, "four group class resample"]
) -> Float[np.ndarray, "two group resample"]:
    """True and false positive rates, means over classes; a pseudo-row on each side of each."""
    hits, truth, alarms, others = counts
    hit, missed, alarm, passed = pseudo
    # A resample may hold no row of a class; then its pseudo-rows speak, and without those nothing does.
    true = (hits + hit) / np.maximum(truth + hit + missed, 1e-9)
    false = (alarms + alarm) / np.maximum(others + alarm + passed, 1e-9)
    return np.stack([true.mean(axis=1), false.mean(axis=1)])


def _gap(values: Float[np.ndarray, " group"], drawn: Float[np.ndarray, "group resample"], units: int) -> Estimate:
    """The largest difference of two groups, with the interval described above."""
    if len(values) < 2:
        return undefined("one_group_only")
    gap = round(float(values.max() - values.min()), 9)
    if units < 2:
        return Estimate(gap, None, None, "one_unit_only")
    first, second = np.triu_indices(len(values), 1)
    differences = values[first] - values[second]
    deviations = drawn[first] - drawn[second] - differences[:, None]
    errors = np.maximum(np.sqrt(np.square(deviations).mean(axis=1)), 1e-12)
    widest = np.quantile((np.abs(deviations) / errors[:, None]).max(axis=0), 0.95)
    low = float((np.abs(differences) - widest * errors).max())
    high = float((np.abs(differences) + widest * errors).max())
    return Estimate(gap, round(max(low, 0.0), 9), round(min(high, 1.0), 9))
