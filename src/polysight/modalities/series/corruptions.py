"""How sensor recordings get worse: noise, and a sensor that says nothing for a while."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from polysight.modalities.corruption import Arrays, Corruption, each_slot

#: By severity: deviations of noise, in deviations of each channel; the share of time without news.
NOISE = {1: 0.25, 2: 0.5, 3: 1.0}
SILENT = {1: 0.1, 2: 0.25, 3: 0.5}


def noise(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Gaussian noise on every channel."""
    length = arrays["length"]

    def change(values: np.ndarray, place: tuple[int, int]) -> np.ndarray:
        filled = int(length[place])
        seen = values[:, :filled]
        # A channel that is missing (NaN) stays so.
        spread = seen.std(axis=1, keepdims=True) * NOISE[severity]
        result = values.copy()
        result[:, :filled] = seen + spread * rng.normal(size=seen.shape)
        return result

    return {"values": each_slot(arrays["values"], present, change)}


def gap(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """For a while all channels keep the value they had when it began."""
    length = arrays["length"]

    def change(values: np.ndarray, place: tuple[int, int]) -> np.ndarray:
        filled = int(length[place])
        span = round(SILENT[severity] * filled)
        start = int(rng.integers(0, filled - span + 1))
        result = values.copy()
        result[:, start : start + span] = values[:, [start]] if span else 0
        return result

    return {"values": each_slot(arrays["values"], present, change)}


CORRUPTIONS: Mapping[str, Corruption] = {"noise": noise, "gap": gap}
