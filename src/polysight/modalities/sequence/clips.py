"""Clips: the frames of a view as sequences, one after the other, however they are kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import UInt8

from polysight.data.view import View

#: How many rows are in memory at once.
_ROWS = 8


class Clip(NamedTuple):
    """The frames of one sequence.

    Attributes:
        row: The row it is of.
        place: Which sequence of the row it is.
        frames: RGB images in order, one at least.
    """

    row: int
    place: int
    frames: UInt8[np.ndarray, "frame size size 3"]


def places(view: View) -> int:
    """How many sequences a row has: one a slot - or, where slots hold one frame each, one in all."""
    return 1 if view.arrays["frames"].shape[2] == 1 else view.present.shape[1]


def clips(view: View) -> Iterator[Clip]:
    """The sequences that are there, row by row; only a few rows are read at a time."""
    together = places(view) == 1
    for start in range(0, len(view), _ROWS):
        frames = np.asarray(view.arrays["frames"][start : start + _ROWS])
        length, present = (array[start : start + _ROWS] for array in (view.arrays["length"], view.present))
        for row in range(len(frames)):
            slots = np.flatnonzero(present[row])
            parts = [frames[row, slot, : length[row, slot]] for slot in slots]
            if together and parts:
                yield Clip(start + row, 0, np.concatenate(parts))
            elif not together:
                yield from (Clip(start + row, int(slot), part) for slot, part in zip(slots, parts, strict=True))
