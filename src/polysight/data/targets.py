"""Targets and groups: one label a row, as written, and which rows belong together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy.typing import NDArray

from polysight.core.errors import DataError, LabelError, MissingColumnError
from polysight.data.columns import missing


def labels_of(X: pd.DataFrame, y: str | Sequence[Any] | NDArray[Any] | pd.Series) -> pd.Series:
    """The label of each row, numbered from 0; missing ones (null, empty, blank) are None.

    Args:
        X: The table.
        y: A column name of it, or one label a row.

    Raises:
        MissingColumnError: No such column; the nearest name is offered.
        LabelError: There are not as many labels as rows.
    """
    if isinstance(y, str):
        if y not in X.columns:
            raise MissingColumnError(y, X.columns)
        y = X[y]
    if isinstance(y, list | tuple) and len(y) != len(X) and all(name in X.columns for name in y):
        raise LabelError(
            f"{len(y)} columns are named, and one is predicted at a time",
            where=", ".join(map(str, y)),
            fix="take MultiTaskLearner, or a model for each column",
        )
    labels = pd.Series(y if isinstance(y, pd.Series) else np.asarray(y)).reset_index(drop=True).astype(object)
    if len(labels) != len(X):
        raise LabelError(f"{len(labels)} labels for {len(X)} rows", fix="give one label a row")
    return labels.where(~missing(labels), None)


def encode_labels(labels: pd.Series) -> tuple[NDArray[Any], Int[np.ndarray, " row"]]:
    """Labels as positions in the sorted classes.

    Args:
        labels: One label a row, none missing.

    Returns:
        The classes, sorted, and the position of each label in them.

    Raises:
        LabelError: Fewer than two classes, a class with one row, or labels that cannot be sorted together.
    """
    cells = labels.tolist()
    if len({_sort_of(cell) for cell in cells}) > 1:
        raise LabelError("mixes labels of several types, such as numbers and text", fix="write all of them as text")
    classes, codes, counts = np.unique(np.asarray(cells), return_inverse=True, return_counts=True)
    if len(classes) < 2:
        only = f" only: {str(classes[0])!r}" if len(classes) else "es: every label is missing"
        raise LabelError(f"the target has {len(classes) or 'no'} class{only}", fix="give rows of at least two classes")
    if len(classes) > max(2, len(cells) / 2):
        raise LabelError(
            f"the target has {len(classes)} different values in {len(cells)} rows",
            fix="name a column of classes; for amounts take MultimodalRegressor or --task regression",
        )
    if counts.min() < 2:
        raise LabelError(
            f"class {str(classes[counts.argmin()])!r} has one row only",
            fix="add rows of that class, merge it with another, or remove it",
        )
    return classes, codes


def groups_of(X: pd.DataFrame, group: str | None, groups: Any) -> Int[np.ndarray, " row"] | None:
    """A group number for each row, or None without groups. A row without a group is a group of its own.

    Args:
        X: The table.
        group: The column that names each row's group.
        groups: One group a row; overrides ``group``.

    Raises:
        MissingColumnError: No such column; the nearest name is offered.
        DataError: There are not as many groups as rows.
    """
    if groups is None and group is None:
        return None
    if groups is None and group not in X.columns:
        raise MissingColumnError(str(group), X.columns)
    values = (X[group] if groups is None else pd.Series(np.asarray(groups))).reset_index(drop=True)
    if len(values) != len(X):
        raise DataError(f"{len(values)} groups for {len(X)} rows", fix="give one group a row")
    codes = pd.factorize(values.astype(object).where(~missing(values), None))[0]
    # Nothing says that a row without a group belongs to another.
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(alone.sum())
    return codes


def _sort_of(label: Any) -> type:
    """The type labels are compared as: whole and other numbers are alike, truth values are not numbers."""
    if isinstance(label, bool | np.bool_):
        return bool
    return float if isinstance(label, int | float | np.number) else type(label)
