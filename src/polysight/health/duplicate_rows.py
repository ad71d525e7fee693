"""Rows that are the same in every input, to the byte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Shaped

from polysight.data.samples import Samples
from polysight.data.view import MISSING_KEY, View
from polysight.health.base import Check
from polysight.health.examination import Examination
from polysight.health.finding import Finding
from polysight.health.pairs import equal_keys, findings

#: Pairs of equal rows that chance may make, if columns were independent, for equal rows to mean something.
BY_CHANCE = 0.01


@dataclass(frozen=True)
class DuplicateRows(Check):
    """Rows that are equal in all inputs, where chance does not make such rows (few columns of few values)."""

    kind: ClassVar[str] = "duplicate_rows"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn; fail where it is 1 % of the rows or more under two labels, or of the test table."""
        samples = table.task.samples
        if _by_chance(samples) > BY_CHANCE:
            return (Finding(self.kind, "pass", f"{self.kind}.coarse"),)
        keys = _keys(samples) + ([] if table.test is None else _keys(table.test.samples))
        return tuple(findings(self.kind, equal_keys(keys), table, table.task.columns, certain=True))


def _keys(samples: Samples) -> list[bytes | None]:
    keys = np.column_stack([view.keys for view in samples.views.values()])
    there = np.logical_or.reduce(samples.present, axis=1)
    return [row.tobytes() if filled else None for row, filled in zip(keys, there, strict=True)]


def _by_chance(samples: Samples) -> float:
    """How many pairs of rows would be equal if columns had nothing to do with each other."""
    rows = len(samples)
    shares = [_agreeing(column) for view in samples.views.values() for column in _columns(view)]
    return float(np.prod(shares)) * rows * (rows - 1) / 2


def _columns(view: View) -> list[Shaped[np.ndarray, " row"]]:
    """What may agree by chance by itself: the columns of a table, or the whole content of anything else."""
    tables = [array for array in view.arrays.values() if array.ndim == 2 and array.shape != view.present.shape]
    columns = [column for array in tables for column in array.T]
    return columns or [np.where(view.any_present, view.keys, MISSING_KEY)]


def _agreeing(column: Shaped[np.ndarray, " row"]) -> Float[np.ndarray, ""]:
    """The share of pairs of rows that agree in a column."""
    counts = np.unique(column.astype(str), return_counts=True)[1].astype(float)
    return (counts * (counts - 1)).sum() / max(1.0, len(column) * (len(column) - 1.0))
