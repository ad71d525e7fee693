"""Units of a table input: its columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from jaxtyping import Float, Int

from polysight.data.view import View
from polysight.modalities.units import Shown, Units


@dataclass(frozen=True, eq=False)
class Columns(Units):
    """The cells of one row that are filled. One that is hidden has the value of a usual row, of several in turn.

    A missing cell would say nothing only to models that have seen columns with gaps; to others it is the mean, and then
    a value in the middle would seem to say nothing either. Where no usual rows are known, the cell is missing.

    Attributes:
        numbers: The column among the numeric ones of each unit, -1 where it is categorical.
        categories: The column among the categorical ones of each unit, -1 where it is numeric.
        usual: The numbers and the categories of each usual row.
        turn: Which of the usual rows hidden cells are taken from.
    """

    noun: ClassVar[str] = "column"

    numbers: Int[np.ndarray, " unit"]
    categories: Int[np.ndarray, " unit"]
    usual: Sequence[tuple[Float[np.ndarray, " numeric"], Sequence[str]]]
    turn: int = 0

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """Numbers, categories and presence; a row with no cell left is absent, as it would be read."""
        numbers, categories = (np.repeat(self.row.arrays[n], len(shown), axis=0) for n in ("numbers", "categories"))
        instead, levels = self.usual[self.turn]
        for cells, places, values in ((numbers, self.numbers, instead), (categories, self.categories, levels)):
            for unit in np.flatnonzero(places >= 0):
                cells[~shown[:, unit], places[unit]] = values[places[unit]]
        present = np.logical_or.reduce(~np.isnan(numbers), axis=1) | np.logical_or.reduce(categories != "", axis=1)
        return {"numbers": numbers, "categories": categories, "present": present[:, None]}

    @property
    def versions(self) -> tuple[Self, ...]:
        """The same columns with each of the usual rows."""
        return tuple(replace(self, turn=turn) for turn in range(len(self.usual)))


def columns_of(
    row: View,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    usual: Sequence[tuple[Float[np.ndarray, " numeric"], Sequence[str]]],
) -> Columns:
    """The filled cells of a row, numbers first.

    Args:
        row: A view of length one.
        names: The numeric and the categorical columns.
        usual: The numbers and the categories of each usual row; a row of missing cells where there are none.
    """
    numbers = np.flatnonzero(~np.isnan(row.arrays["numbers"][0]))
    categories = np.flatnonzero(row.arrays["categories"][0] != "")
    labels = (*(names[0][place] for place in numbers), *(names[1][place] for place in categories))
    of_numbers, of_categories = np.full((2, len(labels)), -1)
    of_numbers[: len(numbers)], of_categories[len(numbers) :] = numbers, categories
    return Columns(row, labels, of_numbers, of_categories, usual)
