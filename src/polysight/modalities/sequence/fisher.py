"""Fisher vectors of sequences: the SIFT descriptors of a few frames as the points of one picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float  # noqa: F401 - the types of inherited options are looked up in this module

from polysight.core.errors import ConfigError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost
from polysight.modalities.image.fisher import SiftFisher
from polysight.modalities.sequence.clips import clips, places
from polysight.modalities.sequence.sampling import evenly


@dataclass(frozen=True, kw_only=True)
class FrameFisher(SiftFisher):
    """Fisher vectors (see ``sift_fisher``) of the points of several frames, which is their mean over time.

    Attributes:
        frames: The most frames that are described, evenly spread; points are shared out among them.
    """

    kind: ClassVar[str] = "frame_fisher"
    modality: ClassVar[str] = "sequence"

    frames: int = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.frames < 1:
            raise ConfigError("there must be at least 1 frame", where=f"{self.kind}.frames")

    def cost(self, modality: Any) -> Cost:
        """As many points as one image has."""
        one = super().cost(modality)
        slots = max(1, len(modality.columns))
        return replace(one, columns=one.columns // (slots if modality.frames == 1 else 1))

    def derivation(self) -> dict[str, Any]:
        """Points depend on how many frames share them."""
        return {**super().derivation(), "kind": self.kind, "frames": self.frames}

    def derive(self, view: View) -> Matrix:
        """Descriptors and positions as bytes: uint8 [row, sequence, point, 130]."""
        shared = replace(self, points=max(1, self.points // self.frames))
        size = view.arrays["frames"].shape[3:]
        blank = shared.describe_points(np.zeros((1, *size), dtype=np.uint8))
        kept = np.zeros((len(view), places(view), self.frames, *blank.shape[1:]), dtype=np.uint8)
        for clip in clips(view):
            chosen = clip.frames[evenly(len(clip.frames), self.frames)]
            kept[clip.row, clip.place, : len(chosen)] = shared.describe_points(chosen)
        return kept.reshape(len(view), places(view), -1, blank.shape[2])
