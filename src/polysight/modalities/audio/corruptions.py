"""How recordings get worse: noise in all bands, moments of silence."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from polysight.modalities.corruption import Arrays, Corruption, each_slot

#: By severity: the level of noise, in decibels below the loudest point; the share of the sound that falls silent.
LEVEL = {1: -30.0, 2: -20.0, 3: -10.0}
SILENT = {1: 0.1, 2: 0.25, 3: 0.5}
#: How much noise varies from point to point, in decibels.
_VARIATION = 5.0


def noise(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Noise of one level in all bands; powers add, and the loudest point is zero decibels again."""
    length = arrays["length"]

    def change(logmel: np.ndarray, place: tuple[int, int]) -> np.ndarray:
        filled = int(length[place])
        sound = logmel[:, :filled].astype(np.float64)
        level = LEVEL[severity] + rng.normal(0, _VARIATION, sound.shape)
        loud = 10 * np.log10(10 ** (sound / 10) + 10 ** (level / 10))
        result = logmel.copy()
        result[:, :filled] = loud - loud.max(initial=-np.inf)
        return result

    return {"logmel": each_slot(arrays["logmel"], present, change)}


def gap(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """One stretch of the sound is as silent as its quietest point."""
    length = arrays["length"]

    def change(logmel: np.ndarray, place: tuple[int, int]) -> np.ndarray:
        filled = int(length[place])
        span = round(SILENT[severity] * filled)
        start = int(rng.integers(0, filled - span + 1))
        result = logmel.copy()
        result[:, start : start + span] = logmel[:, :filled].min(initial=0)
        return result

    return {"logmel": each_slot(arrays["logmel"], present, change)}


CORRUPTIONS: Mapping[str, Corruption] = {"noise": noise, "gap": gap}
