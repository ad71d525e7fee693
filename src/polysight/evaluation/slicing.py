"""Slicing: the values of a column by which rows can be set apart - categories, quarters of numbers, missing cells."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Int
from numpy.typing import NDArray

from polysight.data.columns import as_numbers, column_type, missing
from polysight.data.facts import Facts, sampled_rows
from polysight.data.identifiers import identifier
from polysight.data.samples import Samples

#: A column of more categories holds names, texts or paths.
MOST_VALUES = 20
#: Numbers with more different values are cut into quarters.
MOST_NUMBERS = 10
#: What cells without a value are called, and inputs of which none is missing.
MISSING, NONE = "(missing)", "(none)"
#: The name of the slicing by which inputs a row lacks.
MISSING_INPUTS = "missing inputs"


@dataclass(frozen=True, eq=False)
class Slicing:
    """A column as values of rows.

    Attributes:
        column: Its name.
        values: What its values are called.
        place: The position among them of each row.
    """

    column: str
    values: tuple[str, ...]
    place: Int[np.ndarray, " row"]

    @property
    def members(self) -> Bool[np.ndarray, "value row"]:
        """The rows of each value."""
        return self.place == np.arange(len(self.values))[:, None]


def slicing_of(column: pd.Series, truth: NDArray[np.str_]) -> Slicing | str:
    """The values of a column, or the reason why rows are not set apart by it, as a stable word.

    Args:
        column: Its cells.
        truth: The label of each row as text: a column that says the same is the target. Empty where it is unknown.
    """
    empty = missing(column)
    cells = column[~empty]
    if not len(cells):
        return "empty"
    text = cells.astype(str).str.strip()
    known = truth[~empty] != ""
    if known.any() and (text.to_numpy() == truth[~empty])[known].all():
        return "target"
    place, values = _values(cells, text)
    if isinstance(values, str):
        return values
    if len(values) + empty.any() < 2:
        return "one_value"
    everywhere = np.full(len(column), len(values))
    everywhere[~empty] = place
    return Slicing(str(column.name), values + ((MISSING,) if empty.any() else ()), everywhere)


def missing_inputs(samples: Samples) -> Slicing | str:
    """Rows by which inputs they lack."""
    patterns, place = np.unique(~samples.present, axis=0, return_inverse=True)
    if len(patterns) < 2:
        return "one_value"
    names = np.asarray(samples.names)
    return Slicing(MISSING_INPUTS, tuple(" + ".join(names[lacking]) or NONE for lacking in patterns), place.ravel())


def _values(cells: pd.Series, text: pd.Series) -> tuple[Int[np.ndarray, " cell"], tuple[str, ...] | str]:
    """The position of each cell's value and their names; the reason in their stead."""
    names, place = np.unique(text.to_numpy(dtype=str), return_inverse=True)
    if len(names) > MOST_NUMBERS and column_type(cells) == "numeric" and not as_numbers(cells).bad.any():
        facts = Facts(cells, pd.Series("", index=cells.index), Path(), sampled_rows(len(cells)))
        return (place, "identifier") if identifier(facts) is not None else _quarters(as_numbers(cells).values)
    if len(names) > MOST_VALUES:
        return place, "too_many_values"
    return place, tuple(names.tolist())


def _quarters(numbers: Float[np.ndarray, " cell"]) -> tuple[Int[np.ndarray, " cell"], tuple[str, ...]]:
    edges = np.unique(np.quantile(numbers, (0, 0.25, 0.5, 0.75, 1)))
    place = np.clip(np.searchsorted(edges, numbers, side="right") - 1, 0, len(edges) - 2)
    last = len(edges) - 2
    ranges = pairwise(edges.tolist())
    return place, tuple(f"[{low:.4g}, {high:.4g}{']' if k == last else ')'}" for k, (low, high) in enumerate(ranges))
