"""Examination: a training table, read, and the test table beside it - all that checks look at."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy.typing import NDArray

from polysight.core.randomness import generator
from polysight.data.columns import missing
from polysight.data.media import is_file_name
from polysight.data.samples import Samples
from polysight.data.targets import labels_of
from polysight.modalities.inputs import Task, read_samples, root_of

#: Rows a finding names; it says how many there are.
MOST_ROWS = 100
#: The share of cells that must look like file names.
FILE_NAME_SHARE = 0.8


@dataclass(frozen=True, eq=False)
class TestRows:
    """Rows of the test table, read as the training table was.

    Attributes:
        table: The whole test table.
        samples: The rows looked at, read.
        rows: Their positions in the table.
        codes: The class of each, -1 where training has no such label.
        labels: The label of every row of the table, None where missing.
    """

    #: pytest takes classes named Test... for tests.
    __test__ = False

    table: pd.DataFrame
    samples: Samples
    rows: Int[np.ndarray, " row"]
    codes: Int[np.ndarray, " row"]
    labels: pd.Series


@dataclass(frozen=True, eq=False)
class Examination:
    """What checks look at.

    Attributes:
        table: The whole training table.
        labels: The label of every row of it, None where missing.
        target: The target column.
        task: The rows looked at, read: all usable ones, or some of them.
        group: The group column, if there is one.
        test: The test table, if there is one.
        class_folders: Whether the table was made from folders named by class, so that names and order must tell it.
        seed: The seed of everything random.
    """

    table: pd.DataFrame
    labels: pd.Series
    target: str
    task: Task
    group: str | None = None
    test: TestRows | None = None
    class_folders: bool = False
    seed: int = 0

    @cached_property
    def root(self) -> Path:
        """The folder paths start from."""
        return root_of(self.table)

    @cached_property
    def used(self) -> pd.DataFrame:
        """The rows looked at as the table has them, in the order of the task."""
        return self.table.iloc[self.task.rows].reset_index(drop=True)

    @cached_property
    def used_labels(self) -> pd.Series:
        """The label of each row looked at, as text."""
        return pd.Series([str(self.task.classes[code]) for code in self.task.codes], dtype=object)

    @cached_property
    def file_columns(self) -> tuple[str, ...]:
        """The input columns whose cells name files."""
        roles = self.task.roles
        columns = [column for column in self.task.columns if roles[column].role not in ("numeric", "categorical")]
        return tuple(column for column in columns if self._names_files(column))

    def rows_of(self, positions: Iterable[int] | NDArray[np.integer]) -> tuple[int, ...]:
        """The rows of the table at some positions of the task: at most ``MOST_ROWS``, in that order."""
        return tuple(int(self.task.rows[position]) for position in list(positions)[:MOST_ROWS])

    def columns_of(self, name: str) -> tuple[str, ...]:
        """The columns an input looks at."""
        return tuple(self.task.inputs[name].columns)

    def _names_files(self, column: str) -> bool:
        cells = self.used[column][~missing(self.used[column])].tolist()[:200]
        named = [isinstance(cell, str) and is_file_name(cell) for cell in cells]
        return bool(named) and sum(named) >= FILE_NAME_SHARE * len(named)


def examined_test(task: Task, table: pd.DataFrame, target: str, *, most: int) -> TestRows:
    """Read (at most ``most`` rows of) a test table with the inputs of a training table.

    A column the test table lacks is missing in every row, and so is a label where it lacks the target.
    """
    rows = drawn(len(table), most)
    labels = labels_of(table, target) if target in table.columns else pd.Series([None] * len(table), dtype=object)
    codes = {str(name): code for code, name in enumerate(task.classes)}
    known = np.array([codes.get(str(label), -1) for label in labels.iloc[rows]], dtype=np.intp)
    samples = read_samples(task.inputs, table.iloc[rows], root=root_of(table))
    return TestRows(table, samples, rows, known, labels)


def drawn(rows: int, most: int) -> Int[np.ndarray, " row"]:
    """All of a few rows, the same random ones of many, in order."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(generator(0, "health", rows).choice(rows, most, replace=False))


def ignoring(columns: Sequence[str]) -> str:
    """The options that leave (the first of) some columns out."""
    return " ".join(f"--ignore {shlex.quote(column)}" for column in columns[:5])


def listed(names: Sequence[object], most: int = 5) -> str:
    """The first of some names, and how many more there are: ``a, b, c (+4)``."""
    shown = ", ".join(str(name) for name in names[:most])
    return shown if len(names) <= most else f"{shown} (+{len(names) - most})"
