"""Slices: where in the table the model is worse than elsewhere, and whether groups of people are treated alike.

Source: see ``evaluation/subsets.py``, ``evaluation/group_rates.py``, and S. Holm 1979 in
``evaluation/significance.py``.
Departures: slices are single values of single columns. The worst is the one that is worst even at the favourable end
of its interval, or a handful of rows would always come first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from polysight.evaluation.group_rates import group_rates
from polysight.evaluation.intervals import Estimate
from polysight.evaluation.significance import holm
from polysight.evaluation.slicing import MISSING_INPUTS, Slicing, missing_inputs, slicing_of
from polysight.evaluation.studies.base import Case, Study
from polysight.evaluation.studies.chosen_rows import some_rows
from polysight.evaluation.subsets import Difference, Subsets

#: A slice, and all other rows, must have so many rows.
LEAST_ROWS = 20
#: Rows looked at, whole groups; more would say the same and take minutes.
MOST_ROWS = 100_000
#: Columns looked at; of more, the first. Each one more makes all others harder to prove.
MOST_COLUMNS = 50
#: Slices told of, the worst.
MOST_SLICES = 40
#: Rates are compared between so many groups at most.
MOST_GROUPS = 10


class SlicesStudy(Study):
    """Accuracy of slices against all other rows, and the gaps of true and false positive rates between groups."""

    kind: ClassVar[str] = "slices"

    def run(self, case: Case) -> Mapping[str, Any] | None:
        """As above, of ``rows`` rows; None where the table has no columns and every row has the same inputs."""
        case = case.take(some_rows(case, MOST_ROWS, self.kind))
        slicings, skipped = _slicings(case)
        if not slicings and case.columns.empty:
            return None
        return {
            "slices": _slices(case, slicings),
            "fairness": [_fairness(case, one) for one in slicings if 2 <= len(one.values) <= MOST_GROUPS],
            "skipped": [{"column": column, "reason": reason} for column, reason in skipped.items()],
            "rows": len(case.codes),
        }


def _slicings(case: Case) -> tuple[list[Slicing], dict[str, str]]:
    """What rows are set apart by, with the values that have rows enough; and why other columns are left out."""
    labels = [str(label) for label in case.classes.tolist()]
    truth = np.array(["" if code < 0 else labels[code] for code in case.codes], dtype=str)
    found: list[Slicing] = []
    skipped: dict[str, str] = {}
    tried = [(MISSING_INPUTS, missing_inputs(case.samples))]
    tried += [(str(name), slicing_of(column, truth)) for name, column in case.columns.items()]
    for name, one in tried:
        if isinstance(one, str):
            skipped[name] = one
        elif len(found) == MOST_COLUMNS:
            skipped[name] = "too_many_columns"
        elif (large := _large(one)) is None:
            skipped[name] = "too_few_rows"
        else:
            found.append(large)
    return found, skipped


def _large(one: Slicing) -> Slicing | None:
    """The slicing with the values that have enough rows inside and outside; None without any."""
    rows = one.members.sum(axis=1)
    kept = np.flatnonzero((rows >= LEAST_ROWS) & (len(one.place) - rows >= LEAST_ROWS))
    if not len(kept):
        return None
    place = np.full(len(rows), -1)
    place[kept] = np.arange(len(kept))
    return Slicing(one.column, tuple(one.values[k] for k in kept), place[one.place])


def _slices(case: Case, slicings: Sequence[Slicing]) -> list[dict[str, Any]]:
    if not slicings:
        return []
    named = [(one.column, value) for one in slicings for value in one.values]
    subsets = Subsets(np.concatenate([one.members for one in slicings]), case.resampling)
    shares, differences = subsets.compared(case.right)
    tested = [place for place, difference in enumerate(differences) if difference.p is not None]
    adjusted = dict(zip(tested, holm([float(differences[k].p or 0.0) for k in tested]), strict=True))
    order = sorted(range(len(named)), key=lambda k: _badness(differences[k]))
    return [
        {
            "column": named[k][0],
            "value": named[k][1],
            "n": int(subsets.rows[k]),
            "accuracy": shares[k].to_json(),
            "difference": differences[k].estimate.to_json(),
            "p": round(adjusted[k], 9) if k in adjusted else None,
        }
        for k in order[:MOST_SLICES]
    ]


def _badness(difference: Difference) -> tuple[bool, float, float]:
    """What slices are sorted by: those of one unit, which prove nothing, come last."""
    estimate: Estimate = difference.estimate
    return estimate.high is None, estimate.high or 0.0, estimate.value or 0.0


def _fairness(case: Case, one: Slicing) -> dict[str, Any]:
    predicted = case.variants.chosen(case.variants.whole)
    rates = group_rates(one.place, case.codes, predicted, len(case.classes), case.resampling)
    rows = one.members.sum(axis=1)
    return {
        "column": one.column,
        "groups": [
            {"value": value, "n": int(n), "tpr": true.to_json(), "fpr": false.to_json()}
            for value, n, true, false in zip(one.values, rows, rates.true, rates.false, strict=True)
        ],
        "tpr_gap": rates.true_gap.to_json(),
        "fpr_gap": rates.false_gap.to_json(),
    }
