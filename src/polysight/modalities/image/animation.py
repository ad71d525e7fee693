"""Animations: image files that hold several frames or pages, and are rather sequences than images."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import PIL.Image

from polysight.core.files import resolve_inside
from polysight.modalities.file_columns import evenly_spread
from polysight.modalities.image.decoding import FORMATS

#: Endings of files that may hold several frames.
ANIMATED = frozenset({".gif", ".tif", ".tiff", ".webp", ".png", ".apng"})
#: How many files are opened.
_OPENED = 8


def mostly_animated(names: Sequence[Any], root: Path) -> bool:
    """Whether most of (at most eight) files named hold more than one frame; files that cannot be opened do not."""
    named = [n for n in names if isinstance(n, str) and PurePosixPath(n.strip()).suffix.lower() in ANIMATED]
    several = [_several(named[position].strip(), root) for position in evenly_spread(len(named), _OPENED)]
    return 2 * sum(several) > len(several)


def _several(name: str, root: Path) -> bool:
    try:
        with PIL.Image.open(resolve_inside(name, root), formats=FORMATS) as image:
            return bool(getattr(image, "n_frames", 1) > 1)
    except Exception:
        # Decoders raise nearly anything on damaged files; ``read`` says what is wrong with them.
        return False
