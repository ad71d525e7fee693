"""Cells of table columns: what counts as a number, what as a category, whatever type the table gave them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from polysight.data.columns import Numbers, as_numbers, level_name, missing

_EPOCH = datetime(1970, 1, 1)
_DAY = timedelta(days=1)


def numbers(column: pd.Series) -> Numbers:
    """A column as finite numbers; dates count as days since 1970 and durations as days."""
    return as_numbers(days(column))


def levels(column: pd.Series) -> NDArray[np.object_]:
    """A column as categories, object [row]; the empty string where a cell is missing.

    The same category has the same name whichever way the table was stored: a code that became ``85255.0``
    because its column has gaps is ``85255`` again.
    """
    empty = missing(column)
    names = ["" if gone else level_name(value) for value, gone in zip(column.tolist(), empty, strict=True)]
    return np.asarray(names, dtype=object)


def days(column: pd.Series) -> pd.Series:
    """The column with dates and durations replaced by days, cell by cell; anything else stays."""
    temporal = pd.api.types.is_datetime64_any_dtype(column.dtype) or pd.api.types.is_timedelta64_dtype(column.dtype)
    if not temporal and column.dtype != object:
        return column
    cells = [_days(value) for value in column.tolist()]
    return pd.Series(cells, index=column.index, name=column.name, dtype=float if temporal else object)


def _days(value: Any) -> Any:
    if not isinstance(value, date | timedelta):
        return value
    if bool(pd.isna(value)):
        return np.nan
    if isinstance(value, timedelta):
        return value / _DAY
    if not isinstance(value, datetime):
        return (value - _EPOCH.date()) / _DAY
    naive = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return (naive - _EPOCH) / _DAY
