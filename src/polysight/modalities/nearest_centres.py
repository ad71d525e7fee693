"""Lloyd's algorithm from given centres: the same points always fall into the same parts."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

_Points = Float[np.ndarray, "point axis"]


def nearest_centres(
    points: _Points, centres: Float[np.ndarray, "part axis"], rounds: int = 5
) -> Int[np.ndarray, " point"]:
    """The part each point belongs to, after its centre was moved to the middle of its points a few times.

    Source: S. Lloyd, "Least squares quantization in PCM", 1982.

    Args:
        points: What is divided.
        centres: Where the centres begin; one that loses all its points stays where it is.
        rounds: How often centres move.
    """
    centres = centres.astype(np.float64)
    for _ in range(rounds):
        nearest = _nearest(points, centres)
        count = np.bincount(nearest, minlength=len(centres))
        sums = np.stack([np.bincount(nearest, axis, minlength=len(centres)) for axis in points.T], axis=1)
        centres = np.where(count[:, None] > 0, sums / np.maximum(count, 1)[:, None], centres)
    return _nearest(points, centres)


def _nearest(points: _Points, centres: Float[np.ndarray, "part axis"]) -> Int[np.ndarray, " point"]:
    # The square of a point's own length is the same for all centres.
    return ((centres**2).sum(axis=1) - 2 * points @ centres.T).argmin(axis=1)
