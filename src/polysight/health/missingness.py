"""Missing cells that tell the label: a value that is there for some classes only says how data were collected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polysight.data.columns import missing
from polysight.health.base import Check
from polysight.health.examination import Examination
from polysight.health.finding import Finding, Status
from polysight.health.telling import telling

#: The skill of a missing cell from which on it matters, from which on it is (nearly) the label; luck.
SKILL, LABEL, LUCK = 0.2, 0.9, 0.01


@dataclass(frozen=True)
class Missingness(Check):
    """Columns in which the mere absence of a value tells the label."""

    kind: ClassVar[str] = "missingness"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn of such columns, fail where they nearly are the label; models see what is missing."""
        told = {}
        for column in dict.fromkeys(table.task.columns):
            gone = missing(table.used[column])
            found = telling(gone.astype(str), table.task.codes, table.task.groups, seed=table.seed, worthwhile=SKILL)
            if found.skill >= SKILL and found.p <= LUCK:
                told[column] = found.skill
        if not told:
            return (Finding.good(self.kind),)
        gone = np.any([missing(table.used[column]) for column in told], axis=0)
        facts = {"told": [(column, "", f"{skill:.0%}") for column, skill in told.items()]}
        status: Status = "fail" if max(told.values()) >= LABEL else "warn"
        return (
            Finding(self.kind, status, f"{self.kind}.found", facts, tuple(told), table.rows_of(np.flatnonzero(gone))),
        )
