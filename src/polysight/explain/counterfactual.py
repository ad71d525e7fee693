"""Counterfactual: the smallest change of one or two table cells with which the model would have said something else.

Source: Wachter, Mittelstadt, Russell, Counterfactual Explanations without Opening the Black Box, Harvard Journal of Law
& Technology 2018; few changed cells and plausible values as asked for by Keane and Smyth, Good Counterfactuals and
Where to Find Them, ICCBR 2020.
Departures: a search instead of a gradient, as the model may be anything. New values are ones that training rows have,
so no value is invented; a cell that is empty stays empty. One changed cell is always smaller than two; else a number's
change counts as the share of training rows it passes, and another category as all of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from polysight.core.randomness import generator
from polysight.data.columns import level_name, missing
from polysight.data.samples import Samples
from polysight.data.view import Cells
from polysight.explain.base import Explained
from polysight.objectives.imbalance.decision import choose

#: Most changed rows the model is asked about, with one cell changed.
ROWS = 256
#: The cells tried in pairs, and the values of each: those that came nearest alone.
PAIRED_CELLS = 6
PAIRED_VALUES = 2

#: Values that occur in training, by input and column.
Values = Mapping[str, Mapping[str, Sequence[float | str]]]


@dataclass(frozen=True)
class Change:
    """One cell set otherwise.

    Attributes:
        name: The input.
        column: The column.
        before: The cell as it is.
        after: Another value.
        size: How large the change is, 0 to 1.
    """

    name: str
    column: str
    before: Any
    after: float | str
    size: float

    def to_json(self) -> dict[str, Any]:
        """The change as JSON holds it."""
        before = self.before if isinstance(self.before, int | float | str) else str(self.before)
        return {"column": self.column, "from": before, "to": self.after}


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """What was found.

    Attributes:
        changes: The changed cells; none where no change was found that changes the answer.
        probabilities: What the model says then.
        code: The class it then chooses.
        tried: How many changed rows the model was asked about.
    """

    changes: tuple[Change, ...]
    probabilities: Float[np.ndarray, " class"]
    code: int
    tried: int


def counterfactual(
    model: Explained,
    cells: Mapping[str, Cells],
    row: Samples,
    values: Values,
    target: int,
    *,
    seed: int = 0,
) -> Counterfactual | None:
    """Look for the smallest change of one cell, else of two, that changes what the model chooses.

    Args:
        model: The model.
        cells: The cells of the row by input, as the table holds them.
        row: The same row, read.
        values: Values to choose from.
        target: What the model chooses now.
        seed: The seed of what is left out where there are more changes than are tried.

    Returns:
        What was found; None where the row has no cell that could be changed.
    """
    single = _single(cells, values, seed)
    if not single:
        return None
    asked = [(change,) for change in single]
    answers = _answers(model, cells, row, asked)
    found = _smallest(model, asked, answers, target, len(asked))
    if found.changes:
        return found
    pairs = _pairs(single, answers, target)
    if not pairs:
        return found
    return _smallest(model, pairs, _answers(model, cells, row, pairs), target, len(asked) + len(pairs))


def _single(cells: Mapping[str, Cells], values: Values, seed: int) -> list[Change]:
    """Changes of one cell; of very many a part, every cell with as many values as the others."""
    by_cell = []
    for name, columns in values.items():
        frame = cells[name].frame
        for column, known in columns.items():
            if missing(frame[column])[0]:
                continue
            before = frame[column].iloc[0]
            if changes := [change for change in _changes(name, column, before, known) if change.size > 0]:
                by_cell.append(changes)
    if len(by_cell) > ROWS // 2:
        chosen = generator(seed, "counterfactual").permutation(len(by_cell))[: ROWS // 2]
        by_cell = [by_cell[place] for place in sorted(chosen)]
    each = max(ROWS // max(len(by_cell), 1), 2)
    return [change for changes in by_cell for change in _spread(changes, each)]


def _changes(name: str, column: str, before: Any, known: Sequence[float | str]) -> list[Change]:
    """A number's change is the share of training values it passes; any other category is a whole change."""
    if any(isinstance(value, str) for value in known):
        return [Change(name, column, before, value, float(value != level_name(before))) for value in known]
    there = float(before) if _is_number(before) else np.nan
    if not np.isfinite(there):
        # A date, or what could not be read as a number.
        return []
    ranks = np.linspace(0, 1, len(known))
    place = np.interp(there, np.asarray(known, dtype=np.float64), ranks)
    sizes = np.where(np.asarray(known) == there, 0.0, np.maximum(np.abs(ranks - place), 1e-9))
    return [Change(name, column, before, value, float(size)) for value, size in zip(known, sizes, strict=True)]


def _is_number(cell: Any) -> bool:
    try:
        float(cell)
    except (TypeError, ValueError):
        return False
    return True


def _spread(changes: Sequence[Change], most: int) -> list[Change]:
    if len(changes) <= most:
        return list(changes)
    return [changes[place] for place in np.linspace(0, len(changes) - 1, most).round().astype(int)]


def _pairs(
    single: Sequence[Change], answers: Float[np.ndarray, "change class"], target: int
) -> list[tuple[Change, ...]]:
    """Pairs of the changes that came nearest to another answer, of two different cells."""
    others = np.delete(answers, target, axis=1).max(axis=1)
    kept: dict[tuple[str, str], list[Change]] = {}
    for place in np.argsort(answers[:, target] - others, kind="stable"):
        change = single[place]
        cell = change.name, change.column
        if cell not in kept and len(kept) == PAIRED_CELLS:
            continue
        if len(mine := kept.setdefault(cell, [])) < PAIRED_VALUES:
            mine.append(change)
    return [both for first, second in combinations(kept.values(), 2) for both in product(first, second)]


def _answers(
    model: Explained, cells: Mapping[str, Cells], row: Samples, asked: Sequence[Sequence[Change]]
) -> Float[np.ndarray, "change class"]:
    """What the model says of the row with each set of changes made, asked at once."""
    copies = dict(row.take(np.zeros(len(asked), dtype=np.intp)).views)
    for name in {change.name for changes in asked for change in changes}:
        frame = cells[name].frame
        columns = {column: [frame[column].iloc[0]] * len(asked) for column in frame.columns}
        for place, changes in enumerate(asked):
            for change in changes:
                if change.name == name:
                    columns[change.column][place] = change.after
        changed = pd.DataFrame({column: pd.Series(values, dtype=object) for column, values in columns.items()})
        copies[name] = model.inputs_[name].read(Cells(changed, cells[name].root))
    return model.predict_samples(Samples(copies))


def _smallest(
    model: Explained,
    asked: Sequence[tuple[Change, ...]],
    answers: Float[np.ndarray, "change class"],
    target: int,
    tried: int,
) -> Counterfactual:
    chosen = choose(answers, getattr(model, "decision_", None))
    other = np.flatnonzero(chosen != target)
    if not len(other):
        return Counterfactual((), answers[0], target, tried)
    sizes = [sum(change.size for change in asked[place]) for place in other.tolist()]
    best = int(other[int(np.argmin(sizes))])
    return Counterfactual(asked[best], answers[best], int(chosen[best]), tried)
