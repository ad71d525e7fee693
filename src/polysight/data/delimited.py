"""Delimited text (CSV, TSV, semicolons) to columns of strings, exactly as written; every irregularity is an error."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence

import pandas as pd

from polysight.core.errors import DataError

DELIMITERS = (",", "\t", ";")
#: Rows turned into columns at a time, so that a large table is never held as Python strings.
CHUNK = 50_000


def read_delimited(text: str, *, where: str, likely: str = ",") -> pd.DataFrame:
    """Read a table in which every cell stays the string it was; only an empty cell is missing.

    A line with nothing on it is a row with nothing in it, so that row numbers stay those of the file; empty lines
    at the end are no rows.

    Args:
        text: The whole table.
        where: The file's name, for messages.
        likely: The delimiter of a header that could have been cut by several, or by none.

    Raises:
        DataError: No header, a column without a name, two of one name, a row that is longer or shorter than the
            header (with its number), or a quote that is never closed.
    """
    rows = _rows(text, likely, where)
    header = next((row for row in rows if row), None)
    if header is None:
        raise DataError("the file is empty", where=where, fix="give a table with a header and at least one row")
    check_header(header, where=where)
    parts = [_frame(chunk, header) for chunk in _chunks(rows, len(header), where)]
    return pd.concat(parts, ignore_index=True) if parts else _frame([], header)


def check_header(header: Sequence[str], *, where: str) -> None:
    """Check that every column has a name of its own.

    Raises:
        DataError: A blank name, or a name that occurs twice.
    """
    blank = [str(position) for position, name in enumerate(header, start=1) if not str(name).strip()]
    if blank:
        raise DataError(
            f"column {', '.join(blank)} has no name",
            where=f"{where}: header",
            fix="name it or remove it; pandas writes row numbers there unless to_csv gets index=False",
        )
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        raise DataError(
            f"two columns have the same name: {', '.join(map(repr, twice))}",
            where=f"{where}: header",
            fix="rename or remove one of them",
        )


def _rows(text: str, likely: str, where: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, likely), strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise DataError(
            f"cannot be read as a table: {error}",
            where=f"{where}: line {reader.line_num}",
            fix='look for a quote (") that is never closed, or double the quotes inside a quoted cell',
        ) from None


def _delimiter(text: str, likely: str) -> str:
    """The delimiter that cuts the header into most cells."""
    first = next((line.rstrip("\r\n") for line in io.StringIO(text, newline="") if line.strip()), "")
    return max((likely, *DELIMITERS), key=lambda mark: len(next(csv.reader([first], delimiter=mark), [])))


def _chunks(rows: Iterator[list[str]], width: int, where: str) -> Iterator[list[list[str]]]:
    chunk: list[list[str]] = []
    empty = 0
    for number, row in enumerate(rows):
        if not row:
            empty += 1
            continue
        if len(row) != width:
            raise _ragged(number, row, width, where)
        chunk.extend([[""] * width] * empty)
        chunk.append(row)
        empty = 0
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _ragged(number: int, row: Sequence[str], width: int, where: str) -> DataError:
    extra = len(row) - width
    fix = "quote cells that hold the delimiter" if extra > 0 else "fill in the missing cells"
    if extra == 1 and not row[-1]:
        fix = "remove the delimiter at the end of the row"
    return DataError(f"has {len(row)} cells, the header has {width}", where=f"{where}: row {number}", fix=fix)


def _frame(rows: Sequence[Sequence[str]], header: Sequence[str]) -> pd.DataFrame:
    cells = zip(*rows, strict=True) if rows else ([] for _ in header)
    columns = {
        name: pd.Series([cell or None for cell in column], dtype="str")
        for name, column in zip(header, cells, strict=True)
    }
    return pd.DataFrame(columns)
