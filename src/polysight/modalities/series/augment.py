"""Augmentation of sensor series: random changes of a training batch that keep what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Float, Int

from polysight.modalities.augmentations import check_augmentations

Clips = Float[np.ndarray, "clip channel time"]
Ends = Int[np.ndarray, " clip"]
Change = Callable[[Clips, Ends, np.random.Generator], tuple[Clips, Ends]]

#: Deviation of added noise, in deviations of the channel.
JITTER = 0.05
#: Deviation of the logarithm of each channel's factor.
SCALING = 0.1
#: How much faster or slower a stretch may run, as the deviation of the logarithm of its pace; and how many stretches.
WARPING, STRETCHES = 0.25, 4
#: The shortest window that is kept, as a share of the length.
SHORTEST_WINDOW = 0.8
#: How often a channel is left out.
DROPPED = 0.1


def jitter(clips: Clips, ends: Ends, rng: np.random.Generator) -> tuple[Clips, Ends]:
    """Add a little noise to each value."""
    return clips + rng.normal(0, JITTER, clips.shape).astype(np.float32), ends


def scaling(clips: Clips, ends: Ends, rng: np.random.Generator) -> tuple[Clips, Ends]:
    """Multiply each channel by a factor near one."""
    return clips * np.exp(rng.normal(0, SCALING, (*clips.shape[:2], 1))).astype(np.float32), ends


def time_warp(clips: Clips, ends: Ends, rng: np.random.Generator) -> tuple[Clips, Ends]:
    """Run stretches of a series faster or slower, between the same ends."""
    pace = np.exp(rng.normal(0, WARPING, (len(clips), STRETCHES)))
    knots = np.concatenate([np.zeros((len(clips), 1)), np.cumsum(pace, axis=1)], axis=1)
    knots /= knots[:, -1:]
    even = np.linspace(0, 1, STRETCHES + 1)
    warped = clips.copy()
    for clip, end, to in zip(warped, ends, knots, strict=True):
        if end > 1:
            _resample(clip, int(end), np.interp(np.linspace(0, 1, end), even, to) * (end - 1))
    return warped, ends


def crop(clips: Clips, ends: Ends, rng: np.random.Generator) -> tuple[Clips, Ends]:
    """Keep a window of 80 to 100 % of a series, which then begins it."""
    kept = np.maximum(np.minimum(ends, 1), np.rint(ends * rng.uniform(SHORTEST_WINDOW, 1, len(ends)))).astype(
        ends.dtype
    )
    starts = np.floor(rng.uniform(0, 1, len(ends)) * (ends - kept + 1)).astype(np.int64)
    place = np.minimum(np.arange(clips.shape[2]) + starts[:, None], clips.shape[2] - 1)
    return np.take_along_axis(clips, place[:, None, :], axis=2), kept


def channel_drop(clips: Clips, ends: Ends, rng: np.random.Generator) -> tuple[Clips, Ends]:
    """Leave out a channel now and then, as if its sensor were missing; one always stays."""
    luck = rng.random(clips.shape[:2])
    kept = (luck >= DROPPED) | (luck == luck.max(axis=1, keepdims=True))
    return np.where(kept[:, :, None], clips, np.float32(0)), ends


#: Every change by name, in the order in which they are made.
CHANGES: Mapping[str, Change] = {
    "time_warp": time_warp,
    "crop": crop,
    "scaling": scaling,
    "jitter": jitter,
    "channel_drop": channel_drop,
}
AUGMENTATIONS: tuple[str, ...] = tuple(CHANGES)
#: What a network is trained with unless told otherwise.
LABEL_SAFE: tuple[str, ...] = ("time_warp", "crop", "scaling", "jitter", "channel_drop")


@dataclass(frozen=True)
class Augmentation:
    """A choice of augmentations, applied to a whole batch of what ``Series.transform`` gives.

    Source: T. Um et al., "Data augmentation of wearable sensor data for Parkinson's disease monitoring using
    convolutional neural networks", ICMI 2017 (jitter, scaling, time warp, window crop).
    """

    names: tuple[str, ...]

    @classmethod
    def of(cls, names: Sequence[str] | None) -> Self:
        """The named augmentations; None means the default ones.

        Raises:
            ConfigError: There is no augmentation of that name.
        """
        check_augmentations(names, AUGMENTATIONS, "series")
        return cls(LABEL_SAFE if names is None else tuple(names))

    def __call__(self, arrays: Mapping[str, np.ndarray], rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Change ``values`` and, with it, ``length``; the arrays given stay as they are."""
        values, length = arrays["values"], arrays["length"]
        clips, ends = values.reshape(-1, *values.shape[2:]), length.reshape(-1)
        for name, change in CHANGES.items():
            if name in self.names:
                clips, ends = change(clips, ends, rng)
        inside = np.arange(values.shape[3]) < ends[:, None]
        clips = np.where(inside[:, None, :], clips, np.float32(0)).astype(np.float32)
        return {**arrays, "values": clips.reshape(values.shape), "length": ends.reshape(length.shape)}


def _resample(clip: Float[np.ndarray, "channel time"], end: int, moments: Float[np.ndarray, " time"]) -> None:
    """Read the first ``end`` values of each channel at other moments, in place."""
    places = np.arange(end)
    for channel in clip:
        channel[:end] = np.interp(moments, places, channel[:end])
