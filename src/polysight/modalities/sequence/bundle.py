"""Bundles: a few images of a folder as one piece of content, so that a folder is read, keyed and kept like a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from polysight.core.errors import UnreadableCellError
from polysight.modalities.image.decoding import SUFFIXES
from polysight.modalities.sequence.sampling import evenly

_HEAD = b"polysight frames\n"
#: Bytes that say how long each image is.
_SIZE = 8


def images_in(folder: Path) -> list[Path]:
    """The image files of a folder in the order of their names, in which numbers count as numbers (2 before 10)."""
    files = [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith(".") and p.is_file()]
    return sorted(files, key=lambda path: (_natural(path.name), path.name))


def packed_folder(folder: Path, most: int, largest: int) -> bytes:
    """At most ``most`` images of a folder, evenly spread, as one content; it does not depend on their names.

    Raises:
        UnreadableCellError: ``no_frames``, ``too_large`` (more than ``largest`` bytes) or ``unreadable``.
    """
    try:
        files = images_in(folder)
        if not files:
            raise UnreadableCellError("no_frames", "the folder holds no images", fix="put the frames into it")
        chosen = [files[place] for place in evenly(len(files), most)]
        if sum(path.stat().st_size for path in chosen) > largest:
            raise UnreadableCellError("too_large", "its images are larger than 2 GB", fix="make them smaller")
        return packed([path.read_bytes() for path in chosen])
    except OSError as error:
        raise UnreadableCellError("unreadable", f"cannot be read: {error.strerror}") from None


def packed(images: Sequence[bytes]) -> bytes:
    """Some images as one content."""
    return _HEAD + b"".join(len(image).to_bytes(_SIZE, "little") + image for image in images)


def is_bundle(content: bytes) -> bool:
    """Whether content was made by ``packed``."""
    return content.startswith(_HEAD)


def unpacked(content: bytes) -> list[bytes]:
    """The images again."""
    images, place = [], len(_HEAD)
    while place < len(content):
        start = place + _SIZE
        place = start + int.from_bytes(content[place:start], "little")
        images.append(content[start:place])
    return images


def _natural(name: str) -> list[tuple[int, str]]:
    # Runs of digits compare as numbers, all else as text; digits come first.
    return [
        (int(part), "") if part.isdecimal() else (10**18, part.lower()) for part in re.split(r"(\d+)", name) if part
    ]
