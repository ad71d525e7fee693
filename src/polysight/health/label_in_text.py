"""Texts that name the label of their row: were they written before it was known?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polysight.data.columns import missing
from polysight.data.leaks import named_label
from polysight.health.base import Check
from polysight.health.examination import Examination, listed
from polysight.health.finding import Finding


@dataclass(frozen=True)
class LabelInText(Check):
    """Columns of text or names in which a label is named in most rows of its own class and seldom elsewhere."""

    kind: ClassVar[str] = "label_in_text"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn of such columns."""
        columns = [c for c in table.task.columns if table.task.roles[c].role in ("text", "categorical")]
        if not columns:
            return ()
        named = {column: label for column in columns if (label := _named(table, column))}
        if not named:
            return (Finding.good(self.kind),)
        first, label = next(iter(named.items()))
        cells = table.used[first].astype(str).str.casefold()
        holding = cells.str.contains(label.casefold(), regex=False) & (table.used_labels == label)
        facts = {"named": listed([f"{column}: {label}" for column, label in named.items()]), "first": first}
        rows = table.rows_of(np.flatnonzero(holding))
        return (Finding(self.kind, "warn", f"{self.kind}.found", facts, tuple(named), rows),)


def _named(table: Examination, column: str) -> str:
    filled = ~missing(table.used[column])
    return named_label(table.used[column][filled].astype(str), table.used_labels[filled])
