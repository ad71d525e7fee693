"""The laws of units: what hiding parts of a row must never do."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from polysight.data.view import View
from polysight.modalities.equality import finite, require, same, same_view
from polysight.modalities.laws import Case
from polysight.modalities.units import Shown, Units

#: How many rows the laws are tried on.
_ROWS = 3


def parts_have_names_of_their_own(case: Case) -> None:
    """The parts of a row have labels, no two the same, and the same ones every time."""
    for row in _rows(case):
        units = case.settled.units(row)
        require(all(label.strip() for label in units.labels), f"a label is empty: {units.labels}")
        require(len(set(units.labels)) == len(units.labels), f"labels are not unique: {units.labels}")
        require(case.settled.units(row).labels == units.labels, "the same row has other labels the second time")
        require(case.fitted.units(row).labels == units.labels, "what was learned changes the parts")


def absent_rows_have_no_parts(case: Case) -> None:
    """An absent row has no parts."""
    for row in _rows(case):
        units = case.settled.units(row.hide(np.ones(1, dtype=bool)))
        require(not units.labels, f"an absent row has the parts {units.labels}")


def showing_everything_changes_nothing(case: Case) -> None:
    """A row of which every part is shown is the row itself, and the row given stays as it was."""
    for row, before in zip(_rows(case), _rows(case), strict=True):
        units = case.settled.units(row)
        whole = units.hidden(np.ones((2, len(units)), dtype=bool))
        require(same_view(whole, before.take([0, 0])), "showing everything changed the row")
        units.hidden(_coalitions(units))
        require(same_view(row, before), "hiding parts changed the row that was given")


def hiding_is_row_wise(case: Case) -> None:
    """There is a row for each coalition, of the same kind, the same every time, alone or among others."""
    for row in _rows(case):
        units = case.settled.units(row)
        shown = _coalitions(units)
        hidden = units.hidden(shown)
        require(len(hidden) == len(shown), f"{len(shown)} coalitions became {len(hidden)} rows")
        require(
            {name: (array.dtype, array.shape[1:]) for name, array in hidden.arrays.items()}
            == {name: (array.dtype, array.shape[1:]) for name, array in row.arrays.items()},
            "the arrays of a row with parts hidden are of another kind",
        )
        require(same_view(case.settled.units(row).hidden(shown), hidden), "hiding the same parts again differs")
        for place in range(len(shown)):
            alone = units.hidden(shown[place : place + 1])
            require(same_view(alone, hidden.take([place])), f"coalition {place} alone differs")
        require(finite(case.fitted.transform(hidden)), "a row with parts hidden does not transform to finite numbers")


def content_keys_tell_what_is_hidden(case: Case) -> None:
    """Rows that differ have different content keys, so that no cache answers for the wrong one."""
    for row in _rows(case):
        units = case.settled.units(row)
        rows = row.take([0]).followed_by(units.hidden(_coalitions(units)))
        content = [{name: array[place] for name, array in rows.arrays.items()} for place in range(len(rows))]
        for one in range(len(rows)):
            for other in range(one):
                if not same(content[one], content[other]):
                    require(rows.keys[one] != rows.keys[other], "rows that differ have the same content key")


UNIT_LAWS: tuple[Callable[[Case], None], ...] = (
    parts_have_names_of_their_own,
    absent_rows_have_no_parts,
    showing_everything_changes_nothing,
    hiding_is_row_wise,
    content_keys_tell_what_is_hidden,
)


def _rows(case: Case) -> list[View]:
    return [case.view.take([row]) for row in np.flatnonzero(case.view.any_present)[:_ROWS]]


def _coalitions(units: Units) -> Shown:
    """Nothing, everything, all but the first, the first alone, and a few drawn ones."""
    count = len(units)
    first = np.arange(count) == 0
    drawn = np.random.default_rng(0).random((4, count)) < 0.5
    return np.vstack([np.zeros(count, dtype=bool), np.ones(count, dtype=bool), ~first, first, drawn])
