"""Metadata of files that tells the label: size on disk, date, width and height, camera, software."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar

import numpy as np
import PIL.Image
from numpy.typing import NDArray

from polysight.core.errors import UnreadableCellError
from polysight.core.files import resolve_inside
from polysight.health.base import Check
from polysight.health.examination import Examination, drawn
from polysight.health.file_names import names_in
from polysight.health.finding import Finding
from polysight.health.telling import telling

#: What headers are read of; formats that run programs or hold documents are not opened.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM", "AVIF", "JPEG2000")
#: Files looked at of each column.
MOST_FILES = 1_000
#: The skill from which on a fact matters. How large a file is follows from what is in it, so that may tell more.
SKILLS: Mapping[str, float] = {"bytes": 0.6, "date": 0.2, "pixels": 0.4, "shape": 0.4, "camera": 0.2, "taken": 0.2}
#: How seldom luck may give as much.
LUCK = 0.01
_MAKE, _MODEL, _SOFTWARE, _TAKEN = 0x010F, 0x0110, 0x0131, 0x0132
_SUB_IFD, _ORIGINALLY_TAKEN = 0x8769, 0x9003


@dataclass(frozen=True)
class FileMetadata(Check):
    """Facts about files, not what is in them, that alone tell the label."""

    kind: ClassVar[str] = "file_metadata"

    def run(self, table: Examination) -> tuple[Finding, ...]:
        """Warn of facts that tell."""
        if not table.file_columns:
            return ()
        told = [thing for column in table.file_columns for thing in _telling_facts(table, column)]
        if not told:
            return (Finding.good(self.kind),)
        columns = tuple(dict.fromkeys(column for column, _, _ in told))
        return (Finding(self.kind, "warn", f"{self.kind}.found", {"told": told}, columns),)


def _telling_facts(table: Examination, column: str) -> Iterator[tuple[str, str, str]]:
    filled, paths = names_in(table.used[column])
    some = drawn(len(paths), MOST_FILES)
    found = [_facts(paths[position].as_posix(), table.root) for position in some]
    codes, groups = table.task.codes[filled[some]], table.task.groups
    for fact, worthwhile in SKILLS.items():
        values = _column([facts.get(fact) for facts in found])
        of = None if groups is None else groups[filled[some]]
        told = telling(values, codes, of, seed=table.seed, worthwhile=worthwhile)
        if told.skill >= worthwhile and told.p <= LUCK:
            yield column, fact, f"{told.skill:.0%}"


def _column(values: list[float | str | None]) -> NDArray[np.generic]:
    if any(isinstance(value, str) for value in values):
        return np.array(["" if value is None else str(value) for value in values])
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _facts(name: str, root: Path) -> dict[str, float | str]:
    """What is known of a file without looking at its content."""
    try:
        path = resolve_inside(name, root)
        about = path.stat()
    except (UnreadableCellError, OSError):
        return {}
    # Files copied in one go are minutes apart at most.
    return {"bytes": float(about.st_size), "date": float(about.st_mtime // 60), **_of_image(path)}


def _of_image(path: Path) -> dict[str, float | str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of pictures that are too large or badly tagged: reading them says so.
            with PIL.Image.open(path, formats=FORMATS) as image:
                exif = image.getexif()
                original = exif.get_ifd(_SUB_IFD).get(_ORIGINALLY_TAKEN) or exif.get(_TAKEN)
                camera = " ".join(str(exif.get(tag, "")) for tag in (_MAKE, _MODEL, _SOFTWARE)).strip()
                facts: dict[str, float | str] = {
                    "pixels": float(image.width * image.height),
                    "shape": image.width / image.height,
                    "camera": camera,
                }
    except Exception:
        # Decoders raise nearly anything on damaged files, and this may be no image at all.
        return {}
    taken = _seconds(original)
    return facts if taken is None else {**facts, "taken": taken}


def _seconds(written: object) -> float | None:
    try:
        return (datetime.strptime(str(written), "%Y:%m:%d %H:%M:%S") - datetime(1970, 1, 1)).total_seconds()
    except ValueError:
        return None
