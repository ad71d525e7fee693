"""What can be said of a point cloud in plain words."""

from __future__ import annotations

from typing import Any

import numpy as np

from polysight.data.view import View
from polysight.modalities.facts import Measure


def _points(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    return view.arrays["place"][:, slot, 4]


def _radius(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    return view.arrays["place"][:, slot, 3]


def _flatness(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    """The smallest extent along its own axes in percent of the largest: 0 for a plane, 100 for a ball."""
    points = view.arrays["points"][:, slot].astype(np.float64)
    spread = np.linalg.svd(points - points.mean(axis=1, keepdims=True), compute_uv=False)
    return 100.0 * spread[:, -1] / np.maximum(spread[:, 0], 1e-12)


MEASURES = {"points": Measure(_points), "radius": Measure(_radius), "thickness": Measure(_flatness, "%")}
