"""What can be said of a sequence of frames in plain words."""

from __future__ import annotations

from typing import Any

import numpy as np

from polysight.data.view import View
from polysight.modalities.facts import Measure


def _frames(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    return view.arrays["length"][:, slot]


def _brightness(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    return np.array([frames.mean() if frames.size else 0.0 for frames in _shown(view, slot)]) / 2.55


def _motion(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    """How much a pixel changes from one frame to the next, on average."""
    changes = [np.abs(np.diff(frames, axis=0)) for frames in _shown(view, slot)]
    return np.array([change.mean() if change.size else 0.0 for change in changes]) / 2.55


def _shown(view: View, slot: int) -> list[np.ndarray]:
    """The frames of each row, one row at a time: they may lie on disk."""
    frames, length = view.arrays["frames"], view.arrays["length"][:, slot]
    return [frames.take([row], axis=0)[0, slot, : length[row]].astype(np.float32) for row in range(len(view))]


MEASURES = {"frames": Measure(_frames), "brightness": Measure(_brightness, "%"), "motion": Measure(_motion, "%")}
