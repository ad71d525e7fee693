"""Granulometry: what is left of the middle of a slice when everything thinner than a disc is removed.

Source: G. Matheron, "Random sets and integral geometry", 1975; Maragos, "Pattern spectrum and multiscale shape
representation", PAMI 1989.
Departures: the brightest place near the middle instead of a sum over the picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from polysight.modalities.volume.middle import middle_of

#: Radii of the discs, as shares of the shorter side of a slice.
RADII = (0.02, 0.04, 0.06, 0.1, 0.15, 0.21)
#: Where slices are taken, as shares of their number.
SLICES = (0.25, 0.5, 0.75)
#: The share of each side that counts as the middle.
_MIDDLE = 1 / 3


def openings(voxels: UInt8[np.ndarray, "slice height width_px"]) -> Float[np.ndarray, " feature"]:
    """The brightest place near the middle after an opening with each disc, slice by slice, from 0 to 1."""
    count, height, width = voxels.shape
    discs = [disc(max(1, round(radius * min(height, width)))) for radius in RADII]
    middle = middle_of(voxels.shape[1:], _MIDDLE)
    planes = [np.ascontiguousarray(voxels[min(int(share * count), count - 1)]) for share in SLICES]
    return np.array([cv2.morphologyEx(plane, cv2.MORPH_OPEN, d)[middle].max() / 255 for plane in planes for d in discs])


def disc(radius: int) -> UInt8[np.ndarray, "side side"]:
    """A disc of ones."""
    along = np.arange(-radius, radius + 1)
    return (along[:, None] ** 2 + along[None, :] ** 2 <= (radius + 0.5) ** 2).astype(np.uint8)
