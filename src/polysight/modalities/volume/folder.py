"""Folders: a DICOM series is a folder of files; here they become one content, so that a cell is read like any other."""

from __future__ import annotations

import json
from pathlib import Path

from polysight.core.errors import UnreadableCellError
from polysight.modalities.cellwise import LARGEST_FILE

#: How the content of a folder begins.
MAGIC = b"polysight folder\n"
#: Endings of DICOM files; others count if they begin like one, and are passed over if not.
DICOM_SUFFIXES = (".dcm", ".dicom", ".ima")
#: What stands 128 bytes into every DICOM file.
_DICM = b"DICM"


def is_dicom(content: bytes) -> bool:
    """Whether these bytes begin like a DICOM file."""
    return content[128:132] == _DICM


def series_files(folder: Path) -> list[Path]:
    """The DICOM files in a folder, by name; hidden files and the index ``DICOMDIR`` are passed over."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    return [path for path in files if path.name.upper() != "DICOMDIR" and _may_be_dicom(path)]


def packed(folder: Path, root: Path) -> bytes:
    """The DICOM files of a folder as one content.

    Raises:
        UnreadableCellError: ``no_dicom`` (there are none), ``too_large`` (2 GB), ``outside_root`` (a link leaves
            the table's folder) or ``unreadable``.
    """
    try:
        files = series_files(folder)
        if not files:
            raise UnreadableCellError("no_dicom", "the folder holds no DICOM file", fix="name the folder of the slices")
        if not all(path.resolve().is_relative_to(root.resolve()) for path in files):
            raise UnreadableCellError("outside_root", "a link in the folder leaves the table's folder")
        if sum(path.stat().st_size for path in files) > LARGEST_FILE:
            raise UnreadableCellError("too_large", "the folder holds more than 2 GB", fix="make the volume smaller")
        contents = [path.read_bytes() for path in files]
    except OSError as error:
        raise UnreadableCellError("unreadable", f"cannot be read: {error.strerror}", path=str(folder)) from None
    index = json.dumps([[path.name, len(content)] for path, content in zip(files, contents, strict=True)]).encode()
    return b"".join([MAGIC, len(index).to_bytes(8, "little"), index, *contents])


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a packed folder by name."""
    start = len(MAGIC) + 8
    end = start + int.from_bytes(content[len(MAGIC) : start], "little")
    files = {}
    for name, size in json.loads(content[start:end]):
        files[name] = content[end : end + size]
        end += size
    return files


def _may_be_dicom(path: Path) -> bool:
    if path.suffix.lower() in DICOM_SUFFIXES:
        return True
    with path.open("rb") as file:
        return is_dicom(file.read(132))
