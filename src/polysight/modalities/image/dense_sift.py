"""SIFT descriptors at every point of a grid, many images at a time.

Source: Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 2004.
Departures: points are upright; the Gaussian weight of the window is taken at the middle of each cell.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from polysight.modalities.image.grid import WINDOW, at_scale, grid_of, grid_positions, pooled

Images = UInt8[np.ndarray, "image size size 3"]

#: The standard deviation of the smoothing before gradients are taken, in pixels.
_SMOOTHING = 0.6
#: Mean gradient (grey levels a pixel) below which a point is flat: what it holds is noise of the compression.
_FLAT = 0.3
#: How many images are worked on at once, to bound memory.
_CHUNK = 8


def dense_descriptors(
    images: Images, *, most: int
) -> tuple[Float[np.ndarray, "image point 128"], Float[np.ndarray, "image point 2"]]:
    """Describe every point of the grid.

    Args:
        images: Square RGB images.
        most: The most points an image may have; the step between points grows until that holds.

    Returns:
        Descriptors of unit length (cells by rows, then columns, then 8 orientations, in the order of OpenCV),
        exactly zero where the image is flat; and the middle of each point, x and y from 0 to 1.
    """
    sides, step = grid_of(images.shape[1], most)
    positions = grid_positions(sides, step)
    found = np.empty((len(images), len(positions), 128), dtype=np.float32)
    for start in range(0, len(images), _CHUNK):
        grey = [cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in images[start : start + _CHUNK]]
        scales = [_described(np.stack([_smoothed(image, side) for image in grey]), step) for side in sides]
        found[start : start + _CHUNK] = np.concatenate(scales, axis=1)
    return found, np.broadcast_to(positions, (len(images), *positions.shape))


def _smoothed(grey: UInt8[np.ndarray, "height width_px"], side: int) -> Float[np.ndarray, "side side"]:
    return cv2.GaussianBlur(at_scale(grey, side), (0, 0), _SMOOTHING)


def _described(grey: Float[np.ndarray, "image side side"], step: int) -> Float[np.ndarray, "image point 128"]:
    count, side = grey.shape[:2]
    cells = pooled(_orientation_maps(grey).reshape(-1, side, side), step)
    cells = cells.reshape(8, count, *cells.shape[1:]).transpose(1, 2, 4, 3, 5, 0)
    descriptors = (cells * _cell_weights()).reshape(count, -1, 128)
    flat = np.einsum("ipd->ip", descriptors) < _FLAT * WINDOW**2
    descriptors = _unit_length(np.minimum(_unit_length(descriptors), 0.2))
    descriptors[flat] = 0
    return descriptors


def _orientation_maps(grey: Float[np.ndarray, "image side side"]) -> Float[np.ndarray, "8 image side side"]:
    """Lengths of gradients, each shared between the two nearest of eight directions (from right, by 45 degrees)."""
    right, up = np.zeros_like(grey), np.zeros_like(grey)
    right[:, :, 1:-1] = grey[:, :, 2:] - grey[:, :, :-2]
    up[:, 1:-1] = grey[:, :-2] - grey[:, 2:]
    length, angle = cv2.cartToPolar(right.reshape(-1, grey.shape[2]), up.reshape(-1, grey.shape[2]))
    angle, length = angle.ravel() * np.float32(4 / np.pi), length.ravel()
    lower = angle.astype(np.int64)
    upper_share = length * (angle - lower)
    maps = np.zeros(8 * length.size, dtype=np.float32)
    places = np.arange(length.size)
    maps[lower % 8 * length.size + places] = length - upper_share
    maps[(lower + 1) % 8 * length.size + places] = upper_share
    return maps.reshape(8, *grey.shape)


@lru_cache(maxsize=1)
def _cell_weights() -> Float[np.ndarray, "4 4 1"]:
    """A Gaussian over the window, two cells wide as Lowe's."""
    weights = np.exp(-((np.arange(4) - 1.5) ** 2) / 8)
    return np.outer(weights, weights)[..., None].astype(np.float32)


def _unit_length(descriptors: Float[np.ndarray, "image point 128"]) -> Float[np.ndarray, "image point 128"]:
    lengths = np.sqrt(np.einsum("ipd,ipd->ip", descriptors, descriptors))
    return descriptors / np.maximum(lengths, 1e-9)[..., None]
