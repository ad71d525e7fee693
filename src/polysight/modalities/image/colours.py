"""Colours of images: names for pixels, and what regions are made of; the computation behind ``Colour``."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float, Int, UInt8

Images = UInt8[np.ndarray, "image size size 3"]

#: 8 hues x 2 saturations x 2 values, and 4 greys.
COLOURS = 36


def converted(images: Images, conversion: int) -> Images:
    """All images in another colour space (a ``cv2.COLOR_RGB2...`` code), in one call."""
    stacked = images.reshape(-1, images.shape[2], 3)
    return cv2.cvtColor(stacked, conversion).reshape(images.shape)


def shrunk(images: Images, most: int) -> Images:
    """The images with at most ``most`` pixels a side, neighbours averaged."""
    if images.shape[1] <= most:
        return images
    return np.stack([cv2.resize(image, (most, most), interpolation=cv2.INTER_AREA) for image in images])


def named_colours(images: Images) -> Int[np.ndarray, "image size size"]:
    """One of 36 colours for each pixel; what is dark or hardly saturated is one of the four greys (32 to 35)."""
    hsv = converted(images, cv2.COLOR_RGB2HSV).astype(np.int64)
    hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
    # OpenCV counts hues from 0 to 179; half a bin on, so that red is not cut in two.
    coloured = (hue * 8 + 90) // 180 % 8 * 4 + (saturation >= 128) * 2 + (value >= 128)
    return np.where((saturation < 32) | (value < 32), 32 + value // 64, coloured)


def colour_shares(colours: Int[np.ndarray, "image height width_px"]) -> Float[np.ndarray, "image colour"]:
    """The share of each colour in a region; rows sum to one."""
    flat = colours.reshape(len(colours), -1)
    places = flat + COLOURS * np.arange(len(flat))[:, None]
    counted = np.bincount(places.ravel(), minlength=COLOURS * len(flat)).reshape(len(flat), COLOURS)
    return counted / flat.shape[1]
