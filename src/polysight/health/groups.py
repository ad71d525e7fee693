"""Groups: the same patient, speaker or product in both tables, and columns that look like a group but are not used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from polysight.data.columns import missing
from polysight.health.base import Check
from polysight.health.examination import MOST_ROWS, Examination, listed
from polysight.health.finding import Finding


@dataclass(frozen=True)
class Groups(Check):
    """Groups that stand on both sides of the split, or of which nobody told."""

    kind: ClassVar[str] = "groups"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """A group in both tables fails; an unused column that looks like one is a warning."""
        return (*_overlap(table), *_untold(table))


def _overlap(table: Examination) -> Iterator[Finding]:
    name, group = "group_overlap", table.group
    if group is None or table.test is None or group not in table.test.table.columns:
        return
    here, there = _names(table.table[group]), _names(table.test.table[group])
    shared = sorted((set(here) & set(there)) - {""})
    if not shared:
        yield Finding.good(name)
        return
    rows = np.flatnonzero(here.isin(shared))
    facts = {
        "groups": len(shared),
        "group": group,
        "rows": len(rows),
        "test_rows": int(there.isin(shared).sum()),
    }
    yield Finding(name, "fail", f"{name}.found", facts, (group,), tuple(rows[:MOST_ROWS].tolist()))


def _untold(table: Examination) -> Iterator[Finding]:
    name = "missing_group"
    if table.group is not None:
        return
    columns = tuple(column for column, role in table.task.roles.items() if role.code == "owner")
    if columns:
        yield Finding(name, "warn", f"{name}.found", {"columns": listed(columns), "first": columns[0]}, columns)
    else:
        yield Finding.good(name)


def _names(column: pd.Series) -> pd.Series:
    names = column.reset_index(drop=True).astype(str).str.strip()
    return names.where(~missing(column), "")
