"""Tables: read a file or a folder into a DataFrame that holds exactly what was written."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from polysight.core.errors import DataError, MissingExtraError, MissingFileError, did_you_mean
from polysight.data.delimited import check_header, read_delimited
from polysight.data.encoding import decode
from polysight.data.folders import check_metadata, metadata_table, read_class_folders


def read_table(path: Path | str, *, encoding: str | None = None, root: Path | str | None = None) -> pd.DataFrame:
    """Read a table: CSV, TSV, JSON lines, Parquet, or a folder of class folders.

    Cells of text tables stay strings as written (``001``, ``NA``, ``None`` and ``nan`` are values); only the empty
    cell is missing. JSON lines and Parquet keep their types. Delimiter and encoding are found.

    A folder is described by its ``metadata.csv`` (or ``.jsonl``, ``.parquet``, in this order), whose column
    ``file_name`` names files from there: that table is what comes back, its files are the media, and whatever the
    names of sub-folders say is not looked at. Without such a table each sub-folder is a class. Folders of parts
    (``train``, ``test``) and sub-folders with tables of their own are never put together: give one of them.

    Args:
        path: A file, or a folder that holds one folder a class or a ``metadata`` table with a column ``file_name``.
        encoding: The encoding of a text table, if it is not to be found.
        root: The folder that paths in cells start from (default: the table's own); kept in ``attrs["root"]``.

    Returns:
        One row a sample, numbered from 0.

    Raises:
        MissingFileError: No such file; the nearest name is offered.
        DataError: Unknown format, not text, no rows, or an irregular header or row; a folder that is neither, or
            metadata without ``file_name`` or without one file that is there.
        MissingExtraError: Parquet without pyarrow.
    """
    path = Path(path)
    if not path.exists():
        raise _not_there(path)
    if path.is_dir():
        inner = metadata_table(path)
        if inner is not None:
            table = read_table(inner, encoding=encoding, root=root)
            check_metadata(table, path=inner, root=Path(table.attrs["root"]))
            return table
        table, folder = read_class_folders(path), path
    else:
        table, folder = _reader(path)(path, encoding), path.parent
    check_header([str(name) for name in table.columns], where=str(path))
    if table.empty:
        raise DataError("has a header but no rows", where=str(path), fix="give a table with at least one row")
    table.attrs["root"] = str(Path(root if root is not None else folder).resolve())
    return table


def _not_there(path: Path) -> MissingFileError:
    folder = path.parent
    if not folder.is_dir():
        return MissingFileError(f"there is no folder {str(folder)!r}", where=str(path))
    names = [entry.name for entry in folder.iterdir()]
    return MissingFileError("no such file or folder", where=str(path), fix=did_you_mean(path.name, names))


def _reader(path: Path) -> Callable[[Path, str | None], pd.DataFrame]:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(
            f"is not a table polysight reads: {path.suffix or 'no suffix'}",
            where=str(path),
            fix=f"save it as one of: {', '.join(READERS)}",
        )
    return reader


def _text(path: Path, encoding: str | None) -> str:
    found = decode(path.read_bytes(), encoding, where=str(path))
    if found.assumed:
        warnings.warn(
            f"{path}: the encoding cannot be told; read as {found.encoding} (Western European). "
            "If words look wrong, name it with encoding=",
            stacklevel=4,
        )
    return found.text


def _read_delimited(path: Path, encoding: str | None) -> pd.DataFrame:
    likely = "\t" if path.suffix.lower() == ".tsv" else ","
    return read_delimited(_text(path, encoding), where=str(path), likely=likely)


def _read_json_lines(path: Path, encoding: str | None) -> pd.DataFrame:
    rows = []
    for number, line in enumerate(_text(path, encoding).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise DataError(f"is not JSON: {error.msg}", where=f"{path}: line {number}") from None
        if not isinstance(row, dict):
            raise DataError("is not an object with named cells", where=f"{path}: line {number}")
        rows.append(row)
    if not rows:
        raise DataError("the file is empty", where=str(path), fix="give one JSON object a line")
    names = dict.fromkeys(name for row in rows for name in row)
    return pd.DataFrame({name: _as_written([row.get(name) for row in rows]) for name in names})


def _as_written(cells: list[Any]) -> pd.Series:
    # With a null among them pandas would turn the label 1 into 1.0.
    column = pd.Series([None if cell == "" else cell for cell in cells], dtype=object)
    whole = any(isinstance(cell, int) for cell in cells)
    return column if whole and column.isna().any() else column.infer_objects()


def _read_parquet(path: Path, encoding: str | None) -> pd.DataFrame:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise MissingExtraError("parquet", "reading Parquet") from None
    try:
        table = pq.read_table(path).to_pandas(integer_object_nulls=True)
    except pa.ArrowException as error:
        raise DataError(f"cannot be read as Parquet: {error}", where=str(path)) from None
    return table.reset_index(drop=True)


#: How each kind of file is read, by its suffix.
READERS: Mapping[str, Callable[[Path, str | None], pd.DataFrame]] = {
    ".csv": _read_delimited,
    ".tsv": _read_delimited,
    ".txt": _read_delimited,
    ".jsonl": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".parquet": _read_parquet,
}
