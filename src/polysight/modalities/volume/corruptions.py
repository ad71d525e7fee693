"""How scans get worse: noise, slices that are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from polysight.modalities.corruption import Arrays, Corruption, each_slot

#: By severity: deviations of noise (of 255); the share of slices that are black.
NOISE = {1: 15.0, 2: 35.0, 3: 70.0}
LOST = {1: 0.1, 2: 0.25, 3: 0.5}


def noise(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Gaussian noise on every voxel."""

    def change(voxels: np.ndarray, _: Any) -> np.ndarray:
        shaken = voxels + NOISE[severity] * rng.standard_normal(voxels.shape, dtype=np.float32)
        return np.clip(shaken, 0, 255).astype(np.uint8)

    return {"voxels": each_slot(arrays["voxels"], present, change)}


def slice_drop(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Some slices are black."""

    def change(voxels: np.ndarray, _: Any) -> np.ndarray:
        lost = rng.permutation(len(voxels))[: round(LOST[severity] * len(voxels))]
        result = voxels.copy()
        result[lost] = 0
        return result

    return {"voxels": each_slot(arrays["voxels"], present, change)}


CORRUPTIONS: Mapping[str, Corruption] = {"noise": noise, "slice_drop": slice_drop}
