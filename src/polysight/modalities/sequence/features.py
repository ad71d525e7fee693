"""Classical features of frames, pooled over time: what a sequence shows on the whole, and how much that varies."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float, UInt8

from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features
from polysight.modalities.image.features import Colour, Hog, ImageFeatures
from polysight.modalities.sequence.clips import clips, places

Images = UInt8[np.ndarray, "frame size size 3"]
#: How many frames are described at once, to bound memory.
_CHUNK = 16


@dataclass(frozen=True, kw_only=True)
class ClipFeatures(Features):
    """Features of single sequences; of several the vectors are put side by side, zeros where one is absent."""

    modality: ClassVar[str] = "sequence"

    @abstractmethod
    def describe_clip(self, frames: Images) -> Float[np.ndarray, " feature"]:
        """One vector a sequence, of the same length for any number of frames (one at least)."""

    def derive(self, view: View) -> Matrix:
        """One vector a row (float32), sequence after sequence."""
        # One black frame tells the length of a vector even where nothing is present.
        size = len(self.describe_clip(np.zeros((1, *view.arrays["frames"].shape[3:]), dtype=np.uint8)))
        vectors = np.zeros((len(view), places(view), size), dtype=np.float32)
        for clip in clips(view):
            vectors[clip.row, clip.place] = self.describe_clip(clip.frames)
        return vectors.reshape(len(view), -1)


@dataclass(frozen=True, kw_only=True)
class PooledFrames(ClipFeatures):
    """The mean of what each frame is described by, and its deviation over time (zero for a single frame)."""

    @property
    @abstractmethod
    def of_images(self) -> ImageFeatures:
        """What describes each frame."""

    def describe_clip(self, frames: Images) -> Float[np.ndarray, " feature"]:
        """Means, then deviations."""
        parts = [frames[start : start + _CHUNK] for start in range(0, len(frames), _CHUNK)]
        described = np.concatenate([self.of_images.describe_images(part) for part in parts])
        return np.concatenate([described.mean(axis=0), described.std(axis=0)])

    def cost(self, modality: Any) -> Cost:
        """One image after the other."""
        # An image input and this one have as many slots, and the same size.
        one, slots = self.of_images.cost(modality), max(1, len(modality.columns))
        columns = 2 * one.columns // (slots if modality.frames == 1 else 1)
        return Cost(one.derive * (modality.frames or 1), one.fold, one.fit, columns, 0.004 * columns)


@dataclass(frozen=True, kw_only=True)
class FrameHog(PooledFrames):
    """Histograms of oriented gradients of each frame: their mean and deviation over time.

    Source: Dalal & Triggs, "Histograms of oriented gradients for human detection", CVPR 2005 (see ``hog``).

    Attributes:
        orientations: Bins of the half circle.
        cell: Pixels of a cell's side. Automatic: an eighth of the frame's side, at least 4.
        block: Cells of a block's side.
    """

    kind: ClassVar[str] = "frame_hog"

    orientations: int = 9
    cell: int | None = None
    block: int = 2

    def __post_init__(self) -> None:
        _ = self.of_images  # checks the options

    @property
    def of_images(self) -> Hog:
        """Oriented gradients."""
        return Hog(orientations=self.orientations, cell=self.cell, block=self.block)


@dataclass(frozen=True, kw_only=True)
class FrameColour(PooledFrames):
    """Which colours frames have, as a whole and in each quarter (see ``colour``): mean and deviation over time."""

    kind: ClassVar[str] = "frame_colour"

    @property
    def of_images(self) -> Colour:
        """Colours."""
        return Colour()
