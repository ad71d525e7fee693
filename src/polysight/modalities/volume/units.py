"""Units of a volume: its slices, a few neighbours together where there are many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from polysight.data.view import View
from polysight.modalities.units import Shown, Units, in_runs, titled

#: The most slices, or runs of them, that are told apart.
MOST = 32


@dataclass(frozen=True, eq=False)
class Slices(Units):
    """Slices of the scans of a row. One that is hidden is filled with the median of its scan.

    The median is what there is most of (air, lung, tissue), so that nothing is there to be seen; the grid and the size
    of the scan stay, because they are not what a slice shows.

    Attributes:
        places: The slot of each unit, its first slice, and the one after its last.
    """

    noun: ClassVar[str] = "slice"

    places: tuple[tuple[int, int, int], ...]

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """The voxels."""
        voxels = np.repeat(self.row.arrays["voxels"], len(shown), axis=0)
        median = np.median(voxels[0], axis=(1, 2, 3)).astype(voxels.dtype)
        for unit, (slot, start, stop) in enumerate(self.places):
            voxels[~shown[:, unit], slot, start:stop] = median[slot]
        return {"voxels": voxels}


def slices_of(row: View, columns: tuple[str, ...]) -> Slices:
    """The slices of a row's scans, numbered as they lie on the grid (from the feet, where a file says how it lies).

    Args:
        row: A view of length one, not absent.
        columns: The column of each slot.
    """
    depth, slots = row.arrays["voxels"].shape[2], np.flatnonzero(row.present[0])
    labels, places = [], []
    for slot in slots.tolist():
        for run in in_runs(depth, max(1, MOST // len(slots))):
            name = f"slice {run.start + 1}" if len(run) == 1 else f"slices {run.start + 1}-{run.stop}"
            labels.append(titled(columns, slot, name))
            places.append((slot, run.start, run.stop))
    return Slices(row, tuple(labels), tuple(places))
