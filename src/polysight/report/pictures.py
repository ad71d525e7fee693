"""Pictures: an image file as a small data URI, so that a page shows it without loading anything."""

from __future__ import annotations

import base64
import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import PIL.ImageOps

from polysight.core.errors import UnreadableCellError
from polysight.core.files import resolve_inside

#: The longer side of a picture, in pixels.
SIDE = 96
#: Larger files are not opened for a picture of this size.
_LARGEST = 200 * 1000**2
#: The quality of photos; drawings and small images are kept as they are.
_QUALITY = 72


def picture(cell: str, root: Path, side: int = SIDE) -> str:
    """The image file a cell names as a data URI, ``side`` pixels at most; empty where it cannot be read.

    Args:
        cell: The path, as written in the table.
        root: The folder that relative paths start from and must not leave.
        side: The longer side.
    """
    try:
        path = resolve_inside(cell, root)
        if path.stat().st_size > _LARGEST:
            return ""
        with warnings.catch_warnings():
            # What Pillow thinks of a damaged or huge file is said where the file is read for training.
            warnings.simplefilter("ignore")
            with PIL.Image.open(path) as image:
                return encoded(_small(image, side))
    except (UnreadableCellError, OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError):
        return ""


def _small(image: PIL.Image.Image, side: int) -> PIL.Image.Image:
    """Upright, 8 bits a channel, on white, no larger than asked for."""
    if image.mode.startswith(("I", "F")):
        image = _levels(image)
    image.draft("RGB", (side, side))
    upright = PIL.ImageOps.exif_transpose(image)
    if "A" in upright.mode or "transparency" in upright.info:
        rgba = upright.convert("RGBA")
        upright = PIL.Image.alpha_composite(PIL.Image.new("RGBA", rgba.size, "white"), rgba)
    small = upright.convert("L" if upright.mode in ("1", "L") else "RGB")
    small.thumbnail((side, side))
    return small


def _levels(image: PIL.Image.Image) -> PIL.Image.Image:
    """Values of any depth from black to white."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float64))
    low, high = float(values.min()), float(values.max())
    return PIL.Image.fromarray(np.uint8(255 * (values - low) / max(high - low, 1e-12)))


def encoded(image: PIL.Image.Image) -> str:
    """A picture as a data URI: the smaller of two ways to write it."""
    written = {}
    ways: dict[str, dict[str, Any]] = {"png": {"optimize": True}, "jpeg": {"quality": _QUALITY}}
    for kind, options in ways.items():
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        written[kind] = buffer.getvalue()
    kind = min(written, key=lambda name: len(written[name]))
    return f"data:image/{kind};base64,{base64.b64encode(written[kind]).decode()}"
