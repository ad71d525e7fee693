"""Heat: what spoke for and against a class, laid over a picture, as a PNG inside the page."""

from __future__ import annotations

import base64
import io

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image

#: What speaks for the class, and what against it; as on the page.
FOR, AGAINST = (11, 107, 116), (181, 82, 43)
#: The longest and the shortest side of a picture on the page, in pixels.
LARGEST, SMALLEST = 448, 224
#: How much of the picture the strongest heat hides.
COVER = 0.8


def png_of(picture: UInt8[np.ndarray, "height width_px 3"]) -> str:
    """A picture as the address of an image: larger if it is tiny, smaller if it is huge."""
    file = io.BytesIO()
    Image.fromarray(_sized(picture)).save(file, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def heated(
    picture: UInt8[np.ndarray, "height width_px 3"] | None, heat: Float[np.ndarray, "y x"]
) -> UInt8[np.ndarray, "height width_px 3"]:
    """A picture in grey under its heat; without one, the heat alone.

    Args:
        picture: The picture.
        heat: Positive speaks for the class, negative against; the strongest covers most.
    """
    if picture is None:
        picture = np.full((*heat.shape, 3), 235, dtype=np.uint8)
    shown = _sized(picture).astype(np.float64)
    grey = shown.mean(axis=2, keepdims=True).repeat(3, axis=2)
    size = shown.shape[1], shown.shape[0]
    # Coarse maps of a network are smooth; maps of regions come at the picture's own size and keep their edges.
    way = Image.Resampling.NEAREST if heat.shape == picture.shape[:2] else Image.Resampling.BILINEAR
    spread = np.asarray(Image.fromarray(heat.astype(np.float32)).resize(size, way), dtype=np.float64)
    largest = np.abs(spread).max()
    share = COVER * np.abs(spread) / largest if largest else np.zeros_like(spread)
    tone = np.where(spread[..., None] > 0, np.array(FOR), np.array(AGAINST))
    return (grey * (1 - share[..., None]) + tone * share[..., None]).round().astype(np.uint8)


def _sized(picture: UInt8[np.ndarray, "height width_px 3"]) -> UInt8[np.ndarray, "height width_px 3"]:
    height, width = picture.shape[:2]
    longest = max(height, width)
    scale = LARGEST / longest if longest > LARGEST else max(SMALLEST // longest, 1)
    if scale == 1:
        return picture
    way = Image.Resampling.NEAREST if scale > 1 else Image.Resampling.LANCZOS
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    return np.asarray(Image.fromarray(picture).resize(size, way))
