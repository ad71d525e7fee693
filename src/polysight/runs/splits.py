"""Splits: which row was used for what (``splits.csv``), and whether the two tables are really apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from polysight.core.events import emit
from polysight.modalities.inputs import Task
from polysight.runs.measure import Measured
from polysight.runs.tables import write_csv


def write_splits(
    path: Path, task: Task, measured: Measured, groups: list[str], test_groups: list[str] | None = None
) -> None:
    """Write the part, fold and group of every row.

    Args:
        path: The file.
        task: The usable rows of the training table.
        measured: What they were used for.
        groups: The group of each row of the training table (see ``group_names``).
        test_groups: The same of the test table, if there was one.
    """
    parts = np.full(len(groups), "set_aside", dtype="<U9")
    parts[task.rows] = measured.parts
    numbers = np.full(len(groups), -1)
    numbers[task.rows] = measured.folds
    rows = [
        (row, part, "" if number < 0 else number, group)
        for row, (part, number, group) in enumerate(zip(parts.tolist(), numbers.tolist(), groups, strict=True))
    ]
    if test_groups is not None:
        rows += [(row, "test", "", test_groups[row]) for row in measured.judged.rows.tolist()]
    write_csv(path, ("row", "part", "fold", "group"), rows)


def group_names(frame: pd.DataFrame, group: str | None) -> list[str]:
    """The group of each row as written; empty where there is none, or no such column."""
    if group is None or group not in frame.columns:
        return [""] * len(frame)
    return [str(name) for name in frame[group].fillna("").tolist()]


def tell_shared_groups(groups: list[str], test_groups: list[str], column: str | None) -> None:
    """Say by an event how many groups are in both tables: numbers measured on them are too good."""
    shared = (set(groups) & set(test_groups)) - {""}
    if shared:
        emit("groups_in_both_tables", groups=len(shared), column=column)
