"""File names that tell the label: by words in them, the folder, the pattern, or the ending."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polysight.data.columns import missing
from polysight.data.leaks import named_label
from polysight.health.base import Check
from polysight.health.examination import Examination
from polysight.health.finding import Finding
from polysight.health.telling import telling

#: The skill of a part of the name from which on it matters, and how seldom luck may give as much.
SKILL, LUCK = 0.2, 0.01


@dataclass(frozen=True)
class FileNames(Check):
    """Names of files that alone tell the label. Names are no inputs, but they say that classes came differently."""

    kind: ClassVar[str] = "file_names"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn of names that tell; nothing where the table was made from class folders."""
        if not table.file_columns or table.class_folders:
            return ()
        told = [thing for column in table.file_columns for thing in _telling_parts(table, column)]
        if not told:
            return (Finding.good(self.kind),)
        columns = tuple(dict.fromkeys(column for column, _, _ in told))
        return (Finding(self.kind, "warn", f"{self.kind}.found", {"told": told}, columns),)


def names_in(column: pd.Series) -> tuple[NDArray[np.intp], list[PurePosixPath]]:
    """The positions of the cells that hold something, and what they hold as paths."""
    filled = np.flatnonzero(~missing(column))
    return filled, [PurePosixPath(str(cell).strip().replace("\\", "/")) for cell in column.iloc[filled]]


def _telling_parts(table: Examination, column: str) -> Iterator[tuple[str, str, str]]:
    """What in the names of a column tells the label, and how well."""
    filled, paths = names_in(table.used[column])
    labels = table.used_labels.iloc[filled].reset_index(drop=True)
    if label := named_label(pd.Series([path.as_posix() for path in paths], dtype=object), labels):
        yield column, "label", repr(label)
        return
    codes, groups = table.task.codes[filled], table.task.groups
    parts = {
        "folder": [path.parent.as_posix() for path in paths],
        "pattern": [re.sub(r"\d+", "0", path.stem) for path in paths],
        "suffix": [path.suffix for path in paths],
    }
    for part, names in parts.items():
        of = None if groups is None else groups[filled]
        told = telling(np.array(names), codes, of, seed=table.seed, worthwhile=SKILL)
        if told.skill >= SKILL and told.p <= LUCK:
            yield column, part, f"{told.skill:.0%}"
