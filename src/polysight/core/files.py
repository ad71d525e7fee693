"""Files: written whole or not at all, found inside their root or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from polysight.core.errors import StorageError, UnreadableCellError


@contextmanager
def atomic_path(target: Path | str) -> Iterator[Path]:
    """A temporary path beside ``target`` that becomes ``target`` when the block ends well.

    Raises:
        StorageError: The disk is full, read-only or not writable.
    """
    target = Path(target)
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
    except OSError as error:
        raise StorageError(f"cannot write: {error.strerror or error}", where=str(target)) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_bytes(target: Path | str, content: bytes) -> None:
    """Write a file atomically."""
    with atomic_path(target) as path:
        path.write_bytes(content)


def write_text(target: Path | str, text: str) -> None:
    """Write a UTF-8 text file atomically."""
    write_bytes(target, text.encode())


def write_json(target: Path | str, value: Any) -> None:
    """Write JSON atomically: keys in the order given, readable, without NaN."""
    write_text(target, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def sha256(path: Path | str) -> str:
    """The SHA-256 of a file's bytes, as hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def resolve_inside(cell: str, root: Path, *, folders: bool = False) -> Path:
    """The path a cell names, which must lie inside ``root``.

    Absolute paths are fine when they lie inside the root; links are followed before the check.

    Args:
        cell: The path, as written in a cell.
        root: The folder that relative paths start from.
        folders: Whether a folder will do as well as a file.

    Raises:
        UnreadableCellError: ``outside_root``, ``not_found``, ``not_a_file`` or ``bad_path``.
    """
    try:
        base = root.resolve()
        path = (base / cell).resolve()
        if not path.is_relative_to(base):
            raise UnreadableCellError(
                "outside_root",
                "the path leaves the table's folder",
                path=cell,
                fix="pass --root with a folder above it",
            )
        if not path.exists():
            raise UnreadableCellError("not_found", "no such file", path=cell, fix="correct the path or pass --root")
        if not (path.is_file() or (folders and path.is_dir())):
            raise UnreadableCellError("not_a_file", "is a folder, not a file", path=cell)
    except (OSError, ValueError) as error:
        if isinstance(error, UnreadableCellError):
            raise
        raise UnreadableCellError("bad_path", f"not a usable path: {error}", path=cell[:200]) from None
    return path


def folder_named(cell: str, root: Path) -> Path | None:
    """The folder inside ``root`` that a cell names; None where there is none."""
    try:
        path = resolve_inside(cell, root, folders=True)
    except UnreadableCellError:
        return None
    return path if path.is_dir() else None
