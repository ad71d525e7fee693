"""Columns that tell the label by themselves: copies of it, what it was made from, or what was known only after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import rankdata

from polysight.data.columns import as_numbers, missing
from polysight.health.base import Check
from polysight.health.examination import Examination, ignoring, listed
from polysight.health.finding import Finding
from polysight.health.telling import telling

#: The cross-validated skill of one column from which on it tells too much.
SKILL = 0.9
#: The area under the curve of one column for one class against all others, and the rows that class must have.
AREA, ROWS = 0.995, 20
#: Rows below which one column proves nothing.
ENOUGH = 30


@dataclass(frozen=True)
class LeakyColumns(Check):
    """Single table columns that predict the label, judged on rows not looked at."""

    kind: ClassVar[str] = "leaky_columns"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """A copy of the target fails; a column that tells (nearly) every label, or one class from all others, warns."""
        copies = tuple(name for name, role in table.task.roles.items() if role.code == "copy_of_target")
        if copies:
            facts = {"columns": listed(copies), "options": ignoring(copies)}
            return (Finding(self.kind, "fail", f"{self.kind}.copies", facts, copies),)
        told = list(self._told(table))
        if not told:
            return (Finding.good(self.kind),)
        columns = tuple(name for name, _, _ in told)
        return (Finding(self.kind, "warn", f"{self.kind}.found", {"told": told, "first": columns[0]}, columns),)

    def _told(self, table: Examination) -> Iterator[tuple[str, str, str]]:
        codes, groups = table.task.codes, table.task.groups
        if len(codes) < ENOUGH:
            return
        for name in table.task.columns:
            role = table.task.roles[name].role
            if role not in ("numeric", "categorical"):
                continue
            cells = table.used[name]
            values = as_numbers(cells).values if role == "numeric" else np.where(missing(cells), "", cells.astype(str))
            skill = telling(values, codes, groups, seed=table.seed, worthwhile=np.inf).skill
            if skill >= SKILL:
                yield name, "skill", f"{skill:.0%}"
            elif role == "numeric" and (best := areas(values, codes)).max(initial=0.0) >= AREA:
                yield name, "area", f"{best.max():.3f}, {table.task.classes[best.argmax()]}"


def areas(values: Float[np.ndarray, " row"], codes: Int[np.ndarray, " row"]) -> Float[np.ndarray, " class"]:
    """The area under the ROC curve of a column for each class against all others, whichever way it points.

    Rows without a value are left out; a class of fewer than ``ROWS`` rows (or others) has .5.
    """
    known = ~np.isnan(values)
    codes, values = codes[known], values[known]
    rows = np.bincount(codes, minlength=int(codes.max(initial=0)) + 1)
    ranks = np.bincount(codes, weights=rankdata(values), minlength=len(rows))
    others = len(values) - rows
    enough = (rows >= ROWS) & (others >= ROWS)
    above = np.divide(ranks - rows * (rows + 1) / 2, rows * others, out=np.full(len(rows), 0.5), where=enough)
    return np.maximum(above, 1 - above)
