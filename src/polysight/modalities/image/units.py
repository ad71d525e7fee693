"""Units of an image input: regions of its images, of all images where it has several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int, Num, UInt8

from polysight.data.view import View
from polysight.modalities.image.superpixels import superpixels
from polysight.modalities.units import Shown, Units, numbered, shown_at, titled

#: Regions side by side, in one image and in each of several.
ACROSS, ACROSS_OF_SEVERAL = 5, 3
_DOWN, _RIGHT = ("upper", "middle", "lower"), ("left", "", "right")


@dataclass(frozen=True, eq=False)
class Regions(Units):
    """Regions of the images of a row. One that is hidden takes the median colour of its image.

    The median says least: of a drawing or a product it is the background, so that hiding background changes nothing,
    and what is shown on it is gone without a trace. A mean would lay a grey patch on both, a blur would leave colours.

    Attributes:
        regions: Which unit each pixel belongs to, -1 where a slot is absent.
    """

    noun: ClassVar[str] = "region"

    regions: Int[np.ndarray, "slot size size"]

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """The pixels."""
        pixels = self.row.arrays["pixels"]
        neutral = np.median(pixels[0], axis=(1, 2)).astype(np.uint8)
        # Pixels of absent slots stay as they are.
        there = shown_at(shown, self.regions, elsewhere=True)
        return {"pixels": np.where(there[..., None], pixels, neutral[None, :, None, None])}

    @property
    def picture(self) -> UInt8[np.ndarray, "y x 3"]:
        """The images that are there, side by side."""
        return self.laid_out(self.row.arrays["pixels"][0])

    @property
    def outline(self) -> Int[np.ndarray, "y x"]:
        """Their regions."""
        return self.laid_out(self.regions)

    @property
    def place_units(self) -> Int[np.ndarray, "slot size size"]:
        """The regions."""
        return self.regions

    def laid_out(self, values: Num[np.ndarray, "slot y x *channel"]) -> Num[np.ndarray, "y xs *channel"]:
        """Of the images that are there, side by side."""
        return np.concatenate(list(values[self.row.present[0]]), axis=1)


def regions_of(row: View, columns: tuple[str, ...]) -> Regions:
    """The superpixels of a row's images, named by where they lie.

    Args:
        row: A view of length one, not absent.
        columns: The column of each slot.
    """
    pixels, slots = row.arrays["pixels"][0], np.flatnonzero(row.present[0])
    regions = np.full(pixels.shape[:3], -1)
    labels: list[str] = []
    for slot in slots.tolist():
        found = superpixels(pixels[slot], ACROSS if len(slots) == 1 else ACROSS_OF_SEVERAL)
        regions[slot] = found + len(labels)
        labels += [titled(columns, slot, place) for place in _places(found)]
    return Regions(row, numbered(labels), regions)


def _places(regions: Int[np.ndarray, "size size"]) -> list[str]:
    """Where the middle of each region lies, in words."""
    names = []
    for region in range(regions.max() + 1):
        down, right = (min(2, int(3 * axis.mean() / len(regions))) for axis in np.nonzero(regions == region))
        names.append(f"{_DOWN[down]} {_RIGHT[right]}".strip())
    return names
