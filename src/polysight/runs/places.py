"""Places: whether something can be put at a path, asked before the work that makes it."""

from __future__ import annotations

from pathlib import Path

from polysight.core.errors import StorageError


def check_file(path: Path) -> None:
    """Check that a file can be put at a path; makes nothing.

    Raises:
        StorageError: A file stands where a folder must be, or a folder where the file must be.
    """
    if path.is_dir():
        raise StorageError("is a folder", where=str(path), fix="name a file in it")
    check_folders(path)


def check_folders(path: Path) -> None:
    """Check that the folders a path leads through are folders as far as they are there; makes nothing.

    Raises:
        StorageError: One of them is a file.
    """
    nearest = next(parent for parent in path.absolute().parents if parent.exists())
    if not nearest.is_dir():
        raise StorageError("is a file, not a folder", where=str(nearest), fix="choose another place for the output")
