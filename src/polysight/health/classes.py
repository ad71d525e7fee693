"""Classes: rows without a label, classes far from balance, too rare to learn or to judge, or unseen in training."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from polysight.health.base import Check
from polysight.health.examination import MOST_ROWS, Examination, listed
from polysight.health.finding import Finding

#: The commonest class over the rarest beyond which classes are out of balance.
IMBALANCED = 10
#: Folds of a selection: a class of fewer rows (or groups) is not in each of them.
FOLDS = 5


@dataclass(frozen=True)
class Classes(Check):
    """Labels that are missing, out of balance, too rare, or only in the test table."""

    kind: ClassVar[str] = "classes"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """A class of one row fails, everything else is a warning."""
        return (*_missing(table), *_balance(table), *_rare(table), *_unseen(table))


def _missing(table: Examination) -> Iterator[Finding]:
    rows = np.flatnonzero(table.labels.isna())
    name, columns = "missing_labels", (table.target,)
    if not len(rows):
        yield Finding.good(name)
    else:
        yield Finding(name, "warn", f"{name}.found", {"rows": len(rows)}, columns, tuple(rows[:MOST_ROWS].tolist()))


def _balance(table: Examination) -> Iterator[Finding]:
    counts = table.labels.dropna().astype(str).value_counts()
    name = "class_balance"
    most, least = int(counts.iloc[0]), int(counts.iloc[-1])
    facts = {"commonest": str(counts.index[0]), "most": most, "rarest": str(counts.index[-1]), "least": least}
    if most > IMBALANCED * least:
        yield Finding(name, "warn", f"{name}.found", facts, (table.target,))
    else:
        yield Finding.good(name, **facts)


def _rare(table: Examination) -> Iterator[Finding]:
    name, labels = "rare_classes", table.labels.dropna().astype(str)
    counts = labels.value_counts()
    alone = counts.index[counts < 2].tolist()
    if alone:
        rows = tuple(int(row) for row in labels.index[labels.isin(alone)][:MOST_ROWS])
        yield Finding(name, "fail", f"{name}.alone", {"classes": listed(alone)}, (table.target,), rows)
        return
    units = counts if table.group is None else _groups_by_class(table, labels)
    rare = units.index[units < FOLDS].tolist()
    if not rare:
        yield Finding.good(name)
        return
    code = f"{name}.found" if table.group is None else f"{name}.in_few_groups"
    rows = tuple(int(row) for row in labels.index[labels.isin(rare)][:MOST_ROWS])
    facts = {"classes": listed([f"{label} ({units[label]})" for label in rare]), "folds": FOLDS}
    yield Finding(name, "warn", code, facts, (table.target,), rows)


def _groups_by_class(table: Examination, labels: pd.Series) -> pd.Series:
    groups = table.table[table.group].reset_index(drop=True)
    # A row without a group is a group of its own.
    names = groups.astype(object).where(groups.notna(), [f"row {row}" for row in range(len(groups))])
    return names[labels.index].astype(str).groupby(labels).nunique()


def _unseen(table: Examination) -> Iterator[Finding]:
    if table.test is None:
        return
    name = "unseen_classes"
    labels = table.test.labels.dropna().astype(str)
    unseen = sorted(set(labels) - set(table.labels.dropna().astype(str)))
    if not unseen:
        yield Finding.good(name)
        return
    facts = {"classes": listed(unseen), "rows": int(labels.isin(unseen).sum())}
    yield Finding(name, "warn", f"{name}.found", facts, (table.target,))
