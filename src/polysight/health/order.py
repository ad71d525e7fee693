"""Order that tells the label: of rows in the table, of numbers in file names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polysight.health.base import Check
from polysight.health.examination import Examination
from polysight.health.file_names import names_in
from polysight.health.finding import Finding
from polysight.health.telling import telling

#: The skill of a position from which on it matters, and how seldom luck may give as much.
SKILL, LUCK = 0.2, 0.01


@dataclass(frozen=True)
class Order(Check):
    """Labels that follow the order of rows or the numbers in file names: sorted, or taken at different times."""

    kind: ClassVar[str] = "order"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn of either; nothing where the table was made from class folders."""
        if table.class_folders:
            return ()
        return (*_rows(table), *_files(table))


def _rows(table: Examination) -> Iterator[Finding]:
    told = telling(
        table.task.rows.astype(float), table.task.codes, table.task.groups, seed=table.seed, worthwhile=SKILL
    )
    if told.skill >= SKILL and told.p <= LUCK:
        yield Finding("row_order", "warn", "row_order.found", {"skill": f"{told.skill:.0%}"})
    else:
        yield Finding.good("row_order")


def _files(table: Examination) -> Iterator[Finding]:
    if not table.file_columns:
        return
    found = {column: skill for column in table.file_columns if (skill := _number_skill(table, column))}
    if found:
        told = [(column, "", f"{skill:.0%}") for column, skill in found.items()]
        yield Finding("file_order", "warn", "file_order.found", {"told": told}, tuple(found))
    else:
        yield Finding.good("file_order")


def _number_skill(table: Examination, column: str) -> float:
    """How well the last number in the names tells the label; 0 where that may be luck."""
    filled, paths = names_in(table.used[column])
    digits = [re.findall(r"\d{1,15}", path.stem)[-1:] for path in paths]
    numbers = np.array([float(found[0]) if found else np.nan for found in digits])
    if np.isnan(numbers).mean() > 0.5:
        return 0.0
    groups = None if table.task.groups is None else table.task.groups[filled]
    told = telling(numbers, table.task.codes[filled], groups, seed=table.seed, worthwhile=SKILL)
    return told.skill if told.skill >= SKILL and told.p <= LUCK else 0.0
