"""Local colour statistics: mean and deviation of the colour in each cell of each point of a grid.

Source: Clinchant, Csurka, Perronnin & Renders, "XRCE's participation to ImagEval", 2007; as second descriptor beside
SIFT in Sanchez, Perronnin, Mensink & Verbeek, "Image classification with the Fisher vector", IJCV 2013.
Departures: CIE Lab instead of RGB.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from polysight.modalities.image.fisher import FisherVectors
from polysight.modalities.image.grid import at_scale, grid_of, grid_positions, pooled
from polysight.modalities.image.local_features import Kept

Images = UInt8[np.ndarray, "image size size 3"]


@dataclass(frozen=True, kw_only=True)
class ColourFisher(FisherVectors):
    """Fisher vectors of local colours: what ``sift_fisher`` does not see, kept in the same way."""

    kind: ClassVar[str] = "colour_fisher"

    def derivation(self) -> dict[str, Any]:
        """Points depend on the grid alone."""
        return {"kind": "local_colour", "points": self.points}

    def describe_points(self, images: Images) -> Kept:
        """Means and deviations of colours in the cells of each point, as bytes."""
        sides, step = grid_of(images.shape[1], self.points)
        positions = grid_positions(sides, step)
        kept = np.zeros((len(images), len(positions), 130), dtype=np.uint8)
        for number, image in enumerate(images):
            lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
            colours = np.concatenate([_colours(at_scale(lab, side), step) for side in sides])
            kept[number, :, :96] = np.minimum(colours + 0.5, 255)
        # Black is a colour: a point is there in any case.
        kept[..., 127] = 1
        kept[..., 128:] = positions * 255 + 0.5
        return kept

    def mirrored(self, kept: Kept) -> Kept:
        """Columns of cells change sides."""
        cells = kept[:, :96].reshape(-1, 4, 4, 6)[:, :, ::-1].reshape(-1, 96)
        return np.concatenate([cells, kept[:, 96:128], 255 - kept[:, 128:129], kept[:, 129:]], axis=1)


def _colours(lab: Float[np.ndarray, "side side 3"], step: int) -> Float[np.ndarray, "point 96"]:
    """Means, and twice the deviations (they are smaller), of the three channels in each cell."""
    maps = np.ascontiguousarray(lab.transpose(2, 0, 1))
    sums = pooled(np.concatenate([maps, maps**2, np.ones_like(maps[:1])]), step)
    mean, square = sums[:3] / sums[6], sums[3:6] / sums[6]
    deviation = np.sqrt(np.maximum(square - mean**2, 0))
    return np.concatenate([mean, 2 * deviation]).transpose(1, 3, 2, 4, 0).reshape(-1, 96)
