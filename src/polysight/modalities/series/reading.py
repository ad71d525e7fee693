"""Reading: the bytes of a NumPy, CSV, Parquet or JSON file, or a list in a cell, to columns of numbers over time."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from jaxtyping import Float

from polysight.core.errors import DataError, MissingExtraError, UnreadableCellError
from polysight.data.delimited import read_delimited
from polysight.data.encoding import decode

#: How names of files end that hold a series, and only such.
TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".parquet"})
#: ... and those that may hold one, which their header tells.
SUFFIXES = TABLE_SUFFIXES | {".npy"}
#: Larger numbers do not fit single precision; they count as infinite.
LARGEST = 1e30

_NPY, _PARQUET = b"\x93NUMPY", b"PAR1"
_DELIMITERS = (",", "\t", ";")
#: Words that stand for a missing number in text.
_MISSING = ("", "nan", "na", "n/a", "null", "none", "inf", "-inf", "+inf", "infinity", "-infinity")


class Recording(NamedTuple):
    """Columns of numbers, a row a moment.

    Attributes:
        values: What was measured; NaN where there is no finite number.
        names: The name of each column; empty where the file has none.
    """

    values: Float[np.ndarray, "time column"]
    names: tuple[str, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """The names, or where there are none the numbers of the columns."""
        return self.names or tuple(map(str, range(self.values.shape[1])))


def read_recording(content: bytes) -> Recording:
    """Read a series, whatever its format: that shows in its first bytes.

    NumPy arrays (``.npy``) and lists (JSON) are [time] or [time, channel]; CSV and Parquet have a column a channel,
    CSV with a header or without. Dates and times become seconds. What is not a finite number is NaN.

    Raises:
        UnreadableCellError: ``empty_file``, ``not_a_series``, ``truncated``, ``ragged`` or ``no_samples``.
        MissingExtraError: Parquet without pyarrow.
    """
    if not content.strip():
        raise UnreadableCellError("empty_file", "the file is empty", fix="record it again")
    values, names = _reader(content)(content)
    if not values.size:
        raise UnreadableCellError("no_samples", "holds no samples", fix="record it again")
    return Recording(np.where(np.abs(values) < LARGEST, values, np.nan), names)


def to_content(value: Any) -> bytes:
    """A list or an array in a cell as the bytes of a file.

    Raises:
        UnreadableCellError: ``not_a_series``: it does not hold plain numbers.
    """
    buffer = io.BytesIO()
    try:
        # From a list of arrays (Parquet) to one array; None becomes NaN.
        rows = [np.asarray(row, dtype=np.float64) for row in value]
        np.save(buffer, np.stack(rows) if rows else np.zeros(0), allow_pickle=False)
    except (TypeError, ValueError) as error:
        raise _no_series(f"does not hold plain numbers: {error}") from None
    return buffer.getvalue()


def _reader(content: bytes) -> Callable[[bytes], tuple[np.ndarray, tuple[str, ...]]]:
    if content.startswith(_NPY):
        return _numpy
    if content.startswith(_PARQUET):
        return _parquet
    return _json if content.lstrip().startswith(b"[") else _delimited


def _numpy(content: bytes) -> tuple[np.ndarray, tuple[str, ...]]:
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        reason = "truncated" if "reshape" in str(error) or "EOF" in str(error) else "not_a_series"
        raise UnreadableCellError(reason, f"cannot be read as an array: {error}", fix="save it again") from None
    if array.dtype.names:
        names = array.dtype.names
        return _shaped(np.stack([array[name].astype(np.float64) for name in names], axis=-1)), names
    return _shaped(array), ()


def _json(content: bytes) -> tuple[np.ndarray, tuple[str, ...]]:
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _no_series(f"is not JSON: {error}") from None
    widths = {len(row) if isinstance(row, list) else None for row in rows}
    if len(widths) > 1:
        raise UnreadableCellError(
            "ragged", "its moments have different numbers of channels", fix="give each moment all channels"
        )
    try:
        return _shaped(np.asarray(rows, dtype=np.float64)), ()
    except (TypeError, ValueError) as error:
        raise _no_series(f"does not hold plain numbers: {error}") from None


def _delimited(content: bytes) -> tuple[np.ndarray, tuple[str, ...]]:
    try:
        text = decode(content).text
    except DataError as error:
        raise _no_series(error.what) from None
    first = next(line for line in text.splitlines() if line.strip())
    delimiter = max(_DELIMITERS, key=first.count)
    cells = [cell.strip().strip('"') for cell in first.split(delimiter)]
    headed = not all(_is_number(cell) for cell in cells)
    if not headed:
        text = delimiter.join(map(str, range(len(cells)))) + "\n" + text
    try:
        frame = read_delimited(text, where="", likely=delimiter)
    except DataError as error:
        raise UnreadableCellError("ragged", f"is not a table: {error.where}: {error.what}", fix=error.fix) from None
    return _numbers(frame), tuple(frame.columns) if headed else ()


def _parquet(content: bytes) -> tuple[np.ndarray, tuple[str, ...]]:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("parquet", "reading Parquet") from None
    try:
        frame = pq.read_table(pa.BufferReader(content)).to_pandas()
    except (pa.ArrowException, OSError) as error:
        raise _no_series(f"cannot be read as Parquet: {error}") from None
    return _numbers(frame), tuple(str(name) for name in frame.columns)


def _numbers(frame: pd.DataFrame) -> Float[np.ndarray, "time column"]:
    columns = [_column(frame.iloc[:, position]) for position in range(frame.shape[1])]
    return np.stack(columns, axis=1) if columns else np.zeros((0, 0))


def _column(column: pd.Series) -> Float[np.ndarray, " time"]:
    if not isinstance(column.dtype, pd.DatetimeTZDtype) and column.dtype.kind not in "mM":
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        if np.isfinite(numbers).any() or not len(column):
            return numbers
        column = pd.Series(pd.to_datetime(column, errors="coerce", format="ISO8601", utc=True))
    moments = pd.Series(pd.to_timedelta(column) if column.dtype.kind == "m" else column)
    seconds = moments.to_numpy(dtype="timedelta64[ns]" if moments.dtype.kind == "m" else "datetime64[ns]")
    return np.where(np.isnat(seconds), np.nan, seconds.astype(np.int64) / 1e9)


def _shaped(array: np.ndarray) -> Float[np.ndarray, "time column"]:
    if array.dtype.kind not in "biuf" or array.ndim not in (1, 2):
        raise _no_series(f"is an array of shape {array.shape} and type {array.dtype}, not [time] or [time, channel]")
    return array.reshape(len(array), -1 if array.size else 0).astype(np.float64)


def _is_number(cell: str) -> bool:
    if cell.lower() in _MISSING:
        return True
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _no_series(what: str) -> UnreadableCellError:
    return UnreadableCellError("not_a_series", what, fix="save it as CSV with a column for each channel")
