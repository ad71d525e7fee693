"""A regular grid of points at several scales, each looked at through 4 x 4 cells; what is dense is described on it.

Source: the grid is that of Vedaldi & Fulkerson's dense SIFT (VLFeat, 2008).
Departures: scales are made by shrinking the image, so that a cell is always four pixels; cells are pooled through
triangular windows by matrix products, for all points of a scale at once.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from jaxtyping import Float, UInt8

#: Pixels of a cell's side; a descriptor looks at 4 x 4 cells.
CELL = 4
WINDOW = 4 * CELL
#: Images smaller than this are doubled first, as Lowe does.
_SMALL = 48
#: Each scale has half the pixels of the one before.
_SCALES = 3


@lru_cache(maxsize=32)
def grid_of(size: int, most: int) -> tuple[tuple[int, ...], int]:
    """The sides of the scales of an image, and the step between points in pixels of each scale.

    Args:
        size: The image's side in pixels.
        most: The most points all scales may have; the step grows until that holds.
    """
    side = size * (2 if size < _SMALL else 1)
    wanted = [round(side * 2 ** (-scale / 2)) for scale in range(_SCALES)]
    sides = tuple(side for side in wanted if side >= WINDOW) or (WINDOW,)
    step = 2
    while step < side and sum(points_along(side, step) ** 2 for side in sides) > most:
        step += 1
    # Only the largest scales, where even one point each were too many.
    return sides[:most], step


def points_along(side: int, step: int) -> int:
    """How many points stand side by side."""
    return (side - WINDOW) // step + 1


def grid_positions(sides: tuple[int, ...], step: int) -> Float[np.ndarray, "point 2"]:
    """The middle of each point, x and y from 0 to 1: scale by scale, row by row."""
    scales = []
    for side in sides:
        middles = (_starts(side, step) + WINDOW / 2) / side
        down, right = np.meshgrid(middles, middles, indexing="ij")
        scales.append(np.stack([right.ravel(), down.ravel()], axis=1))
    return np.concatenate(scales).astype(np.float32)


def pooled(maps: Float[np.ndarray, "map side side"], step: int) -> Float[np.ndarray, "map point 4 point 4"]:
    """Sums of each map over each cell of each point, under windows two cells wide."""
    side = maps.shape[1]
    pooling, points = _windows(side, step), points_along(side, step)
    return (pooling @ maps @ pooling.T).reshape(len(maps), points, 4, points, 4)


def at_scale(image: UInt8[np.ndarray, "size size ..."], side: int) -> Float[np.ndarray, "side side ..."]:
    """The image with ``side`` pixels a side, neighbours averaged."""
    if image.shape[0] != side:
        larger = image.shape[0] < side
        image = cv2.resize(image, (side, side), interpolation=cv2.INTER_LINEAR if larger else cv2.INTER_AREA)
    return image.astype(np.float32)


def _starts(side: int, step: int) -> Float[np.ndarray, " point"]:
    count = points_along(side, step)
    return (side - WINDOW - (count - 1) * step) / 2 + step * np.arange(count)


@lru_cache(maxsize=32)
def _windows(side: int, step: int) -> Float[np.ndarray, "cell side"]:
    middles = _starts(side, step)[:, None] + CELL * (np.arange(4) + 0.5)
    pixels = np.arange(side) + 0.5
    return np.maximum(0, 1 - np.abs(pixels - middles.reshape(-1, 1)) / CELL).astype(np.float32)
