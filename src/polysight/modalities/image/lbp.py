"""Local binary patterns: which of a pixel's eight neighbours are lighter, counted region by region.

Source: Ojala, Pietikainen & Maenpaa, "Multiresolution gray-scale and rotation invariant texture classification with
local binary patterns", PAMI 2002, with neighbours interpolated as by ``skimage.feature.local_binary_pattern``.
Departures: patterns are told apart by their rotation (59 of them), because an image has an upper side; pixels whose
neighbours lie outside the image are not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import cv2
import numpy as np
from jaxtyping import Float, Int, UInt8

from polysight.core.errors import ConfigError
from polysight.modalities.base import Cost
from polysight.modalities.image.colours import shrunk
from polysight.modalities.image.features import ImageFeatures

Images = UInt8[np.ndarray, "image size size 3"]

#: Uniform patterns of eight neighbours (at most two changes around the circle), and one for all others.
PATTERNS = 59


@dataclass(frozen=True, kw_only=True)
class Lbp(ImageFeatures):
    """Histograms of uniform local binary patterns: fine texture, whatever the light.

    Attributes:
        radii: Distances of the neighbours in pixels; one histogram each.
        cells: Regions along a side; each has histograms of its own.
        most: Larger images are first shrunk to this many pixels a side.
    """

    kind: ClassVar[str] = "lbp"

    radii: tuple[int, ...] = (1, 2)
    cells: int = 3
    most: int = 64

    def __post_init__(self) -> None:
        object.__setattr__(self, "radii", tuple(self.radii))
        if not self.radii or min(self.radii) < 1 or self.cells < 1:
            raise ConfigError("radii and cells must be at least 1", where="lbp")
        if self.most < self._least:
            raise ConfigError(f"images must keep at least {self._least} pixels a side", where="lbp.most")

    @property
    def _least(self) -> int:
        return self.cells + 2 * max(self.radii)

    def cost(self, modality: Any) -> Cost:
        """A histogram for each cell and radius."""
        columns = 59 * len(self.radii) * self.cells**2 * len(modality.columns)
        return Cost(0.3 * len(modality.columns), 0.02, 0.0, columns, columns / 250)

    def describe_images(self, images: Images) -> Float[np.ndarray, "image feature"]:
        """Roots of the share of each of 59 patterns, by radius and cell.

        Raises:
            ConfigError: The images are so small that a cell has no pixel.
        """
        images = shrunk(images, self.most)
        size = images.shape[1]
        if size < self._least:
            fix = "give fewer cells or smaller radii"
            raise ConfigError(f"images of {size} pixels are too small for these cells", where="lbp", fix=fix)
        grey = cv2.cvtColor(images.reshape(-1, size, 3), cv2.COLOR_RGB2GRAY).reshape(images.shape[:3])
        parts = [self._histograms(binary_patterns(grey, radius)) for radius in self.radii]
        return np.concatenate(parts, axis=1)

    def _histograms(self, patterns: Int[np.ndarray, "image side side"]) -> Float[np.ndarray, "image feature"]:
        count, side = patterns.shape[:2]
        along = np.arange(side) * self.cells // side
        cell = along[:, None] * self.cells + along
        places = (np.arange(count)[:, None, None] * self.cells**2 + cell) * PATTERNS + patterns
        counted = np.bincount(places.ravel(), minlength=count * self.cells**2 * PATTERNS)
        pixels = np.bincount(cell.ravel())[:, None]
        return np.sqrt(counted.reshape(count, self.cells**2, PATTERNS) / pixels).reshape(count, -1)


def binary_patterns(grey: UInt8[np.ndarray, "image size size"], radius: int) -> Int[np.ndarray, "image side side"]:
    """The pattern of each pixel that is at least ``radius`` from the border: 0 to 57 uniform, 58 any other."""
    size = grey.shape[1]
    values = grey.astype(np.float64)
    middle = values[:, radius : size - radius, radius : size - radius]
    code = np.zeros(middle.shape, dtype=np.uint8)
    for neighbour in range(8):
        angle = neighbour * np.pi / 4
        # Rounded like scikit-image's, so that ties fall alike.
        down, right = np.round(-radius * np.sin(angle), 5), np.round(radius * np.cos(angle), 5)
        lighter = _shifted(values, radius, float(down), float(right)) >= middle
        code |= lighter.astype(np.uint8) << np.uint8(neighbour)
    return _numbering()[code]


def _shifted(
    values: Float[np.ndarray, "image size size"], radius: int, down: float, right: float
) -> Float[np.ndarray, "image side side"]:
    """What lies (down, right) of each inner pixel, interpolated between four pixels."""
    side = values.shape[1] - 2 * radius
    top, left = int(np.floor(down)), int(np.floor(right))
    below, beside = down - top, right - left

    def at(row: int, column: int) -> Float[np.ndarray, "image side side"]:
        return values[:, radius + row :, radius + column :][:, :side, :side]

    if not below and not beside:
        return at(top, left)
    upper = (1 - beside) * at(top, left) + beside * at(top, left + 1)
    lower = (1 - beside) * at(top + 1, left) + beside * at(top + 1, left + 1)
    return (1 - below) * upper + below * lower


@lru_cache(maxsize=1)
def _numbering() -> Int[np.ndarray, " code"]:
    bits = (np.arange(256)[:, None] >> np.arange(8)) & 1
    uniform = (bits != np.roll(bits, 1, axis=1)).sum(axis=1) <= 2
    return np.where(uniform, np.cumsum(uniform) - 1, PATTERNS - 1)
