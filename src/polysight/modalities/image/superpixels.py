"""Superpixels: an image divided into connected regions of much the same size that follow its edges."""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Bool, Int, UInt8
from scipy.ndimage import distance_transform_edt

from polysight.modalities.nearest_centres import nearest_centres

#: How much place counts beside colour: a region's width weighs as much as so many units of CIELAB.
COMPACTNESS = 20.0
#: The most pixels of a side that are looked at; larger images are divided at this size.
_SIDE = 96

Outline = Int[np.ndarray, "size size"]


def superpixels(image: UInt8[np.ndarray, "size size 3"], across: int) -> Outline:
    """Divide a square image into about ``across`` x ``across`` regions, numbered from 0 in reading order.

    Source: R. Achanta et al., "SLIC superpixels compared to state-of-the-art superpixel methods", TPAMI 2012.
    Departures: every centre may win any pixel (there are few), and centres begin exactly on the grid; pieces that hang
    apart from the largest one of their region go to the region nearest to them.

    Args:
        image: RGB.
        across: How many regions stand side by side on a plain image, which falls into squares.
    """
    side = min(len(image), _SIDE)
    small = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA) if side < len(image) else image
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB).reshape(-1, 3)
    width = side / across
    places = np.stack(np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5, indexing="ij"), axis=-1).reshape(-1, 2)
    begin = ((np.arange(across) + 0.5) * width).astype(np.intp)
    seeds = (begin[:, None] * side + begin).ravel()
    points = np.hstack([lab, places * (COMPACTNESS / width)])
    found = _connected(nearest_centres(points, points[seeds]).reshape(side, side))
    outline = _in_reading_order(found, across)
    return cv2.resize(outline.astype(np.int32), image.shape[1::-1], interpolation=cv2.INTER_NEAREST).astype(np.int64)


def _connected(regions: Outline) -> Outline:
    """Every region in one piece."""
    kept = np.zeros(regions.shape, dtype=bool)
    for region in np.unique(regions):
        kept |= _largest_piece(regions == region)
    nearest = distance_transform_edt(~kept, return_distances=False, return_indices=True)
    return regions[tuple(nearest)]


def _largest_piece(mask: Bool[np.ndarray, "size size"]) -> Bool[np.ndarray, "size size"]:
    _, pieces, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    return pieces == 1 + facts[1:, cv2.CC_STAT_AREA].argmax()


def _in_reading_order(regions: Outline, across: int) -> Outline:
    """Numbered row by row of the grid, from left to right."""
    _, flat = np.unique(regions, return_inverse=True)
    down, right = np.indices(regions.shape).reshape(2, -1)
    count = np.bincount(flat.ravel())
    middle_down, middle_right = (np.bincount(flat.ravel(), axis) / count for axis in (down, right))
    order = np.lexsort([middle_right, np.floor(middle_down * across / len(regions))])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[flat.reshape(regions.shape)]
