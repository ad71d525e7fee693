"""From a table to samples: which columns are inputs, what is read from them, which rows can be learned from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy.typing import NDArray

from polysight.core.config import build
from polysight.core.errors import ConfigError, DataError, LabelError, MissingColumnError
from polysight.data.samples import Samples
from polysight.data.view import Cells, Problem
from polysight.modalities import MODALITIES
from polysight.modalities.base import Modality
from polysight.modalities.inference import Role, infer


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

    def take(self, positions: NDArray[np.integer]) -> Task:
        """The task on some of its usable rows."""
        return Task(
            samples=self.samples.take(positions),
            codes=self.codes[positions],
            classes=self.classes,
            groups=None if self.groups is None else self.groups[positions],
            inputs=self.inputs,
            rows=self.rows[positions],
            set_aside=self.set_aside,
            roles=self.roles,
            columns=self.columns,
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

    Raises:
        DataError: Empty table, unusable labels, an input of which every cell is unreadable.
        ConfigError: The target or the group is also an input.
    """
    if not isinstance(X, pd.DataFrame):
        raise DataError(f"needs a pandas DataFrame, not {type(X).__name__}", fix="polysight.read_table reads files")
    if X.empty:
        raise DataError("the table has no rows", fix="give a table with at least two rows of two classes")
    folder = root_of(X, root)
    target = y if isinstance(y, str) else None
    labels = _labels(X, y)
    group_values = _groups(X, group, groups)
    features = X.drop(columns=[name for name in (target, group) if name is not None])
    inference = infer(features, labels, folder, ignore=ignore)
    chosen = _resolve(inputs, features, target=target, group=group) if inputs else dict(inference.inputs)
    if not chosen:
        raise DataError("no column can serve as an input", fix="name the inputs with inputs= or in the YAML file")

    has_label = np.asarray(labels.notna())
    settled = {
        name: modality.settle(_cells(modality, features, folder, rows=has_label)) for name, modality in chosen.items()
    }
    samples = read_samples(settled, features, root=folder)
    usable = has_label & samples.present.any(axis=1)
    if not usable.any():
        raise DataError("no row has both a label and anything readable", where=str(folder), fix="check --root")
    for name, view in samples.views.items():
        if not view.any_present.any():
            first = next(iter(view.problems), None)
            raise DataError(
                f"every cell of input {name!r} is empty or unreadable" + (f" ({first.reason})" if first else ""),
                where=first.file if first else name,
                fix=f"check --root, or leave the column out: --ignore {name}",
            )
    rows = np.flatnonzero(usable)
    classes, codes = _encode(labels.iloc[rows])
    return Task(
        samples=samples.take(rows),
        codes=codes,
        classes=classes,
        groups=None if group_values is None else pd.factorize(group_values[rows])[0],
        inputs=settled,
        rows=rows,
        set_aside=(*samples.problems, *_unusable(has_label, usable, target or "target")),
        roles=inference.roles,
        columns=tuple(column for modality in settled.values() for column in modality.columns),
    )


def read_samples(inputs: Mapping[str, Modality], X: pd.DataFrame, *, root: Path | str | None = None) -> Samples:
    """Read a table with given inputs; a column the table lacks is missing in every row."""
    folder = root_of(X, root)
    return Samples({name: modality.read(_cells(modality, X, folder)) for name, modality in inputs.items()})


def root_of(X: pd.DataFrame, root: Path | str | None = None) -> Path:
    """The folder relative paths start from: the argument, the table's own folder, the working directory."""
    return Path(root if root is not None else X.attrs.get("root", "."))


def _cells(modality: Modality, X: pd.DataFrame, root: Path, rows: NDArray[np.bool_] | None = None) -> Cells:
    frame = X.reindex(columns=list(modality.columns)) if set(modality.columns) - set(X.columns) else X
    frame = frame[list(modality.columns)]
    return Cells(frame if rows is None else frame[rows], root)


def _labels(X: pd.DataFrame, y: Any) -> pd.Series:
    if isinstance(y, str):
        if y not in X.columns:
            raise MissingColumnError(y, X.columns)
        return X[y].reset_index(drop=True)
    labels = pd.Series(np.asarray(y)) if not isinstance(y, pd.Series) else y.reset_index(drop=True)
    if len(labels) != len(X):
        raise LabelError(f"{len(labels)} labels for {len(X)} rows")
    return labels


def _groups(X: pd.DataFrame, group: str | None, groups: Any) -> NDArray[Any] | None:
    if groups is not None:
        values = np.asarray(groups)
        if len(values) != len(X):
            raise DataError(f"{len(values)} groups for {len(X)} rows")
        return values
    if group is None:
        return None
    if group not in X.columns:
        raise MissingColumnError(group, X.columns)
    # A row without a group is a group of its own: nothing says that it belongs to another.
    values = X[group].astype(object).reset_index(drop=True)
    return np.asarray(values.where(values.notna(), pd.Series([f"__row_{i}" for i in range(len(X))])))


def _resolve(
    specs: Mapping[str, Any], X: pd.DataFrame, *, target: str | None, group: str | None
) -> dict[str, Modality]:
    resolved = {}
    for name, spec in specs.items():
        modality: Modality = build(MODALITIES, spec, where=f"inputs.{name}")
        columns = modality.columns or (name,)
        for column in columns:
            if column in (target, group):
                role = "target" if column == target else "group"
                raise ConfigError(f"the {role} {column!r} is also an input", where=f"inputs.{name}")
            if column not in X.columns:
                raise MissingColumnError(column, X.columns, where=f"inputs.{name}: the table")
        resolved[name] = modality.with_columns(columns)
    return resolved


def _encode(labels: pd.Series) -> tuple[NDArray[Any], Int[np.ndarray, " row"]]:
    values = np.asarray(labels.tolist())
    classes, codes = np.unique(values, return_inverse=True)
    counts = np.bincount(codes)
    if len(classes) < 2:
        raise LabelError(f"the target has one class only: {classes[0]!r}", fix="give rows of at least two classes")
    if counts.min() < 2:
        raise LabelError(
            f"class {classes[counts.argmin()]!r} has one row only",
            fix="add rows of that class, merge it with another, or remove it",
        )
    return classes, codes


def _unusable(has_label: NDArray[np.bool_], usable: NDArray[np.bool_], target: str) -> list[Problem]:
    reasons = {
        False: ("nothing_readable", "nothing in this row can be read", "give at least one readable input"),
        True: ("no_label", "the label is missing", "fill in the label or remove the row"),
    }
    problems = []
    for row in np.flatnonzero(~usable):
        code, reason, fix = reasons[not has_label[row]]
        problems.append(Problem(int(row), target if code == "no_label" else "", "", code, reason, fix))
    return problems
