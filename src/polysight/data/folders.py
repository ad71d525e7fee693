"""A folder as a table: one folder a class, or files listed in a ``metadata`` table beside them.

Source: the layout of Hugging Face's ImageFolder and AudioFolder (``metadata.csv`` with a column ``file_name``).
Departures: parts (``train``, ``test``) are never put together, and a folder's tables are never merged with those of
its sub-folders: which rows teach and which judge is for a person to say.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from polysight.core.errors import DataError, UnreadableCellError, did_you_mean
from polysight.core.files import resolve_inside
from polysight.data.columns import missing
from polysight.data.media import media_kind
from polysight.data.parts import are_parts

#: Tables that describe the files of their folder, in the order they are looked for (the layout of Hugging Face).
METADATA = ("metadata.csv", "metadata.jsonl", "metadata.parquet")
#: The column of a metadata table that names files; several have names of their own before it (``scan_file_name``).
FILE_NAME = "file_name"
#: Files looked for before a metadata table is taken to belong elsewhere.
_LOOKED_FOR = 1_000


def metadata_table(folder: Path) -> Path | None:
    """The table that describes a folder's files, if there is one."""
    return next((folder / name for name in METADATA if (folder / name).is_file()), None)


def check_metadata(table: pd.DataFrame, *, path: Path, root: Path) -> None:
    """Check that a metadata table names files and that these are there.

    A single file that is not there is no error here: whoever reads it reports row, column and file.

    Args:
        table: What the metadata file holds.
        path: The metadata file.
        root: The folder that paths in cells start from.

    Raises:
        DataError: No column ``file_name``, or not one of its files is there.
    """
    names = [str(name) for name in table.columns]
    columns = [name for name in names if name == FILE_NAME or name.endswith(f"_{FILE_NAME}")]
    if not columns:
        fix = did_you_mean(FILE_NAME, names) or f"its columns are: {', '.join(names)}"
        raise DataError(
            f"has no column {FILE_NAME!r} that names the files beside it",
            where=str(path),
            fix=f"{fix}; rename it, or give the table itself instead of its folder",
        )
    cells = [str(cell) for name in columns for cell in table[name][~missing(table[name])]]
    if not any(_is_there(cell, root) for cell in cells[:_LOOKED_FOR]):
        raise DataError(
            f"not one file that {', '.join(columns)} names is there, such as {cells[0] if cells else ''!r}",
            where=str(path),
            fix=f"paths start from {root}; correct them, or name another folder with root=",
        )
    parts = sorted({Path(cell).parts[0] for cell in cells if len(Path(cell).parts) > 1})
    if len(parts) > 1 and are_parts(parts):
        warnings.warn(
            f"{path}: the rows of {', '.join(parts)} are read as one table; to judge on one of them, part them first",
            stacklevel=3,
        )


def _is_there(cell: str, root: Path) -> bool:
    try:
        return resolve_inside(cell, root).is_file()
    except UnreadableCellError:
        return False


def read_class_folders(folder: Path) -> pd.DataFrame:
    """Read a folder of class folders: a column named after the kind of file (``image``, ``audio``) and ``label``.

    Files are found at any depth below a class folder and sorted by path. Hidden files are passed over; files of
    another kind than the most frequent one are left out with a warning.

    Raises:
        DataError: There are no class folders, they are named like parts (``train``, ``test``), one of them is
            described by a metadata table of its own, or no file in them is of a kind polysight knows.
    """
    classes = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if are_parts(path.name for path in classes):
        raise DataError(
            f"holds the parts {', '.join(path.name for path in classes)}, not classes",
            where=str(folder),
            fix=f"give one of them: {folder / _training_part(classes)}",
        )
    if described := [table for path in classes if (table := metadata_table(path)) is not None]:
        raise DataError(
            f"holds folders with tables of their own: {', '.join(f'{t.parent.name}/{t.name}' for t in described)}",
            where=str(folder),
            fix=f"give one of them: {described[0].parent}, or one {METADATA[0]} for all in {folder}",
        )
    files = [(path, part.name) for part in classes for path in sorted(part.rglob("*")) if _is_visible_file(path, part)]
    kinds = Counter(kind for path, _ in files if (kind := media_kind(path.name)))
    if not kinds:
        raise DataError(
            "holds no class folders with files in them",
            where=str(folder),
            fix=f"give a table, a folder with one folder a class, or one with {METADATA[0]}",
        )
    kind = kinds.most_common(1)[0][0]
    rows = [(path.relative_to(folder).as_posix(), name) for path, name in files if media_kind(path.name) == kind]
    if left_out := len(files) - len(rows):
        warnings.warn(f"{folder}: {left_out} files are no {kind} and are left out", stacklevel=3)
    return pd.DataFrame(rows, columns=[kind, "label"], dtype="str")


def _training_part(parts: Sequence[Path]) -> str:
    # "train" and its like in English and Chinese begin so; the first by name may be the test part.
    return next((path.name for path in parts if path.name.lower().startswith(("tr", "训练"))), parts[0].name)


def _is_visible_file(path: Path, folder: Path) -> bool:
    return path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
