"""Units of a table input: its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int

from polysight.data.view import View
from polysight.modalities.units import Shown, Units


@dataclass(frozen=True, eq=False)
class Columns(Units):
    """The cells of one row that are filled. One that is hidden is missing, which every model of tables knows.

    Attributes:
        numbers: The column among the numeric ones of each unit, -1 where it is categorical.
        categories: The column among the categorical ones of each unit, -1 where it is numeric.
    """

    noun: ClassVar[str] = "column"

    numbers: Int[np.ndarray, " unit"]
    categories: Int[np.ndarray, " unit"]

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """Numbers and categories; a row with no cell left is absent, as it would be read."""
        changed = {}
        for name, places in (("numbers", self.numbers), ("categories", self.categories)):
            cells = np.repeat(self.row.arrays[name], len(shown), axis=0)
            mine = np.flatnonzero(places >= 0)
            hidden = np.zeros(cells.shape, dtype=bool)
            hidden[:, places[mine]] = ~shown[:, mine]
            cells[hidden] = self.row.blanks[name]
            changed[name] = cells
        return {**changed, "present": shown.any(axis=1)[:, None]}


def columns_of(row: View, numeric: tuple[str, ...], categorical: tuple[str, ...]) -> Columns:
    """The filled cells of a row, numbers first.

    Args:
        row: A view of length one.
        numeric: The names of its numbers.
        categorical: The names of its categories.
    """
    numbers = np.flatnonzero(~np.isnan(row.arrays["numbers"][0]))
    categories = np.flatnonzero(row.arrays["categories"][0] != "")
    labels = (*(numeric[place] for place in numbers), *(categorical[place] for place in categories))
    none = np.full(len(numbers) + len(categories), -1)
    of_numbers, of_categories = none.copy(), none.copy()
    of_numbers[: len(numbers)], of_categories[len(numbers) :] = numbers, categories
    return Columns(row, labels, of_numbers, of_categories)
