"""Features of pictures, taken of planes through a volume: the orthogonal cuts and what shines through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from polysight.core.errors import ConfigError
from polysight.modalities.base import Cost
from polysight.modalities.image.gradients import oriented_gradients
from polysight.modalities.image.lbp import PATTERNS, binary_patterns
from polysight.modalities.volume.features import Size, VolumeFeatures, Voxels

#: The most planes along an axis that texture looks at.
_PLANES = 12


@dataclass(frozen=True, kw_only=True)
class VolumePlanes(VolumeFeatures):
    """Histograms of oriented gradients of the three cuts through the middle and of the brightest projection.

    Attributes:
        side: Each plane is brought to a square of so many pixels, at least 16.
        orientations: Bins of the half circle.
    """

    kind: ClassVar[str] = "volume_planes"

    side: int = 48
    orientations: int = 9

    def __post_init__(self) -> None:
        if self.side < 16 or self.orientations < 1:
            raise ConfigError("needs 16 pixels and one orientation at least", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """Four small pictures."""
        slots = len(modality.columns)
        return Cost(1.5 * slots, 0.03, 0.0, 4 * 25 * 4 * self.orientations * slots, 14.0 * slots)

    def describe_scan(self, voxels: Voxels, cell: Size, extent: Size) -> Float[np.ndarray, " feature"]:
        """Blocks of the four planes, one after the other."""
        slices, rows, columns = voxels.shape
        planes = (voxels[slices // 2], voxels[:, rows // 2], voxels[:, :, columns // 2], voxels.max(axis=0))
        pictures = np.stack([_square(plane, self.side) for plane in planes])
        coloured = np.repeat(pictures[..., None], 3, axis=3)
        return oriented_gradients(
            coloured, orientations=self.orientations, cell=max(4, self.side // 6), block=2
        ).ravel()


@dataclass(frozen=True, kw_only=True)
class VolumeTexture(VolumeFeatures):
    """Local binary patterns on three orthogonal planes: texture within slices and from slice to slice.

    Source: Zhao & Pietikainen, "Dynamic texture recognition using local binary patterns with an application to facial
    expressions", PAMI 2007.
    Departures: patterns are taken on every plane brought to a square, at most twelve along each axis.

    Attributes:
        side: Each plane is brought to a square of so many pixels, at least 8.
        radius: Distance of the neighbours in pixels.
    """

    kind: ClassVar[str] = "volume_texture"

    side: int = 48
    radius: int = 1

    def __post_init__(self) -> None:
        if self.radius < 1 or self.side < max(8, 2 * self.radius + 2):
            raise ConfigError("needs 8 pixels, and more than two radii", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """Some thirty small pictures."""
        slots = len(modality.columns)
        return Cost(12.0 * slots * (self.side / 48) ** 2, 0.01, 0.0, 3 * PATTERNS * slots)

    def describe_scan(self, voxels: Voxels, cell: Size, extent: Size) -> Float[np.ndarray, " feature"]:
        """Roots of the share of each of 59 patterns, for planes across slices, rows and columns."""
        parts = []
        for axis in range(3):
            planes = np.moveaxis(voxels, axis, 0)
            chosen = np.unique(np.linspace(0, len(planes) - 1, min(_PLANES, len(planes))).round().astype(int))
            pictures = np.stack([_square(planes[place], self.side) for place in chosen])
            counted = np.bincount(binary_patterns(pictures, self.radius).ravel(), minlength=PATTERNS)
            parts.append(np.sqrt(counted / counted.sum()))
        return np.concatenate(parts)


def _square(plane: UInt8[np.ndarray, "height width_px"], side: int) -> UInt8[np.ndarray, "side side"]:
    shrinks = min(plane.shape) >= side
    picture: UInt8[np.ndarray, "side side"] = cv2.resize(
        np.ascontiguousarray(plane), (side, side), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    )
    return picture
