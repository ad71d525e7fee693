"""Classical features of volumes: what lies in the middle, and how brightness runs outward."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float, Int, UInt8

from polysight.core.errors import ConfigError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features
from polysight.modalities.volume.granulometry import openings
from polysight.modalities.volume.middle import middle_object

Voxels = UInt8[np.ndarray, "slice height width_px"]
#: Along slices, rows and columns; millimetres, or voxels of a file that knows no millimetres.
Size = Float[np.ndarray, " 3"]


@dataclass(frozen=True, kw_only=True)
class VolumeFeatures(Features):
    """Features of single scans; of several slots the vectors are put side by side, zeros where one is absent."""

    modality: ClassVar[str] = "volume"

    @abstractmethod
    def describe_scan(self, voxels: Voxels, cell: Size, extent: Size) -> Float[np.ndarray, " feature"]:
        """One vector for a scan, of a length that depends on the grid alone.

        Args:
            voxels: The scan on its grid.
            cell: The size of a place of the grid.
            extent: The size of the whole scan.
        """

    def derive(self, view: View) -> Matrix:
        """One vector a scan, slots side by side."""
        voxels, cell, extent = (view.arrays[name] for name in ("voxels", "cell", "extent"))
        rows, slots = view.present.shape
        # One blank scan tells the length of a vector even where nothing is present.
        length = len(self.describe_scan(np.zeros(voxels.shape[2:], np.uint8), np.ones(3), np.ones(3)))
        vectors = np.zeros((rows, slots, length), dtype=np.float32)
        for row, slot in np.argwhere(view.present):
            place = (row, slot)
            vectors[place] = self.describe_scan(voxels[place], cell[place].astype(float), extent[place].astype(float))
        return vectors.reshape(rows, slots * length)


@dataclass(frozen=True, kw_only=True)
class VolumeObject(VolumeFeatures):
    """The bright thing in the middle of a scan: how large, how round, how even, and what it touches.

    A nodule, a lesion, an organ that somebody centred on. Two views of it: the connected part above half of its
    brightness (``middle.middle_object``), and how much of it is left after openings with growing discs
    (``granulometry.openings``), which vessels and walls that touch it do not disturb.
    """

    kind: ClassVar[str] = "volume_object"

    def cost(self, modality: Any) -> Cost:
        """Distances and openings grow with the voxels."""
        share = len(modality.columns) * float(np.prod(modality.grid)) / (8 * 48 * 48)
        return Cost(4.0 * share, 0.01, 0.0, 40 * len(modality.columns))

    def describe_scan(self, voxels: Voxels, cell: Size, extent: Size) -> Float[np.ndarray, " feature"]:
        """Some forty numbers."""
        size = np.log(np.maximum(extent, 1e-3))
        return np.concatenate([middle_object(voxels, cell), openings(voxels), size])


@dataclass(frozen=True, kw_only=True)
class VolumeShells(VolumeFeatures):
    """Mean, deviation and mean gradient in rings around the middle axis, for the first, middle and last slices.

    Attributes:
        rings: Rings of each slice, at least 2.
        parts: Parts along the slices, at least 1.
    """

    kind: ClassVar[str] = "volume_shells"

    rings: int = 8
    parts: int = 3

    def __post_init__(self) -> None:
        if self.rings < 2 or self.parts < 1:
            raise ConfigError("needs two rings and one part at least", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """A gradient of all voxels."""
        share = len(modality.columns) * float(np.prod(modality.grid)) / (8 * 48 * 48)
        return Cost(1.5 * share, 0.01, 0.0, (3 * self.rings * self.parts + 3) * len(modality.columns))

    def describe_scan(self, voxels: Voxels, cell: Size, extent: Size) -> Float[np.ndarray, " feature"]:
        """Three numbers for each ring and part, and the size of the scan."""
        ring, count = _ring_numbers(voxels.shape, self.rings, self.parts)
        values = voxels.astype(np.float32) / 255
        squares = np.zeros_like(values)
        for axis in range(3):
            squares += np.gradient(values, axis=axis) ** 2
        means, second, gradients = (
            np.bincount(ring, weights=of.ravel(), minlength=len(count)) / count
            for of in (values, values**2, np.sqrt(squares))
        )
        spread = np.sqrt(np.maximum(second - means**2, 0))
        return np.concatenate([means, spread, gradients, np.log(np.maximum(extent, 1e-3))])


@lru_cache(maxsize=8)
def _ring_numbers(
    shape: tuple[int, int, int], rings: int, parts: int
) -> tuple[Int[np.ndarray, " voxel"], Float[np.ndarray, " ring"]]:
    """The ring of each voxel, what lies beyond the last in it too, and how many voxels each has (1 at least)."""
    down, across = ((np.arange(side) - (side - 1) / 2) / (side / 2) for side in shape[1:])
    radius = np.sqrt(down[:, None] ** 2 + across[None, :] ** 2)
    ring = np.minimum((radius * rings).astype(int), rings - 1)
    part = np.arange(shape[0]) * parts // shape[0]
    numbers = (part[:, None, None] * rings + ring[None]).ravel()
    return numbers, np.maximum(np.bincount(numbers, minlength=rings * parts), 1).astype(np.float64)
