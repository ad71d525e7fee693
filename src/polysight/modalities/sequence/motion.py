"""Motion from differences of frames: how much changes, where, when, and in which direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from polysight.core.errors import ConfigError
from polysight.modalities.base import Cost
from polysight.modalities.sequence.features import ClipFeatures

#: Pixels of each side at which frames are compared.
SIDE = 32


@dataclass(frozen=True, kw_only=True)
class FrameMotion(ClipFeatures):
    """How the lightness of frames changes from one to the next, in each part of the picture.

    For each part: the mean and the deviation over time of how much it changes, and the slope of its lightness over
    the sequence (getting lighter or darker). For the whole: mean, deviation and maximum of the change, how much of
    it falls into each third of the sequence, where in the picture it is (mean and deviation of x and y), how that
    place moves (slopes), and the logarithm of the number of frames. A single frame has no motion.

    Attributes:
        grid: Parts each way, 1 to 16.
    """

    kind: ClassVar[str] = "frame_motion"

    grid: int = 4

    def __post_init__(self) -> None:
        if not 1 <= self.grid <= 16:
            raise ConfigError(f"needs 1 to 16 parts each way, not {self.grid}", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """Little."""
        slots = max(1, len(modality.columns))
        columns = (3 * self.grid**2 + 13) * (1 if modality.frames == 1 else slots)
        return Cost(0.06 * (modality.frames or 1) * slots + 0.3, 0.01, 0.0, columns, 0.004 * columns)

    def describe_clip(self, frames: UInt8[np.ndarray, "frame size size 3"]) -> Float[np.ndarray, " feature"]:
        """Parts, then the whole."""
        light = lightness(frames, SIDE)
        change = np.abs(np.diff(light, axis=0)) if len(light) > 1 else np.zeros((1, SIDE, SIDE))
        parts = _parts(change, self.grid)
        slope = slopes(_parts(light, self.grid))
        total = change.mean(axis=(1, 2))
        thirds = np.array([part.sum() for part in np.array_split(total, 3)]) / max(total.sum(), 1e-9)
        whole = [total.mean(), total.std(), total.max(), *thirds, *_place(change, total), np.log(len(frames))]
        return np.concatenate([parts.mean(axis=0), parts.std(axis=0), slope, whole])


def lightness(frames: UInt8[np.ndarray, "frame size size 3"], side: int) -> Float[np.ndarray, "frame side side"]:
    """The lightness of each frame, 0 to 1, at another size."""
    grey = [cv2.cvtColor(np.ascontiguousarray(frame), cv2.COLOR_RGB2GRAY) for frame in frames]
    return np.stack([cv2.resize(one, (side, side), interpolation=cv2.INTER_AREA) for one in grey]) / 255.0


def slopes(tracks: Float[np.ndarray, "frame track"]) -> Float[np.ndarray, " track"]:
    """The change of each track from start to end of the line through all of its values; zero for one frame."""
    if len(tracks) < 2:
        return np.zeros(tracks.shape[1])
    place = np.linspace(-0.5, 0.5, len(tracks))
    return place @ (tracks - tracks.mean(axis=0)) / (place @ place)


def _parts(maps: Float[np.ndarray, "frame side side"], grid: int) -> Float[np.ndarray, "frame part"]:
    rows = [band.mean(axis=1) for band in np.array_split(maps, grid, axis=1)]
    return np.stack([part.mean(axis=1) for row in rows for part in np.array_split(row, grid, axis=1)], axis=1)


def _place(change: Float[np.ndarray, "step side side"], total: Float[np.ndarray, " step"]) -> list[float]:
    """Where changes are: mean x and y, deviations around them, and how far they move (-1/2 to 1/2 is the picture)."""
    seen = total > 1e-6
    if not seen.any():
        return [0.0] * 6
    weights = change[seen] / change[seen].sum(axis=(1, 2), keepdims=True)
    place = np.linspace(-0.5, 0.5, change.shape[1])
    tracks = np.stack([weights.sum(axis=1) @ place, weights.sum(axis=2) @ place], axis=1)
    squares = np.stack([weights.sum(axis=1) @ place**2, weights.sum(axis=2) @ place**2], axis=1)
    spread = np.sqrt(np.maximum(squares - tracks**2, 0)).mean(axis=0)
    return [*tracks.mean(axis=0), *spread, *slopes(tracks)]
