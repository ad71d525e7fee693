"""Units of a point cloud: its parts, points that lie together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int

from polysight.data.view import View
from polysight.modalities.nearest_centres import nearest_centres
from polysight.modalities.points.cloud import farthest
from polysight.modalities.units import Shown, Units, numbered, shown_at, titled

#: About how many parts the clouds of a row have together.
PARTS = 12
#: A part lies to one side of the middle from so many deviations on.
_ASIDE = 0.5


@dataclass(frozen=True, eq=False)
class Parts(Units):
    """Parts of the clouds of a row. The points of one that is hidden move onto points that are shown.

    So a cloud has as many points as before and nothing where the part was; middle, size and number stay, for the rest
    must not look moved. A cloud without a part left is absent.

    Attributes:
        parts: Which unit each point belongs to, -1 where a slot is absent.
    """

    noun: ClassVar[str] = "part"

    parts: Int[np.ndarray, "slot point"]

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """Points, what was measured there, place and presence."""
        names = ("points", "values", "place")
        changed = {name: np.repeat(self.row.arrays[name], len(shown), axis=0) for name in names}
        there = shown_at(shown, self.parts, elsewhere=False)
        for place, slot in np.argwhere(there.any(axis=2) & ~there.all(axis=2)):
            kept, gone = np.flatnonzero(there[place, slot]), np.flatnonzero(~there[place, slot])
            # Spread over all that is shown, so that no place becomes denser than others.
            instead = kept[np.arange(len(gone)) * len(kept) // len(gone)]
            for name in ("points", "values"):
                changed[name][place, slot, gone] = changed[name][place, slot, instead]
        present = np.logical_or.reduce(there, axis=2)
        for array in changed.values():
            array[~present] = 0
        return {**changed, "present": present}


def parts_of(row: View, columns: tuple[str, ...]) -> Parts:
    """The parts of a row's clouds, named by where they lie along the axes.

    Args:
        row: A view of length one, not absent.
        columns: The column of each slot.
    """
    points, slots = row.arrays["points"][0], np.flatnonzero(row.present[0])
    parts = np.full(points.shape[:2], -1)
    labels: list[str] = []
    for slot in slots.tolist():
        cloud = points[slot].astype(np.float64)
        begin = farthest(cloud, max(2, PARTS // len(slots)))
        _, found = np.unique(nearest_centres(cloud, cloud[begin]), return_inverse=True)
        parts[slot] = found + len(labels)
        labels += [titled(columns, slot, _place(cloud[found == part], cloud)) for part in range(found.max() + 1)]
    return Parts(row, numbered(labels), parts)


def _place(part: Float[np.ndarray, "some 3"], cloud: Float[np.ndarray, "point 3"]) -> str:
    aside = (part.mean(axis=0) - cloud.mean(axis=0)) / np.maximum(cloud.std(axis=0), 1e-9)
    sides = [
        (f"low {axis}" if off < 0 else f"high {axis}")
        for axis, off in zip("xyz", aside, strict=True)
        if abs(off) > _ASIDE
    ]
    return ", ".join(sides) or "middle"
