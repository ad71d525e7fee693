"""Units of a sequence: its frames, a few neighbours together where there are many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int, Num, UInt8

from polysight.data.view import View
from polysight.modalities.neighbour_units import Neighbours
from polysight.modalities.units import Shown


@dataclass(frozen=True, eq=False)
class Frames(Neighbours):
    """Frames of a row. Those that are hidden are taken out, and the others move together.

    Models have seen sequences of all lengths and with frames left out. A frame that is frozen instead would show what
    its neighbour shows once more, and speak for it. A sequence without a frame left is absent.
    """

    noun: ClassVar[str] = "frame"
    array: ClassVar[str] = "frames"

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """Frames, lengths and presence."""
        frames = np.repeat(self.row.arrays["frames"], len(shown), axis=0)
        kept = np.zeros(frames.shape[:3], dtype=bool)
        for unit, (slot, start, stop) in enumerate(self.places):
            kept[:, slot, start:stop] = shown[:, unit, None]
        # A stable sort puts those that are kept first, in their order.
        order = np.argsort(~kept, axis=2, kind="stable")
        length = kept.sum(axis=2)
        moved = np.take_along_axis(frames, order[..., None, None, None], axis=2)
        moved[np.arange(frames.shape[2]) >= length[..., None]] = 0
        return {"frames": moved, "length": length.astype(self.row.arrays["length"].dtype), "present": length > 0}

    @property
    def picture(self) -> UInt8[np.ndarray, "y x 3"]:
        """The frames from left to right."""
        return self.laid_out(self.row.arrays["frames"][0])

    @property
    def outline(self) -> Int[np.ndarray, "y x"]:
        """Which unit each frame belongs to."""
        side = self.row.arrays["frames"].shape[3]
        return np.concatenate([np.full((side, side), unit) for *_, unit in self._single()], axis=1)

    def laid_out(self, values: Num[np.ndarray, "slot frame y x *channel"]) -> Num[np.ndarray, "y xs *channel"]:
        """Of the frames that are there, from left to right."""
        return np.concatenate([values[slot, place] for slot, place, _ in self._single()], axis=1)

    def _single(self) -> list[tuple[int, int, int]]:
        """The slot, place and unit of every frame."""
        return [(slot, at, unit) for unit, (slot, start, stop) in enumerate(self.places) for at in range(start, stop)]


def frames_of_row(row: View, columns: tuple[str, ...]) -> Frames:
    """The frames of a row.

    Args:
        row: A view of length one, not absent.
        columns: The column of each slot.
    """
    return Frames.of(row, columns, row.arrays["length"][0].tolist())
