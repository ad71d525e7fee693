"""Resizing: images of any shape to one square size."""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
from jaxtyping import UInt8

#: How an image that is not square becomes square.
Aspect = Literal["stretch", "pad"]


def to_square(
    image: UInt8[np.ndarray, "height width 3"], size: int, aspect: Aspect = "stretch"
) -> UInt8[np.ndarray, "size size 3"]:
    """Resize to ``size`` x ``size`` pixels: averaging where it shrinks, linear where it grows.

    Args:
        image: An RGB image.
        size: Pixels of each side of the result.
        aspect: ``stretch`` changes the proportions, ``pad`` keeps them and fills up with the median colour of
            the image's border (the background, of a product photo or a scan).
    """
    if aspect == "stretch":
        return _resized(image, size, size)
    height, width = image.shape[:2]
    scale = size / max(height, width)
    inner = _resized(image, max(1, round(height * scale)), max(1, round(width * scale)))
    top, left = (size - inner.shape[0]) // 2, (size - inner.shape[1]) // 2
    square = np.empty((size, size, 3), dtype=np.uint8)
    square[:] = _border_colour(inner)
    square[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return square


def _resized(image: UInt8[np.ndarray, "h w 3"], height: int, width: int) -> UInt8[np.ndarray, "height width 3"]:
    # One axis may shrink while the other grows: each has the filter that suits it.
    shrunk = (min(image.shape[1], width), min(image.shape[0], height))
    image = cv2.resize(image, shrunk, interpolation=cv2.INTER_AREA)
    return cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR)


def _border_colour(image: UInt8[np.ndarray, "height width 3"]) -> UInt8[np.ndarray, " 3"]:
    border = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    colour: UInt8[np.ndarray, " 3"] = np.median(border, axis=0).astype(np.uint8)
    return colour
