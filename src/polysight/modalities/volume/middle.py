"""The middle object: the connected bright part around the middle of a scan, measured in true size."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, UInt8
from scipy import ndimage

#: The brightness of the object is this percentile of the voxels around the middle, ...
_PEAK = 90
#: ... and that of what surrounds it this one of all voxels.
_BACKGROUND = 20
#: Smoothing before the threshold, in places of the grid along slices, rows and columns.
_SMOOTHING = (0.5, 1.0, 1.0)
#: The share of each side around the middle in which the object is looked for.
_MIDDLE = 1 / 7


def middle_object(
    voxels: UInt8[np.ndarray, "slice height width_px"], cell: Float[np.ndarray, " 3"]
) -> Float[np.ndarray, " feature"]:
    """Measure the object.

    Args:
        voxels: The scan on its grid.
        cell: The size of a place of the grid.

    Returns:
        Brightness of object and background (0 to 1); logarithms of volume, of the area in the middle slice, of
        deviations along its three principal axes and of the radius of the largest ball in it, anywhere and near the
        middle; the share of its voxels at its surface; mean and deviation inside; the share of the first slice, the
        last slice and the other faces that it covers; and how many bright parts there are.
    """
    smooth = ndimage.gaussian_filter(voxels.astype(np.float32), _SMOOTHING)
    middle = middle_of(voxels.shape, _MIDDLE)
    peak, background = np.percentile(smooth[middle], _PEAK), np.percentile(smooth, _BACKGROUND)
    labels, parts = ndimage.label(smooth >= (peak + background) / 2)
    offset = np.array([part.start for part in middle])
    brightest = np.add(np.unravel_index(smooth[middle].argmax(), smooth[middle].shape), offset)
    inside = labels == labels[tuple(brightest)]
    distance = ndimage.distance_transform_edt(np.pad(inside, 1), sampling=cell)[1:-1, 1:-1, 1:-1]
    values = voxels[inside].astype(np.float32) / 255
    sides = [inside[:, 0], inside[:, -1], inside[:, :, 0], inside[:, :, -1]]
    return np.array(
        [
            peak / 255,
            background / 255,
            *np.log(_sizes(inside, cell, distance, distance[middle])),
            (inside & ~ndimage.binary_erosion(inside)).sum() / inside.sum(),
            values.mean(),
            values.std(),
            inside[0].mean(),
            inside[-1].mean(),
            np.mean([side.mean() for side in sides]),
            np.log1p(parts),
        ]
    )


def middle_of(shape: tuple[int, ...], share: float) -> tuple[slice, ...]:
    """The middle share of each axis, at least two places (one of an axis that has no more)."""
    halves = [max(1, round(side * share / 2)) for side in shape]
    return tuple(slice(max(0, side // 2 - half), side // 2 + half) for side, half in zip(shape, halves, strict=True))


def _sizes(
    inside: Bool[np.ndarray, "slice height width_px"],
    cell: Float[np.ndarray, " 3"],
    distance: Float[np.ndarray, "slice height width_px"],
    near: Float[np.ndarray, "..."],
) -> list[float]:
    """Lengths, areas and volumes, each a little more than nothing."""
    places = np.argwhere(inside) * cell
    # A single voxel extends as far as a box does.
    spread = np.cov(places.T, bias=True) + np.diag(cell**2 / 12)
    axes = np.sqrt(np.linalg.eigvalsh(spread)[::-1])
    area = (inside[inside.shape[0] // 2].sum() + 1) * cell[1] * cell[2]
    return [inside.sum() * cell.prod(), area, *axes, distance.max(), near.max() + cell.min() / 2]
