"""A folder as a table: one folder a class, or files listed in a ``metadata`` table beside them."""

from __future__ import annotations

import warnings
from collections import Counter
from pathlib import Path

import pandas as pd

from polysight.core.errors import DataError
from polysight.data.media import media_kind
from polysight.data.parts import are_parts

#: Tables that describe the files of their folder, in the order they are looked for (the layout of Hugging Face).
METADATA = ("metadata.csv", "metadata.jsonl", "metadata.parquet")


def metadata_table(folder: Path) -> Path | None:
    """The table that describes a folder's files, if there is one."""
    return next((folder / name for name in METADATA if (folder / name).is_file()), None)


def read_class_folders(folder: Path) -> pd.DataFrame:
    """Read a folder of class folders: a column named after the kind of file (``image``, ``audio``) and ``label``.

    Files are found at any depth below a class folder and sorted by path. Hidden files are passed over; files of
    another kind than the most frequent one are left out with a warning.

    Raises:
        DataError: There are no class folders, they are named like parts (``train``, ``test``), or no file in
            them is of a kind polysight knows.
    """
    classes = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    if are_parts(path.name for path in classes):
        raise DataError(
            f"holds the parts {', '.join(path.name for path in classes)}, not classes",
            where=str(folder),
            fix=f"give one of them: {folder / classes[0].name}",
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


def _is_visible_file(path: Path, folder: Path) -> bool:
    return path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
