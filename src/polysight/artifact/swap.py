"""Swapping: a finished folder takes the place of an old one, so that at no moment there is nothing."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from polysight.core.errors import StorageError

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@contextmanager
def replaced_folder(target: Path) -> Iterator[Path]:
    """A temporary folder beside ``target`` that takes its place, with all it holds, when the block ends well.

    What stood there before is removed afterwards; when anything fails, it is still there, untouched.

    Raises:
        StorageError: The disk is full, read-only or not writable.
    """
    target = target.resolve()
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        yield temporary
        _sync(temporary)
        temporary.chmod(0o755)
        _take_place(temporary, target)
        _sync_folder(target.parent)
    except StorageError:
        raise
    except OSError as error:
        raise StorageError(f"cannot write: {error.strerror or error}", where=str(target)) from error
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


def _take_place(temporary: Path, target: Path) -> None:
    """Move ``temporary`` to ``target``; afterwards ``temporary`` is what stood there, or is gone."""
    if not target.exists():
        temporary.rename(target)
    elif not _exchanged(temporary, target):
        # Without an atomic exchange the old folder steps aside for a moment, and back if the new one cannot come.
        aside = temporary.with_name(f"{temporary.name}.old")
        target.rename(aside)
        try:
            temporary.rename(target)
        except OSError:
            aside.rename(target)
            raise
        aside.rename(temporary)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two names in one step; False where the system or the file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    result: int = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return result == 0


def _sync(folder: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    # Where folders cannot be opened (Windows) the file system keeps their order itself.
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
