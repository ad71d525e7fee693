"""Resampling: a volume of any size on a grid of fixed size, one axis after the other.

Shrinking averages (a triangle as wide as the step), growing interpolates: what Pillow calls bilinear, in three
dimensions. Slices are worked on one by one, so that a large scan is never in memory as floats.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Num, UInt8

from polysight.modalities.volume.windows import Window, shares

Shape = tuple[int, int, int]


def axis_weights(length: int, grid: int, step: float) -> Float[np.ndarray, "grid length"]:
    """How much each voxel of an axis counts at each place of the grid, whose middle lies on the axis' middle.

    Args:
        length: Voxels.
        grid: Places.
        step: Voxels from one place to the next.

    Returns:
        Rows that sum to 1, or to 0 where a place lies outside of the volume.
    """
    places = (np.arange(grid) - (grid - 1) / 2) * step + (length - 1) / 2
    distances = np.abs(np.arange(length)[None, :] - places[:, None]) / max(step, 1.0)
    weights = np.maximum(0, 1 - distances)
    inside = (places > -0.5 - 1e-6) & (places < length - 0.5 + 1e-6)
    # Between the middle of the first voxel and its edge, the voxel itself counts.
    nearest = np.clip(np.rint(places), 0, length - 1).astype(int)
    empty = weights.sum(axis=1) < 1e-9
    weights[empty, nearest[empty]] = 1
    return (weights / weights.sum(axis=1, keepdims=True) * inside[:, None]).astype(np.float32)


def resampled(
    voxels: Num[np.ndarray, "slice height width_px"], shape: Shape, steps: tuple[float, float, float], window: Window
) -> UInt8[np.ndarray, "depth rows columns"]:
    """The volume through a window, on a grid around its middle.

    Values are cut to the window before they are averaged: a metal clip counts as bone does.

    Args:
        voxels: Any values. NaN, and what lies around the volume, is black.
        shape: Slices, rows and columns of the grid.
        steps: Voxels from one place of the grid to the next, along each axis.
        window: The values that become 0 and 255.
    """
    along, down, across = (
        axis_weights(length, grid, step) for length, grid, step in zip(voxels.shape, shape, steps, strict=True)
    )
    used = np.flatnonzero(along.any(axis=0))
    planes = np.empty((len(used), *shape[1:]), dtype=np.float32)
    for plane, position in zip(planes, used, strict=True):
        plane[:] = down @ shares(voxels[position], window) @ across.T
    return np.rint(255 * np.tensordot(along[:, used], planes, axes=1)).astype(np.uint8)
