"""Units of a sequence: its frames, a few neighbours together where there are many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int, Num, UInt8

from polysight.data.view import View
from polysight.modalities.units import Shown, Units, in_runs, titled

#: The most frames, or runs of them, that are told apart.
MOST = 32


@dataclass(frozen=True, eq=False)
class Frames(Units):
    """Frames of a row. Those that are hidden are taken out, and the others move together.

    Models have seen sequences of all lengths and with frames left out. A frame that is frozen instead would show what
    its neighbour shows once more, and speak for it. A sequence without a frame left is absent.

    Attributes:
        places: The slot of each unit, its first frame, and the one after its last.
    """

    noun: ClassVar[str] = "frame"

    places: tuple[tuple[int, int, int], ...]

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

    @property
    def place_units(self) -> Int[np.ndarray, "slot frame"]:
        """The unit of each frame."""
        units = np.full(self.row.arrays["frames"].shape[1:3], -1)
        for slot, place, unit in self._single():
            units[slot, place] = unit
        return units

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
    lengths, slots = row.arrays["length"][0], np.flatnonzero(row.present[0])
    labels, places = [], []
    for slot in slots.tolist():
        for run in in_runs(int(lengths[slot]), max(1, MOST // len(slots))):
            name = f"frame {run.start + 1}" if len(run) == 1 else f"frames {run.start + 1}-{run.stop}"
            labels.append(titled(columns, slot, name))
            places.append((slot, run.start, run.stop))
    return Frames(row, tuple(labels), tuple(places))
