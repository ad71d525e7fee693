"""From a table to samples: which columns are inputs, what is read from them, which rows can be learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int
from numpy.typing import NDArray

from polysight.core.errors import DataError
from polysight.data.delimited import check_header
from polysight.data.role import Role
from polysight.data.samples import Samples
from polysight.data.targets import encode_labels, groups_of, labels_of
from polysight.data.view import Cells, Problem
from polysight.modalities.base import Modality
from polysight.modalities.choice import choose, columns_taken


@dataclass(frozen=True, eq=False)
class Task:
    """A table understood: everything ``fit`` needs, and what was decided on the way.

    Attributes:
        samples: The usable rows, read.
        codes: The label of each usable row as a position in ``classes``.
        classes: The labels, sorted.
        groups: A group number for each usable row, or None.
        inputs: The inputs with every automatic setting resolved.
        rows: The position in the table of each usable row.
        set_aside: Rows that are not used, and cells that could not be read.
        roles: What each column of the table is, and why.
        columns: The columns the inputs look at.
    """

    samples: Samples
    codes: Int[np.ndarray, " row"]
    classes: NDArray[Any]
    groups: Int[np.ndarray, " row"] | None
    inputs: dict[str, Modality]
    rows: Int[np.ndarray, " row"]
    set_aside: tuple[Problem, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    columns: tuple[str, ...] = ()

    @property
    def expected(self) -> NDArray[Any]:
        """What a model's answers are compared with, a row each."""
        return self.codes

    @property
    def written(self) -> dict[str, NDArray[Any]]:
        """The truth as the table writes it, as columns of a table of predictions."""
        return {"target": self.classes[self.codes]}

    @property
    def counts(self) -> dict[str, int]:
        """Rows by class."""
        labels = [str(self.classes[code]) for code in self.codes]
        return {str(name): labels.count(str(name)) for name in self.classes}

    def take(self, positions: NDArray[np.integer]) -> Task:
        """The task on some of its usable rows."""
        return replace(
            self,
            samples=self.samples.take(positions),
            codes=self.codes[positions],
            groups=None if self.groups is None else self.groups[positions],
            rows=self.rows[positions],
        )


def prepare(
    X: pd.DataFrame,
    y: str | Sequence[Any] | NDArray[Any] | pd.Series,
    *,
    inputs: Mapping[str, Any] | None = None,
    group: str | None = None,
    groups: Sequence[Any] | NDArray[Any] | None = None,
    ignore: Sequence[str] = (),
    root: Path | str | None = None,
) -> Task:
    """Understand and read a training table.

    Rows are used if they have a label and something in them can be read; the others are set aside. Without
    ``inputs`` they are inferred from all columns; with them, no other column is looked at.

    Raises:
        DataError: Empty table, unusable labels, an input of which every cell is unreadable.
        ConfigError: The target, the group or an ignored column is also an input.
    """
    check_table(X)
    target = y if isinstance(y, str) else None
    labels, group_codes = labels_of(X, y), groups_of(X, group, groups)
    has_label = np.asarray(labels.notna())
    encode_labels(labels[has_label])  # before any file is read
    taken = columns_taken(target, group, ignore)
    read = read_inputs(X, has_label, inputs, labels=labels, taken=taken, root=root_of(X, root))
    rows = np.flatnonzero(read.usable)
    classes, codes = encode_labels(labels.iloc[rows])
    return Task(
        samples=read.samples.take(rows),
        codes=codes,
        classes=classes,
        groups=None if group_codes is None else pd.factorize(group_codes[rows])[0],
        inputs=read.inputs,
        rows=rows,
        set_aside=(*read.samples.problems, *unusable(has_label, read.usable, target or "target")),
        roles=read.roles,
        columns=read.columns,
    )


class ReadInputs(NamedTuple):
    """The inputs of a training table, read.

    Attributes:
        samples: All rows.
        inputs: The settled inputs.
        roles: What each column is.
        usable: Rows that have a label and something that can be read.
    """

    samples: Samples
    inputs: dict[str, Modality]
    roles: dict[str, Role]
    usable: Bool[np.ndarray, " row"]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the inputs look at."""
        return tuple(column for modality in self.inputs.values() for column in modality.columns)


def read_inputs(
    X: pd.DataFrame,
    has_label: Bool[np.ndarray, " row"],
    inputs: Mapping[str, Any] | None,
    *,
    labels: pd.Series,
    taken: Mapping[str, Role],
    root: Path,
) -> ReadInputs:
    """Choose the inputs of a training table, settle them on its labelled rows, and read every cell once.

    Args:
        X: The table.
        has_label: Which rows have a label.
        inputs: The inputs as users write them; None infers them.
        labels: A class a row; columns that give it away are refused.
        taken: Columns that have another role.
        root: The folder relative paths start from.

    Raises:
        DataError: An input of which every cell is unreadable.
        ConfigError: The target, the group or an ignored column is also an input.
    """
    chosen, roles = choose(inputs, X, labels, taken=taken, root=root)
    settled = {name: modality.settle(_cells(modality, X, root, has_label)) for name, modality in chosen.items()}
    samples = read_samples(settled, X, root=root)
    usable = has_label & samples.present.any(axis=1)
    _check_readable(samples, has_label)
    return ReadInputs(samples, settled, roles, usable)


def read_samples(inputs: Mapping[str, Modality], X: pd.DataFrame, *, root: Path | str | None = None) -> Samples:
    """Read a table with given inputs; a column the table lacks is missing in every row."""
    return Samples({name: inputs[name].read(cells) for name, cells in cells_of(inputs, X, root=root).items()})


def cells_of(inputs: Mapping[str, Modality], X: pd.DataFrame, *, root: Path | str | None = None) -> dict[str, Cells]:
    """The cells of each input, not read; those of a column the table lacks are empty."""
    folder = root_of(X, root)
    return {name: _cells(modality, X, folder) for name, modality in inputs.items()}


def root_of(X: pd.DataFrame, root: Path | str | None = None) -> Path:
    """The folder relative paths start from: the argument, the table's own folder, the working directory."""
    return Path(root if root is not None else X.attrs.get("root", "."))


def check_table(X: pd.DataFrame) -> None:
    """Refuse what is no table of named columns.

    Raises:
        DataError: It is not a data frame, has no rows, or columns without unique names of text.
    """
    if not isinstance(X, pd.DataFrame):
        raise DataError(f"needs a pandas DataFrame, not {type(X).__name__}", fix="polysight.read_table reads files")
    if not len(X):
        raise DataError("the table has no rows", fix="give a table with at least two rows of two classes")
    if not all(isinstance(name, str) for name in X.columns):
        raise DataError("column names must be text", where="the table", fix="X.columns = X.columns.astype(str)")
    check_header(X.columns.tolist(), where="the table")


def _check_readable(samples: Samples, has_label: Bool[np.ndarray, " row"]) -> None:
    for name, view in samples.views.items():
        if not view.any_present[has_label].any():
            first = next(iter(view.problems), None)
            raise DataError(
                f"every cell of input {name!r} is empty or unreadable" + (f" ({first.reason})" if first else ""),
                where=first.file if first else name,
                fix=f"check --root, or leave the column out: --ignore {name}",
            )


def _cells(modality: Modality, X: pd.DataFrame, root: Path, rows: NDArray[np.bool_] | None = None) -> Cells:
    frame = X.reindex(columns=list(modality.columns)) if set(modality.columns) - set(X.columns) else X
    frame = frame[list(modality.columns)]
    return Cells(frame if rows is None else frame[rows], root)


def unusable(has_label: NDArray[np.bool_], usable: NDArray[np.bool_], target: str) -> list[Problem]:
    """A problem for every row that is set aside."""
    no_label = ("no_label", "the label is missing", "fill in the label or remove the row")
    unreadable = ("nothing_readable", "nothing in this row can be read", "give at least one readable input")
    return [
        Problem(int(row), "" if has_label[row] else target, "", *(unreadable if has_label[row] else no_label))
        for row in np.flatnonzero(~usable)
    ]
