"""How point clouds get worse: points are lost, points lie somewhere near where they should."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from polysight.modalities.corruption import Arrays, Corruption, each_slot

#: By severity: the share of points that are lost; how far points are moved, in radii of the cloud.
LOST = {1: 0.25, 2: 0.5, 3: 0.75}
MOVED = {1: 0.02, 2: 0.05, 3: 0.15}


def drop(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Some points are lost; others stand there twice instead, because there are always as many."""
    points, values = arrays["points"].copy(), arrays["values"].copy()
    for place in map(tuple, np.argwhere(present).tolist()):
        count = len(points[place])
        order = rng.permutation(count)
        lost = round(LOST[severity] * count)
        again = rng.choice(order[lost:], size=lost)
        points[place][order[:lost]], values[place][order[:lost]] = points[place][again], values[place][again]
    return {"points": points, "values": values}


def jitter(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Every point moves a little, in any direction."""
    radius = arrays["place"][..., 3]

    def change(points: np.ndarray, place: tuple[int, int]) -> np.ndarray:
        return points + MOVED[severity] * radius[place] * rng.normal(size=points.shape)

    return {"points": each_slot(arrays["points"], present, change)}


CORRUPTIONS: Mapping[str, Corruption] = {"drop": drop, "jitter": jitter}
