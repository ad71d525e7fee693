"""Handwriting: real handwritten digits, made hard to read by blur, lost detail, occlusion and noise.

Source:
    The test part of Alpaydin & Kaynak (1998), "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository (CC BY 4.0), 1,797 digits of 8 x 8 pixels, as it comes with scikit-learn.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int, UInt8
from scipy.ndimage import affine_transform, gaussian_filter, zoom
from sklearn.datasets import load_digits

#: Height and width of a finished picture.
SIZE_PX = 32


def handwritten(count: int, rng: np.random.Generator) -> tuple[Float[np.ndarray, "row 8 8"], Int[np.ndarray, " row"]]:
    """Distinct digits, 0 (paper) to 1 (ink), in random order with their labels; ``count`` is at most 1,797."""
    digits = load_digits()
    chosen = rng.permutation(len(digits.target))[:count]
    return digits.images[chosen] / 16.0, digits.target[chosen]


def degrade(digit: Float[np.ndarray, "8 8"], rng: np.random.Generator) -> UInt8[np.ndarray, "32 32"]:
    """A grey picture of the digit as a bad scanner would see it; how bad differs from one to the next."""
    picture = zoom(digit, SIZE_PX / 8, order=1)
    picture = _tilt(picture, rng)
    picture = _lose_detail(picture, rank=int(rng.integers(3, 8)))
    picture = gaussian_filter(picture, rng.uniform(0.3, 1.8))
    picture = _occlude(picture, rng)
    contrast, paper = rng.uniform(0.45, 0.9), rng.uniform(0.02, 0.1)
    noisy = paper + contrast * picture + rng.normal(0, rng.uniform(0.03, 0.17), picture.shape)
    return (noisy.clip(0, 1) * 255).astype(np.uint8)


def _tilt(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn by up to 12 degrees and move by up to two pixels."""
    angle = np.deg2rad(rng.uniform(-12, 12))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    centre = np.full(2, (SIZE_PX - 1) / 2)
    return affine_transform(picture, turn, offset=centre - turn @ centre + rng.uniform(-2, 2, 2), order=1)


def _lose_detail(picture: np.ndarray, rank: int) -> np.ndarray:
    """The best approximation of the picture by a sum of ``rank`` outer products."""
    left, strength, right = np.linalg.svd(picture)
    return (left[:, :rank] * strength[:rank]) @ right[:rank]


def _occlude(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Cover a band across the picture, as tape would; two in five stays clean."""
    if rng.random() < 0.4:
        return picture
    width = int(rng.integers(4, 9))
    start = int(rng.integers(4, SIZE_PX - 4 - width))
    covered = picture.copy()
    covered[start : start + width] = 0.0
    return covered if rng.random() < 0.5 else _across(picture, start, width)


def _across(picture: np.ndarray, start: int, width: int) -> np.ndarray:
    covered = picture.copy()
    covered[:, start : start + width] = 0.0
    return covered
