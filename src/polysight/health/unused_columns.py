"""Columns a model cannot learn from: constants, identifiers, and what no modality reads. Training leaves them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from polysight.health.base import Check
from polysight.health.examination import Examination, ignoring, listed
from polysight.health.finding import Finding

#: What is found, by the codes of roles (``data/roles.py``) that mean it.
FOUND: Mapping[str, frozenset[str]] = {
    "constant_columns": frozenset({"constant", "empty"}),
    "id_columns": frozenset({"row_number", "identifier"}),
    "unread_columns": frozenset({"lost_files", "commas", "date", "unread"}),
}


@dataclass(frozen=True)
class UnusedColumns(Check):
    """Constant columns, identifiers, and columns that nothing reads."""

    kind: ClassVar[str] = "unused_columns"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """One finding each; a warning, for training does without them."""
        return tuple(_finding(name, codes, table) for name, codes in FOUND.items())


def _finding(name: str, codes: frozenset[str], table: Examination) -> Finding:
    columns = tuple(column for column, role in table.task.roles.items() if role.code in codes)
    if not columns:
        return Finding.good(name)
    facts = {"columns": listed(columns), "options": ignoring(columns)}
    return Finding(name, "warn", f"{name}.found", facts, columns)
