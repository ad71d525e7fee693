"""Columns that seem to hold personal data: names, telephone numbers, e-mail and postal addresses, identity numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polysight.data.columns import missing, words_of
from polysight.health.base import Check
from polysight.health.examination import MOST_ROWS, Examination, drawn, ignoring
from polysight.health.finding import Finding
from polysight.health.personal_patterns import CONTENT, NAMES

#: Cells looked at of each column.
MOST_CELLS = 5_000
#: A bare ``name`` column is one of persons where this share of its cells looks like two or three names.
PERSONS = 0.8
#: Shorter cells hold nothing personal, and neither do columns of decimal fractions.
SHORTEST = 6
_FRACTION = r"[-+]?\d{0,9}(\.\d*)?([eE][-+]?\d+)?"
_PERSON = r"[A-Z][a-z'-]+(?: [A-Z]\.?)?(?: [A-Z][a-z'-]+){1,2}|[\u4e00-\u9fff]{2,4}"


@dataclass(frozen=True)
class PersonalData(Check):
    """Personal data, by the names of columns and by what is in them. Nothing of it is ever repeated."""

    kind: ClassVar[str] = "personal_data"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn of every column, its name or some of its cells; columns ignored on demand are left alone."""
        found: list[tuple[str, str, str]] = []
        rows: set[int] = set()
        for name in table.table.columns:
            if name == table.target or table.task.roles[name].code == "asked" or name in table.file_columns:
                continue
            for what, held in _held(table.table[name]):
                found.append((name, what, ""))
                rows |= set(held.tolist())
        if not found:
            return (Finding.good(self.kind),)
        columns = tuple(dict.fromkeys(name for name, _, _ in found))
        facts = {"columns": found, "options": ignoring(columns)}
        return (Finding(self.kind, "warn", f"{self.kind}.found", facts, columns, tuple(sorted(rows)[:MOST_ROWS])),)


def _held(column: pd.Series) -> Iterator[tuple[str, NDArray[np.intp]]]:
    """What a column seems to hold, and the rows that do."""
    filled = np.flatnonzero(~missing(column))
    rows = filled[drawn(len(filled), MOST_CELLS)]
    text = column.iloc[rows].astype(str).str.strip()
    by_name = next((what for what in NAMES if _is_named(str(column.name), what)), None)
    if by_name is None and words_of(column.name) == ["name"] and _persons(text):
        by_name = "name"
    if by_name is not None and len(rows):
        yield by_name, rows
    cells = text.tolist()
    if max(map(len, cells), default=0) < SHORTEST or all(re.fullmatch(_FRACTION, cell) for cell in cells):
        return
    for what, holds in CONTENT.items():
        held = np.array([len(cell) >= SHORTEST and holds(cell) for cell in cells], dtype=bool)
        if held.any() and what != by_name:
            yield what, rows[held]


def _is_named(name: str, what: str) -> bool:
    words, chinese = NAMES[what]
    return " ".join(words_of(name)) in words or any(part in name for part in chinese)


def _persons(text: pd.Series) -> bool:
    return bool(len(text)) and float(text.str.fullmatch(_PERSON).mean()) >= PERSONS
