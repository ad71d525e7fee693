"""Augmentation: random changes of training volumes that leave the label alone; slices all move alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np
from jaxtyping import Float, UInt8

Volume = UInt8[np.ndarray, "slice height width_px"]

#: Half-widths of uniform distributions: turn (radians), logarithm of the zoom, move down and right (share of a side).
PLANE: Mapping[str, tuple[float, float, float]] = {
    "rotate": (np.pi / 12, 0.0, 0.0),
    "zoom": (0.0, 0.14, 0.0),
    "shift": (0.0, 0.0, 0.08),
}
#: How far along the slices ``shift`` moves a volume, as a share of their number.
_DEEP = 0.1


def augment_volumes(
    volumes: UInt8[np.ndarray, "volume slice height width_px"], names: Sequence[str], rng: np.random.Generator
) -> UInt8[np.ndarray, "volume slice height width_px"]:
    """Change each volume in the named ways; what slides in at the edges continues the edge.

    Args:
        volumes: Volumes on one grid. One that is black all over (an absent one) stays as it is.
        names: Names in ``AUGMENTATIONS``; their order plays no part.
        rng: Where the randomness comes from.

    Returns:
        New volumes, the same shape and dtype; the very same array where there is no name.
    """
    if not names:
        return volumes
    widths = np.sum([PLANE[name] for name in names if name in PLANE], axis=0)
    drawn = rng.uniform(-1, 1, (len(volumes), 5))
    seeds = rng.integers(0, 2**32, len(volumes))
    changed = volumes.copy()
    for position in np.flatnonzero(volumes.any(axis=(1, 2, 3))):
        volume = volumes[position]
        if np.any(widths):
            volume = _moved(volume, drawn[position], widths, deep="shift" in names)
        own = np.random.default_rng(seeds[position])
        for name, change in CHANGES.items():
            if name in names:
                volume = change(volume, own)
        changed[position] = volume
    return changed


def flip(volume: Volume, rng: np.random.Generator) -> Volume:
    """Mirror left and right, every other volume."""
    return volume[:, :, ::-1] if rng.random() < 0.5 else volume


def contrast(volume: Volume, rng: np.random.Generator) -> Volume:
    """Change brightness by up to 8 % of the range and contrast by up to 15 %."""
    factor, offset = rng.uniform([0.85, -20.0], [1.15, 20.0])
    return _as_bytes(factor * (volume.astype(np.float32) - 128) + 128 + offset)


def noise(volume: Volume, rng: np.random.Generator) -> Volume:
    """Add Gaussian noise of up to 4 % of the range to every other volume."""
    level = rng.uniform(-10, 10)
    if level <= 0:
        return volume
    return _as_bytes(volume + level * rng.standard_normal(volume.shape, dtype=np.float32))


def blur(volume: Volume, rng: np.random.Generator) -> Volume:
    """Smooth the slices of every third volume, by up to a place of the grid."""
    deviation = rng.uniform(-2.0, 1.0)
    if deviation <= 0.1:
        return volume
    return np.stack([cv2.GaussianBlur(plane, (0, 0), deviation) for plane in volume])


#: Changes of a whole volume, one after the other.
CHANGES: Mapping[str, Callable[[Volume, np.random.Generator], Volume]] = {
    "flip": flip,
    "contrast": contrast,
    "noise": noise,
    "blur": blur,
}
#: Every change by name.
AUGMENTATIONS: tuple[str, ...] = (*PLANE, *CHANGES)
#: What hardly ever changes a label; left and right may (the heart is on one side).
LABEL_SAFE: tuple[str, ...] = ("rotate", "zoom", "shift", "contrast", "noise")


def _moved(volume: Volume, drawn: Float[np.ndarray, " 5"], widths: Float[np.ndarray, " 3"], *, deep: bool) -> Volume:
    count, height, width = volume.shape
    angle, scale = drawn[0] * widths[0], np.exp(drawn[1] * widths[1])
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), np.degrees(angle), scale)
    matrix[:, 2] += drawn[2] * widths[2] * width, drawn[3] * widths[2] * height
    step = round(drawn[4] * _DEEP * count) if deep else 0
    planes = volume[np.clip(np.arange(count) - step, 0, count - 1)]
    return np.stack(
        [
            cv2.warpAffine(plane, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            for plane in planes
        ]
    )


def _as_bytes(values: Float[np.ndarray, "slice height width_px"]) -> Volume:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
