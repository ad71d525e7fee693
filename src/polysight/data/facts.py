"""Facts about one column, found when they are first asked for, on a sample when the table is long."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Int

from polysight.core.errors import UnreadableCellError
from polysight.core.files import folder_named, resolve_inside
from polysight.core.randomness import generator
from polysight.data.columns import ColumnType, Numbers, as_numbers, column_type, missing
from polysight.data.media import is_file_name
from polysight.data.nested import holds_numbers

#: Rows looked at in a long table.
SAMPLE = 5_000
#: Cells looked at to see whether they are file names.
NAMES = 50
#: Files looked for in a column of file names.
FILES = 50
#: The share of cells that must look like file names.
FILE_NAME_SHARE = 0.8


def sampled_rows(rows: int) -> Int[np.ndarray, " row"]:
    """The rows looked at: all of a short table, the same random ones of a long table, in order."""
    if rows <= SAMPLE:
        return np.arange(rows)
    return np.sort(generator(0, "column facts", rows).choice(rows, SAMPLE, replace=False))


class Facts:
    """What is known about one column.

    Args:
        column: The whole column.
        labels: The label of each row, in the same order.
        root: The folder that relative paths start from.
        rows: The positions looked at (``sampled_rows``).
    """

    def __init__(self, column: pd.Series, labels: pd.Series, root: Path, rows: Int[np.ndarray, " row"]) -> None:
        self.name = str(column.name)
        self.root = root
        self.rows = len(column)
        self._column = column
        seen = column.iloc[rows]
        filled = np.flatnonzero(~missing(seen))
        #: The part of the column looked at, missing cells included.
        self.seen = seen.reset_index(drop=True)
        #: Its cells that are not missing, and the labels beside them.
        self.cells = seen.iloc[filled].reset_index(drop=True)
        self.labels = labels.iloc[rows[filled]].reset_index(drop=True)

    def __len__(self) -> int:
        return len(self.cells)

    @cached_property
    def text(self) -> pd.Series:
        """The cells as text, without blanks around them."""
        return self.cells.astype(str).str.strip()

    @cached_property
    def levels(self) -> int:
        """How many different values the cells looked at have."""
        return int(self.text.nunique())

    @cached_property
    def is_constant(self) -> bool:
        """Whether every cell of the whole column holds the same value and none is missing."""
        return self.levels == 1 and len(self) == len(self.seen) and bool(self._same_everywhere().all())

    def _same_everywhere(self) -> pd.Series:
        return self._column.astype(str).str.strip() == self.text.iloc[0]

    @cached_property
    def is_unique(self) -> bool:
        """Whether no value occurs twice in the whole column."""
        return self.levels == len(self) and bool(self._column[~missing(self._column)].astype(str).is_unique)

    @cached_property
    def type(self) -> ColumnType:
        """Numeric or categorical."""
        return column_type(self.cells)

    @cached_property
    def numbers(self) -> Numbers:
        """The cells as numbers."""
        return as_numbers(self.cells)

    @cached_property
    def is_whole(self) -> bool:
        """Whether every cell is a whole number."""
        values, bad = self.numbers
        return len(self) > 0 and not bad.any() and bool((values == np.trunc(values)).all())

    @cached_property
    def names_files(self) -> bool:
        """Whether the cells look like names of files, or name folders that hold the files of one sample each."""
        if not len(self) or not isinstance(self.cells.iloc[0], str):
            return False
        cells = self.text.iloc[self._spread(NAMES)]
        least = FILE_NAME_SHARE * len(cells)
        if sum(map(is_file_name, cells)) >= least:
            return True
        # Folders that many rows share hold no sample: they are places, or classes.
        return cells.nunique() > len(cells) / 2 and sum(_holds_files(cell, self.root) for cell in cells) >= least

    @cached_property
    def holds_numbers(self) -> bool:
        """Whether the cells hold lists of numbers, in memory or as JSON."""
        return len(self) > 0 and all(holds_numbers(cell) for cell in self.cells.iloc[self._spread(NAMES)])

    @property
    def holds_content(self) -> bool:
        """Whether the cells are, or name, what is looked at: never the same twice, and yet no identifiers."""
        return self.names_files or self.holds_numbers

    @cached_property
    def files_found(self) -> int:
        """How many of (at most) 50 files named are there."""
        return sum(_is_there(cell, self.root) for cell in self.text.iloc[self._spread(FILES)])

    def _spread(self, most: int) -> Int[np.ndarray, " cell"]:
        return np.unique(np.linspace(0, len(self) - 1, min(most, len(self))).astype(int))


def _is_there(cell: str, root: Path) -> bool:
    try:
        resolve_inside(cell, root, folders=True)
    except UnreadableCellError:
        return False
    return True


def _holds_files(cell: str, root: Path) -> bool:
    folder = folder_named(cell, root)
    return folder is not None and any(path.is_file() for path in folder.iterdir())
