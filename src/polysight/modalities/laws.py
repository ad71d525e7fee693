"""The laws of a modality, one function each: what reading, fitting, transforming and storing must never do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from polysight.data.view import MISSING_KEY, Cells, View
from polysight.modalities import MODALITIES
from polysight.modalities.base import Arrays, Modality
from polysight.modalities.equality import finite, require, same, same_view, stored


@dataclass(frozen=True)
class Case:
    """A modality under test with the cells it is tested on."""

    modality: Modality
    cells: Cells
    bad: frozenset[tuple[int, str]]

    @cached_property
    def settled(self) -> Modality:
        """The modality with its automatic settings resolved."""
        return self.modality.settle(self.cells)

    @cached_property
    def view(self) -> View:
        """The cells, read."""
        return self.settled.read(self.cells)

    @cached_property
    def fitted(self) -> Modality:
        """The modality, fitted to the readable rows."""
        return self.settled.fit(self.view.take(np.flatnonzero(self.view.any_present)))

    @cached_property
    def some_rows(self) -> np.ndarray:
        """Rows to hide: the first of every three, so that most stay."""
        return np.arange(len(self.cells)) % 3 == 0

    def emptied(self, rows: np.ndarray, nothing: Any = None) -> Cells:
        """The cells with whole rows emptied."""
        frame = self.cells.frame.astype(object)
        frame.iloc[np.flatnonzero(rows), :] = nothing
        return Cells(frame, self.cells.root)

    def subsets(self) -> list[np.ndarray]:
        """Rows to compare with the whole: in reverse, some twice, and one alone."""
        everything = np.arange(len(self.cells))
        return [everything[::-1].copy(), np.repeat(everything[1::2], 2), everything[-1:]]


def settling_is_final(case: Case) -> None:
    """Settling twice is settling once, and leaves the modality it is called on alone."""
    before = stored(case.modality.to_state())
    again = case.modality.settle(case.cells).settle(case.cells)
    require(same(before, stored(case.modality.to_state())), "settle changed the modality itself")
    require(same(again.to_state(), case.settled.to_state()), "the second settle chose something else")


def reading_is_row_wise(case: Case) -> None:
    """A row reads the same every time, alone or among others."""
    require(same_view(case.settled.read(case.cells), case.view), "a second reading differs")
    for rows in case.subsets():
        part = case.settled.read(Cells(case.cells.frame.iloc[rows], case.cells.root))
        require(same_view(part, case.view.take(rows)), f"rows {rows.tolist()} read alone differ")


def empty_cells_are_absent(case: Case) -> None:
    """An empty cell is absent, without a problem, and hiding a row is emptying its cells."""
    rows = case.some_rows
    for nothing in (None, "", np.nan):
        view = case.settled.read(case.emptied(rows, nothing))
        require(not view.present[rows].any(), f"rows of {nothing!r} are present")
        require(bool((view.keys[rows] == MISSING_KEY).all()), f"rows of {nothing!r} have a content key")
        require(not any(rows[problem.row] for problem in view.problems), f"{nothing!r} is reported as a problem")
        require(same_view(view, case.view.hide(rows)), f"hide() and cells of {nothing!r} differ")


def unreadable_cells_are_reported(case: Case) -> None:
    """An unreadable cell is a problem with row, column, code and reason, and otherwise an empty cell."""
    found = {(problem.row, problem.column) for problem in case.view.problems}
    require(found == case.bad, f"problems at {sorted(found)}, expected {sorted(case.bad)}")
    require(all(p.code and p.reason for p in case.view.problems), "a problem has no code or no reason")
    frame = case.cells.frame.astype(object)
    for row, column in case.bad:
        frame.iloc[row, list(frame.columns).index(column)] = None
    emptied = case.settled.read(Cells(frame, case.cells.root))
    require(same_view(emptied, case.view), "an unreadable cell is not read like an empty one")


def fitting_is_pure(case: Case) -> None:
    """Fitting twice is fitting once, and leaves the modality and the view alone."""
    before, view = stored(case.settled.to_state()), case.settled.read(case.cells)
    once = case.settled.fit(view)
    require(same(before, stored(case.settled.to_state())), "fit changed the modality itself")
    require(same_view(view, case.view), "fit changed the view")
    require(same(once.fit(view).to_state(), once.to_state()), "the second fit learned something else")


def absent_rows_teach_nothing(case: Case) -> None:
    """What is learned from rows of which some are absent is what is learned from the others alone."""
    rows = case.some_rows
    with_absent, without = case.view.hide(rows), case.view.take(np.flatnonzero(~rows))
    require(
        same(case.settled.fit(with_absent).to_state(), case.settled.fit(without).to_state()),
        "the absent rows changed what fit learned",
    )


def transforming_is_row_wise(case: Case) -> None:
    """A row transforms the same every time, alone or among others, and the view stays as it was."""
    whole = case.fitted.transform(case.view)
    require(all(array.dtype.kind in "biuf" for array in whole.values()), "an array does not hold plain numbers")
    require(same(case.fitted.transform(case.view), whole), "a second transform differs")
    require(same_view(case.settled.read(case.cells), case.view), "transform changed the view")
    for rows in case.subsets():
        part = case.fitted.transform(case.view.take(rows))
        require(same(part, _rows(whole, rows)), f"rows {rows.tolist()} transformed alone differ")


def unseen_values_are_tolerated(case: Case) -> None:
    """Values never seen in training, and rows with nothing in them, transform to finite numbers."""
    seen = np.flatnonzero(case.view.any_present)[:2]
    fitted = case.settled.fit(case.view.take(seen))
    nothing = np.ones(len(case.view), dtype=bool)
    for view in (case.view, case.view.hide(nothing)):
        require(finite(fitted.transform(view)), "a transformed array is not finite")


def states_are_complete(case: Case) -> None:
    """A state is plain data, and what comes back from it reads, transforms and stores the same."""
    for modality in (case.settled, case.fitted):
        state = stored(modality.to_state())
        back = type(modality).from_state(state)
        require(same(stored(back.to_state()), state), "the state of the restored modality differs")
        require(same_view(back.read(case.cells), case.view), "the restored modality reads differently")
    require(
        same(back.transform(case.view), case.fitted.transform(case.view)), "the restored modality transforms otherwise"
    )


def augmenting_is_repeatable(case: Case) -> None:
    """Augmentation keeps names, shapes and types, follows its generator alone and leaves its input alone."""
    arrays = case.fitted.transform(case.view)
    before = {name: array.copy() for name, array in arrays.items()}
    changed = case.fitted.augmented(arrays, np.random.default_rng(0))
    require(same(arrays, before), "the arrays given were changed in place")
    require(same(_kinds(changed), _kinds(before)), f"{_kinds(before)} became {_kinds(changed)}")
    require(finite(changed), "an augmented array is not finite")
    require(same(case.fitted.augmented(arrays, np.random.default_rng(0)), changed), "the same seed gave another result")


def its_columns_are_recognised(case: Case) -> None:
    """``sniff`` claims the modality's own columns, and more surely than any other modality does."""
    own = type(case.modality)
    for name in case.settled.columns:
        column, root = case.cells.frame[name], case.cells.root
        score = own.sniff(column, root).score
        require(0 < score <= 1, f"column {name!r} scores {score}")
        for kind in MODALITIES:
            if kind != own.kind:
                other = MODALITIES.load(kind).sniff(column, root).score
                require(other < score, f"column {name!r} scores {score:.2f}, but {other:.2f} as {kind}")


LAWS: tuple[Callable[[Case], None], ...] = (
    settling_is_final,
    reading_is_row_wise,
    empty_cells_are_absent,
    unreadable_cells_are_reported,
    fitting_is_pure,
    absent_rows_teach_nothing,
    transforming_is_row_wise,
    unseen_values_are_tolerated,
    states_are_complete,
    augmenting_is_repeatable,
    its_columns_are_recognised,
)


def _rows(arrays: Arrays, rows: np.ndarray) -> dict[str, np.ndarray]:
    return {name: array[rows] for name, array in arrays.items()}


def _kinds(arrays: Arrays) -> dict[str, list[Any]]:
    return {name: [str(array.dtype), *array.shape] for name, array in arrays.items()}
