"""Units of a volume: its slices, a few neighbours together where there are many."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int, Num, UInt8

from polysight.data.view import View
from polysight.modalities.neighbour_units import Neighbours
from polysight.modalities.units import Shown


@dataclass(frozen=True, eq=False)
class Slices(Neighbours):
    """Slices of the scans of a row. One that is hidden is filled with the median of its scan.

    The median is what there is most of (air, lung, tissue), so that nothing is there to be seen; the grid and the size
    of the scan stay, because they are not what a slice shows.
    """

    noun: ClassVar[str] = "slice"
    array: ClassVar[str] = "voxels"

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """The voxels."""
        voxels = np.repeat(self.row.arrays["voxels"], len(shown), axis=0)
        median = np.median(voxels[0], axis=(1, 2, 3)).astype(voxels.dtype)
        for unit, (slot, start, stop) in enumerate(self.places):
            voxels[~shown[:, unit], slot, start:stop] = median[slot]
        return {"voxels": voxels}

    @property
    def picture(self) -> UInt8[np.ndarray, "y x 3"]:
        """The slices of the scans that are there, row by row."""
        return np.repeat(self.laid_out(self.row.arrays["voxels"][0])[..., None], 3, axis=2)

    @property
    def outline(self) -> Int[np.ndarray, "y x"]:
        """Which unit each slice belongs to."""
        units, shape = self.place_units, self.row.arrays["voxels"].shape[1:]
        return self.laid_out(np.broadcast_to(units[..., None, None], shape) + 1) - 1

    def laid_out(self, values: Num[np.ndarray, "slot slice y x"]) -> Num[np.ndarray, "ys xs"]:
        """Of the scans that are there, slice by slice in rows, about as many across as down; zeros fill up."""
        slices = values[self.row.present[0]].reshape(-1, *values.shape[2:])
        across = math.ceil(math.sqrt(len(slices)))
        filled = np.zeros((across * -(-len(slices) // across), *slices.shape[1:]), dtype=values.dtype)
        filled[: len(slices)] = slices
        rows = filled.reshape(-1, across, *slices.shape[1:]).swapaxes(1, 2)
        return rows.reshape(-1, across * slices.shape[2])


def slices_of(row: View, columns: tuple[str, ...]) -> Slices:
    """The slices of a row's scans, numbered as they lie on the grid (from the feet, where a file says how it lies).

    Args:
        row: A view of length one, not absent.
        columns: The column of each slot.
    """
    voxels = row.arrays["voxels"]
    return Slices.of(row, columns, [voxels.shape[2]] * voxels.shape[1])
