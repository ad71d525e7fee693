"""Augmentation of log-mel spectrograms: random changes of a training batch that keep what is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from jaxtyping import Float, Int

from polysight.modalities.augmentations import check_augmentations

Clips = Float[np.ndarray, "clip band frame"]

#: Warps, as half-widths of uniform distributions: logarithm of the tempo, shift in time (share of the frames),
#: shift along the mel axis (share of the bands).
WARPS: Mapping[str, tuple[float, float, float]] = {
    "stretch": (0.2, 0.0, 0.0),
    "shift": (0.0, 0.1, 0.0),
    "pitch": (0.0, 0.0, 0.04),
}
#: The widest mask, as a share of its axis.
WIDEST_MASK = 0.25
#: Signal-to-noise ratio of added sound, uniform between these, in units of the arrays (20 dB).
SIGNAL_TO_NOISE = (0.2, 1.0)
#: The share of clips to which sound is added.
MIXED_SHARE = 0.5


def time_mask(clips: Clips, rng: np.random.Generator) -> Clips:
    """Hide up to a quarter of the frames (D. Park et al., "SpecAugment", 2019)."""
    return np.where(_interval(len(clips), clips.shape[2], rng)[:, None, :], np.float32(0), clips)


def frequency_mask(clips: Clips, rng: np.random.Generator) -> Clips:
    """Hide up to a quarter of the bands (SpecAugment)."""
    return np.where(_interval(len(clips), clips.shape[1], rng)[:, :, None], np.float32(0), clips)


def noise(clips: Clips, rng: np.random.Generator) -> Clips:
    """Add noise of a random colour to half of the clips."""
    count, bands, _ = clips.shape
    slope = rng.uniform(-1, 1, (count, 1, 1)) * np.linspace(-1, 1, bands)[:, None]
    power = rng.exponential(size=clips.shape) * 10 ** (2 * slope)
    return _add(clips, power, rng)


def babble(clips: Clips, rng: np.random.Generator) -> Clips:
    """Add another clip of the batch, quietly and rolled in time, to half of the clips."""
    others = clips[rng.permutation(len(clips))]
    return _add(clips, 10 ** (2 * np.roll(others, rng.integers(clips.shape[2]), axis=2)), rng)


CHANGES: Mapping[str, Callable[[Clips, np.random.Generator], Clips]] = {
    "babble": babble,
    "noise": noise,
    "frequency_mask": frequency_mask,
    "time_mask": time_mask,
}
#: Every augmentation by name.
AUGMENTATIONS: tuple[str, ...] = (*WARPS, *CHANGES)
#: What a network is trained with unless told otherwise.
LABEL_SAFE: tuple[str, ...] = ("stretch", "shift", "pitch", "babble", "frequency_mask", "time_mask")


@dataclass(frozen=True)
class Augmentation:
    """A choice of augmentations, applied to a whole batch of what ``Audio.transform`` gives."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, names: Sequence[str] | None) -> Self:
        """The named augmentations; None means the default ones.

        Raises:
            ConfigError: There is no augmentation of that name.
        """
        check_augmentations(names, AUGMENTATIONS, "audio")
        return cls(LABEL_SAFE if names is None else tuple(names))

    def __call__(self, arrays: Mapping[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Change ``logmel`` and, with it, ``length``; the arrays given stay as they are."""
        logmel, length = arrays["logmel"], arrays["length"]
        clips, ends = logmel.reshape(-1, *logmel.shape[2:]), length.reshape(-1)
        for name, change in CHANGES.items():
            if name in self.names:
                clips = change(clips, rng)
        widths = np.sum([WARPS[name] for name in self.names if name in WARPS], axis=0)
        if np.any(widths):
            clips, ends = _warped(clips, ends, rng.uniform(-1, 1, (len(clips), 3)) * widths)
        inside = np.arange(logmel.shape[3]) < ends[:, None]
        clips = np.where(inside[:, None, :], clips, np.float32(0)).astype(np.float32)
        return {**arrays, "logmel": clips.reshape(logmel.shape), "length": ends.reshape(length.shape)}


def _warped(
    clips: Clips, ends: Int[np.ndarray, " clip"], drawn: Float[np.ndarray, "clip 3"]
) -> tuple[Clips, Int[np.ndarray, " clip"]]:
    """One interpolation for all warps; tempo changes around the middle."""
    bands, frames = clips.shape[1:]
    tempo = np.exp(drawn[:, 0])
    matrices = np.zeros((len(clips), 2, 3))
    matrices[:, 0, 0], matrices[:, 0, 2] = tempo, frames / 2 * (1 - tempo) + drawn[:, 1] * frames
    matrices[:, 1, 1], matrices[:, 1, 2] = 1, drawn[:, 2] * bands
    size = (frames, bands)
    warped = [
        cv2.warpAffine(clip, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for clip, matrix in zip(clips, matrices, strict=True)
    ]
    moved = np.clip(np.rint(tempo * ends + matrices[:, 0, 2]), 1, frames)
    # A clip that fills all frames goes on beyond them, and one that is not there has no end to move.
    stays = (ends == frames) | (ends == 0)
    return np.asarray(warped, dtype=np.float32), np.where(stays, ends, moved).astype(ends.dtype)


def _add(clips: Clips, power: Float[np.ndarray, "clip band frame"], rng: np.random.Generator) -> Clips:
    """Sum two sounds where they are powers, at a random signal-to-noise ratio."""
    count = len(clips)
    own = 10 ** (2 * clips.astype(np.float64))
    ratio = np.where(rng.random(count) < MIXED_SHARE, 10 ** (-2 * rng.uniform(*SIGNAL_TO_NOISE, count)), 0.0)
    level = ratio * own.mean(axis=(1, 2)) / np.maximum(power.mean(axis=(1, 2)), 1e-12)
    return (np.log10(own + level[:, None, None] * power) / 2).astype(np.float32)


def _interval(count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """One random interval of an axis for each clip, as a mask (clip, place)."""
    width = rng.uniform(0, WIDEST_MASK * size, (count, 1))
    start = rng.uniform(0, size - width)
    place = np.arange(size)[None, :]
    return (place >= start) & (place < start + width)
