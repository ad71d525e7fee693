"""Cells that are filled but cannot be read: files that are missing or damaged, words among numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polysight.health.base import Check
from polysight.health.examination import MOST_ROWS, Examination, TestRows, listed
from polysight.health.finding import Finding, Status

#: From this share of unreadable cells on, a column is not what it should be.
MOST_OF_IT = 0.5
#: Reasons that are not about cells.
_ABOUT_ROWS = frozenset({"no_label", "nothing_readable"})


@dataclass(frozen=True)
class UnreadableFiles(Check):
    """Filled cells that cannot be read; each is a missing input in training."""

    kind: ClassVar[str] = "unreadable_files"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn of any, fail where half a column is unreadable; the same of the test table."""
        cells = [problem for problem in table.task.set_aside if problem.code not in _ABOUT_ROWS]
        found = [Finding.good(self.kind)]
        if cells:
            counts = Counter(problem.column for problem in cells)
            worst = max(counts, key=lambda column: counts[column])
            status: Status = "fail" if counts[worst] >= MOST_OF_IT * len(table.table) else "warn"
            codes = Counter(problem.code for problem in cells)
            facts = {"cells": len(cells), "reasons": listed([f"{n} {code}" for code, n in codes.most_common()])}
            rows = sorted({problem.row for problem in cells})[:MOST_ROWS]
            found = [Finding(self.kind, status, f"{self.kind}.found", facts, tuple(sorted(counts)), tuple(rows))]
        if table.test is not None:
            found.append(_in_test(table.test))
        return tuple(found)


def _in_test(test: TestRows) -> Finding:
    name = "unreadable_files_in_test"
    problems = test.samples.problems
    if not problems:
        return Finding.good(name)
    rows = np.unique([test.rows[problem.row] for problem in problems]).tolist()
    columns = tuple(sorted({problem.column for problem in problems}))
    return Finding(name, "warn", f"{name}.found", {"cells": len(problems), "rows": listed(rows)}, columns)
