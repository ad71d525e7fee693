"""How photographs get worse: noise of the sensor, loss of focus, something in front of the lens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from polysight.modalities.corruption import Arrays, Corruption, each_slot

#: By severity: deviations of noise (of 255), of a blur (of the side), and the share of the area that is covered.
NOISE = {1: 15.0, 2: 35.0, 3: 70.0}
BLUR = {1: 0.01, 2: 0.025, 3: 0.06}
COVERED = {1: 0.1, 2: 0.25, 3: 0.5}


def noise(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Gaussian noise on every value."""

    def change(image: np.ndarray, _: Any) -> np.ndarray:
        return np.clip(image + rng.normal(0, NOISE[severity], image.shape), 0, 255).astype(np.uint8)

    return {"pixels": each_slot(arrays["pixels"], present, change)}


def blur(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """A Gaussian blur."""

    def change(image: np.ndarray, _: Any) -> np.ndarray:
        return cv2.GaussianBlur(image, (0, 0), max(0.3, BLUR[severity] * image.shape[0]))

    return {"pixels": each_slot(arrays["pixels"], present, change)}


def occlusion(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """A square of the mean colour somewhere in the image."""

    def change(image: np.ndarray, _: Any) -> np.ndarray:
        side = round(image.shape[0] * COVERED[severity] ** 0.5)
        top, left = rng.integers(0, image.shape[0] - side + 1, size=2)
        covered = image.copy()
        covered[top : top + side, left : left + side] = np.rint(image.mean(axis=(0, 1)))
        return covered

    return {"pixels": each_slot(arrays["pixels"], present, change)}


CORRUPTIONS: Mapping[str, Corruption] = {"noise": noise, "blur": blur, "occlusion": occlusion}
