"""NumPy files: the shape a ``.npy`` file announces, and its numbers; never an object, which could hold code."""

from __future__ import annotations

import io
from typing import BinaryIO

import numpy as np
from jaxtyping import Num

from polysight.core.errors import UnreadableCellError

#: How every ``.npy`` file begins.
MAGIC = b"\x93NUMPY"
#: How many rows of a table are looked at, and how many there must be.
_LOOKED_AT, _FEWEST = 5_000, 8
#: Half the mean square step over the variance, from which on rows have no order.
_NO_ORDER = 0.5


def shape_of_npy(file: BinaryIO) -> tuple[int, ...]:
    """The shape, from the header alone.

    Raises:
        UnreadableCellError: ``empty_file``, ``not_an_array`` or ``not_numbers``.
    """
    shape, _, dtype = _header(file)
    if dtype.kind not in "biuf":
        raise UnreadableCellError("not_numbers", f"holds {dtype}, not plain numbers", fix="save an array of numbers")
    return shape


def header_of_npy(file: BinaryIO) -> tuple[tuple[int, ...], np.dtype]:
    """Shape and type, from the header alone.

    Raises:
        UnreadableCellError: ``empty_file`` or ``not_an_array``.
    """
    shape, _, dtype = _header(file)
    return shape, dtype


def read_npy(content: bytes) -> Num[np.ndarray, "*any"]:
    """The numbers of a ``.npy`` file, read-only, without a copy where the file stores them row by row.

    Raises:
        UnreadableCellError: As ``shape_of_npy``, or ``truncated``.
    """
    file = io.BytesIO(content)
    shape, column_order, dtype = _header(file)
    if dtype.kind not in "biuf":
        raise UnreadableCellError("not_numbers", f"holds {dtype}, not plain numbers", fix="save an array of numbers")
    start, count = file.tell(), int(np.prod(shape, dtype=np.int64))
    if len(content) - start < count * dtype.itemsize:
        what = f"announces {count * dtype.itemsize:,} bytes and holds {len(content) - start:,}"
        raise UnreadableCellError("truncated", f"the file is cut short: {what}", fix="copy it again")
    numbers = np.frombuffer(content, dtype=dtype, count=count, offset=start)
    return numbers.reshape(shape, order="F" if column_order else "C")


def _header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype]:
    start = file.read(len(MAGIC) + 2)
    if not start:
        raise UnreadableCellError("empty_file", "the file is empty", fix="copy it again")
    file.seek(0)
    try:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, column_order, dtype = read(file)
    except (ValueError, EOFError, SyntaxError, TypeError) as error:
        what = f"not a NumPy array that can be read: {error}"
        raise UnreadableCellError("not_an_array", what[:300], fix="save it with numpy.save") from None
    return tuple(int(side) for side in shape), column_order, dtype


def to_npy(array: np.ndarray) -> bytes:
    """An array in memory as the bytes of a ``.npy`` file, so that it is read like any other.

    Raises:
        UnreadableCellError: ``not_numbers``: an array of objects.
    """
    buffer = io.BytesIO()
    try:
        np.save(buffer, array, allow_pickle=False)
    except ValueError:
        raise UnreadableCellError("not_numbers", "holds something that is no number") from None
    return buffer.getvalue()


def without_order(table: Num[np.ndarray, "row column"]) -> bool:
    """Whether rows could as well be shuffled: points in space, rather than moments one after the other.

    By von Neumann's ratio of at most 5,000 rows: half the mean square of steps from row to row over the variance is
    about 1 where rows have no order, and near 0 in a record of anything that moves steadily.
    """
    rows = np.asarray(table[:_LOOKED_AT], dtype=np.float64)
    rows = rows[np.isfinite(rows).all(axis=1)]
    if len(rows) < _FEWEST:
        return False
    spread = rows.var(axis=0)
    moving = spread > 0
    ratio = (np.diff(rows, axis=0) ** 2).mean(axis=0)[moving] / (2 * spread[moving])
    return bool(ratio.size and ratio.mean() > _NO_ORDER)
