"""SIFT descriptors on a regular grid at several scales, many images at a time.

Source: Lowe, "Distinctive image features from scale-invariant keypoints", IJCV 2004; the grid with one Gaussian
weight a cell instead of a pixel is that of Vedaldi & Fulkerson's "dense SIFT" (VLFeat, 2008).
Departures: cells are pooled by matrix products with triangular windows, for all points of a scale at once; scales
are made by shrinking the image, so that a cell is always four pixels.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import Float, UInt8

Images = UInt8[np.ndarray, "image size size 3"]

#: Pixels of a cell's side; a descriptor looks at 4 x 4 cells.
CELL = 4
_WINDOW = 4 * CELL
#: The standard deviation of the smoothing before gradients are taken, in pixels.
_SMOOTHING = 1.0
#: Images smaller than this are doubled first, as Lowe does.
_SMALL = 48
#: Each scale has half the pixels of the one before.
_SCALES = 3
#: Mean gradient (grey levels a pixel) below which a point is flat: what it holds is noise of the compression.
_FLAT = 1.0
#: How many images are worked on at once, to bound memory.
_CHUNK = 8


def dense_descriptors(
    images: Images, *, most: int
) -> tuple[Float[np.ndarray, "image point 128"], Float[np.ndarray, "point 2"]]:
    """Describe every point of the grid.

    Args:
        images: Square RGB images.
        most: The most points an image may have; the step between points grows until that holds.

    Returns:
        Descriptors of unit length (cells by rows, then columns, then 8 orientations, in the order of OpenCV),
        exactly zero where the image is flat; and the middle of each point, x and y from 0 to 1.
    """
    side = images.shape[1] * (2 if images.shape[1] < _SMALL else 1)
    sides, step = _plan(side, most)
    positions = np.concatenate([_positions(side, step) for side in sides])
    found = np.empty((len(images), len(positions), 128), dtype=np.float32)
    for start in range(0, len(images), _CHUNK):
        grey = [cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in images[start : start + _CHUNK]]
        scales = [_described(np.stack([_smoothed(image, side) for image in grey]), step) for side in sides]
        found[start : start + _CHUNK] = np.concatenate(scales, axis=1)
    return found, positions


@lru_cache(maxsize=32)
def _plan(side: int, most: int) -> tuple[tuple[int, ...], int]:
    """The sides of the scales and the step between points, in pixels of each scale."""
    wanted = [round(side * 2 ** (-scale / 2)) for scale in range(_SCALES)]
    sides = tuple(side for side in wanted if side >= _WINDOW) or (_WINDOW,)
    step = 2
    while step < side and sum(_along(side, step) ** 2 for side in sides) > most:
        step += 1
    return sides, step


def _along(side: int, step: int) -> int:
    return (side - _WINDOW) // step + 1


def _starts(side: int, step: int) -> Float[np.ndarray, " point"]:
    count = _along(side, step)
    return (side - _WINDOW - (count - 1) * step) / 2 + step * np.arange(count)


def _positions(side: int, step: int) -> Float[np.ndarray, "point 2"]:
    middles = (_starts(side, step) + _WINDOW / 2) / side
    down, right = np.meshgrid(middles, middles, indexing="ij")
    return np.stack([right.ravel(), down.ravel()], axis=1).astype(np.float32)


def _smoothed(grey: UInt8[np.ndarray, "height width_px"], side: int) -> Float[np.ndarray, "side side"]:
    if grey.shape[0] != side:
        larger = grey.shape[0] < side
        grey = cv2.resize(grey, (side, side), interpolation=cv2.INTER_LINEAR if larger else cv2.INTER_AREA)
    return cv2.GaussianBlur(grey.astype(np.float32), (0, 0), _SMOOTHING)


@lru_cache(maxsize=32)
def _pooling(side: int, step: int) -> Float[np.ndarray, "cell side"]:
    """The weight each pixel along an axis has in each cell of each point: a triangle two cells wide."""
    middles = _starts(side, step)[:, None] + CELL * (np.arange(4) + 0.5)
    pixels = np.arange(side) + 0.5
    return np.maximum(0, 1 - np.abs(pixels - middles.reshape(-1, 1)) / CELL).astype(np.float32)


def _described(grey: Float[np.ndarray, "image side side"], step: int) -> Float[np.ndarray, "image point 128"]:
    count, side = grey.shape[:2]
    pooling, points = _pooling(side, step), _along(side, step)
    cells = pooling @ _orientation_maps(grey).reshape(-1, side, side) @ pooling.T
    cells = cells.reshape(8, count, points, 4, points, 4).transpose(1, 2, 4, 3, 5, 0)
    descriptors = (cells * _cell_weights()).reshape(count, points**2, 128)
    flat = np.einsum("ipd->ip", descriptors) < _FLAT * _WINDOW**2
    descriptors = np.minimum(_unit_length(descriptors), 0.2)
    descriptors = _unit_length(descriptors)
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
    maps = np.zeros((8, length.size), dtype=np.float32)
    places = np.arange(length.size)
    maps.ravel()[lower % 8 * length.size + places] = length - upper_share
    maps.ravel()[(lower + 1) % 8 * length.size + places] = upper_share
    return maps.reshape(8, *grey.shape)


@lru_cache(maxsize=1)
def _cell_weights() -> Float[np.ndarray, "4 4 1"]:
    """A Gaussian over the window, two cells wide as Lowe's, taken at the middle of each cell."""
    weights = np.exp(-((np.arange(4) - 1.5) ** 2) / 8)
    return np.outer(weights, weights)[..., None].astype(np.float32)


def _unit_length(descriptors: Float[np.ndarray, "image point 128"]) -> Float[np.ndarray, "image point 128"]:
    lengths = np.sqrt(np.einsum("ipd,ipd->ip", descriptors, descriptors))
    return descriptors / np.maximum(lengths, 1e-9)[..., None]
