"""Neighbour units: frames or slices, each a part of its own, or a few neighbours together where there are many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from jaxtyping import Int

from polysight.data.view import View
from polysight.modalities.units import Units, in_runs, titled

#: The most things, or runs of them, that are told apart.
MOST = 32


@dataclass(frozen=True, eq=False)
class Neighbours(Units):
    """Runs of neighbours in the slots of a row.

    Attributes:
        places: The slot of each unit, the first thing in it, and the one after its last.
    """

    #: The array whose third axis they lie along.
    array: ClassVar[str]

    places: tuple[tuple[int, int, int], ...]

    @classmethod
    def of(cls, row: View, columns: tuple[str, ...], counts: Iterable[int]) -> Self:
        """The units of a row, numbered from 1.

        Args:
            row: A view of length one, not absent.
            columns: The column of each slot.
            counts: How many things each slot has; those of absent slots play no part.
        """
        slots = np.flatnonzero(row.present[0])
        labels, places = [], []
        for slot, count in enumerate(counts):
            for run in in_runs(count, max(1, MOST // len(slots))) if slot in slots else ():
                name = f"{cls.noun} {run.start + 1}" if len(run) == 1 else f"{cls.noun}s {run.start + 1}-{run.stop}"
                labels.append(titled(columns, slot, name))
                places.append((slot, run.start, run.stop))
        return cls(row, tuple(labels), tuple(places))

    @property
    def place_units(self) -> Int[np.ndarray, "slot place"]:
        """The unit of each thing."""
        units = np.full(self.row.arrays[self.array].shape[1:3], -1)
        for unit, (slot, start, stop) in enumerate(self.places):
            units[slot, start:stop] = unit
        return units
