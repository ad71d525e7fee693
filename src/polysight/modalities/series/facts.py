"""What can be said of a sensor recording in plain words: its length, and the level and spread of each channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from polysight.data.view import View
from polysight.modalities.facts import Measure


def _steps(_: Any, view: View, slot: int, __: str) -> np.ndarray:
    return view.arrays["length"][:, slot]


def _level(modality: Any, view: View, slot: int, channel: str) -> np.ndarray:
    return _over_time(modality, view, slot, channel, np.mean)


def _spread(modality: Any, view: View, slot: int, channel: str) -> np.ndarray:
    return _over_time(modality, view, slot, channel, np.std)


def _over_time(modality: Any, view: View, slot: int, channel: str, of: Callable[[np.ndarray], Any]) -> np.ndarray:
    values = view.arrays["values"][:, slot, modality.channels.index(channel)].astype(np.float64)
    length = view.arrays["length"][:, slot]
    # A channel that is missing is NaN all along.
    return np.array([of(one[: max(1, end)]) for one, end in zip(values, length, strict=True)])


STEPS = {"steps": Measure(_steps)}
CHANNELS = {"level": Measure(_level), "spread": Measure(_spread)}
