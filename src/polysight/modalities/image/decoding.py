"""Decoding: the bytes of an image file to upright 8-bit RGB; what is damaged is refused, never half-grey.

Pillow decodes (it notices truncated JPEG files, where OpenCV fills up with grey), OpenCV resizes.
Colour profiles are not applied. Of an animation the first frame counts.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import PIL.Image
from jaxtyping import Num, UInt8

from polysight.core.errors import UnreadableCellError
from polysight.modalities.image.depth import Window, to_8_bit

#: The most pixels an image may have (Pillow's own limit against decompression bombs).
MOST_PIXELS = 89_478_485
#: What is read: formats with a clear signature; those that run programs or hold documents (EPS, PDF) are not.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "DIB", "TIFF", "WEBP", "PPM", "AVIF", "JPEG2000")
#: How names of image files end. HEIC cannot be read, but such a column is one of images, and its cells say why not.
SUFFIXES = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".gif", ".bmp", ".dib", ".tif", ".tiff", ".webp"}
    | {".ppm", ".pgm", ".pbm", ".pnm", ".avif", ".jp2", ".j2k", ".heic", ".heif"}
)

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_270,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_90,
}
_CONVERT = "save it as PNG or JPEG"

T = TypeVar("T")


@dataclass(frozen=True)
class Header:
    """What the header of an image file says; ``deep`` is more than 8 bits a value (16-bit, 32-bit, float)."""

    width: int
    height: int
    deep: bool


def read_header(content: bytes) -> Header:
    """Read the header alone.

    Raises:
        UnreadableCellError: ``empty_file``, ``not_an_image``, ``too_large`` or ``corrupt``.
    """
    with opened(content) as image:
        return Header(*image.size, is_deep(image))


def decode_rgb(content: bytes, side: int, window: Window | None = None) -> UInt8[np.ndarray, "height width 3"]:
    """Decode an image, upright, on white where it is transparent.

    Args:
        content: The bytes of a file.
        side: How many pixels will be needed. A JPEG file is decoded at 1/2, 1/4 or 1/8 where its shorter side
            then still has as many; that depends on nothing but the file's header.
        window: Which values become black and white in images deeper than 8 bits; None: what
            ``depth.value_window`` says of the image itself. Of 48-bit colour the upper 8 bits of each channel are kept.

    Raises:
        UnreadableCellError: ``empty_file``, ``not_an_image``, ``too_large``, ``truncated``, ``corrupt`` or
            ``no_values`` (nothing but NaN).
    """
    with opened(content) as image:
        if is_deep(image):
            levels = to_8_bit(_deep_values(image), window)
            return np.repeat(levels[..., None], 3, axis=2)
        image.draft(image.mode, (side, side))
        return guarded(lambda: np.asarray(on_white(_upright(image))))


def deep_values(content: bytes) -> Num[np.ndarray, "height width"]:
    """The values of an image deeper than 8 bits, as the file holds them.

    Raises:
        UnreadableCellError: As ``decode_rgb``.
    """
    with opened(content) as image:
        return _deep_values(image)


def to_file(image: PIL.Image.Image | np.ndarray) -> bytes:
    """An image in memory as the bytes of a lossless file, so that it is read like any other.

    Args:
        image: A Pillow image, or an array [height, width] or [height, width, 1, 3 or 4] (RGB order).

    Raises:
        UnreadableCellError: ``not_an_image``: an array of another shape or dtype.
    """
    buffer = io.BytesIO()
    try:
        if isinstance(image, np.ndarray):
            if image.ndim not in (2, 3):
                raise ValueError(f"has {image.ndim} axes")
            image = PIL.Image.fromarray(image[..., 0] if image.ndim == 3 and image.shape[2] == 1 else image)
        upright = _upright(image)
        (upright if is_deep(upright) else on_white(upright)).save(buffer, format="TIFF")
    except (TypeError, ValueError, OSError, KeyError) as error:
        raise UnreadableCellError("not_an_image", f"cannot be seen as an image: {error}") from None
    return buffer.getvalue()


def opened(content: bytes) -> PIL.Image.Image:
    """An image file whose header has been read.

    Raises:
        UnreadableCellError: As ``read_header``.
    """
    if not content:
        raise UnreadableCellError("empty_file", "the file is empty", fix="copy it again")
    if content.startswith(b"\xff\xd8"):
        # A copy that broke off may be padded with zeros; without them Pillow sees that it is truncated.
        content = content.rstrip(b"\0")
    image = guarded(lambda: PIL.Image.open(io.BytesIO(content), formats=FORMATS))
    if image.width * image.height > MOST_PIXELS:
        raise _too_large(f"{image.width} x {image.height} pixels")
    return image


def guarded(function: Callable[[], T]) -> T:
    """What a function gives; whatever Pillow raises becomes an ``UnreadableCellError``."""
    try:
        return function()
    except PIL.UnidentifiedImageError:
        raise UnreadableCellError("not_an_image", "no image format that can be read", fix=_CONVERT) from None
    except (PIL.Image.DecompressionBombError, PIL.Image.DecompressionBombWarning) as error:
        raise _too_large(str(error)) from None
    except Exception as error:
        # Decoders raise nearly anything on damaged files: OSError, SyntaxError, struct.error, IndexError...
        reason = "truncated" if "truncated" in str(error).lower() else "corrupt"
        raise UnreadableCellError(reason, f"the file is damaged: {error}", fix="copy it again") from None


def _too_large(what: str) -> UnreadableCellError:
    return UnreadableCellError("too_large", f"has more than {MOST_PIXELS:,} pixels: {what}", fix="make it smaller")


def _upright(image: PIL.Image.Image) -> PIL.Image.Image:
    image.load()
    try:
        turn = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        # Whatever is wrong with the notes of a camera says nothing against the picture.
        turn = None
    return image if turn is None else image.transpose(turn)


def on_white(image: PIL.Image.Image) -> PIL.Image.Image:
    """The image in RGB, on white where it is transparent."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    white = PIL.Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")


def is_deep(image: PIL.Image.Image) -> bool:
    """Whether the image has more than 8 bits a value."""
    return image.mode[0] in "IF"


def _deep_values(image: PIL.Image.Image) -> Num[np.ndarray, "height width"]:
    return guarded(lambda: np.asarray(_upright(image)))
