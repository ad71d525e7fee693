"""Units of a series: stretches of time of each channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int

from polysight.data.view import View
from polysight.modalities.units import Shown, Units, in_runs, shown_at, titled

#: About how many stretches are told apart in all, and the most of one channel.
ALL, OF_A_CHANNEL = 24, 8


@dataclass(frozen=True, eq=False)
class Segments(Units):
    """Stretches of the channels of a row. What is hidden is a gap, filled as every gap is: by a line across it.

    At the ends the nearest value stays. A channel of which nothing is shown is missing, as one that was never recorded;
    a steady value would still tell its level. A recording without a channel left is absent.

    Attributes:
        segments: Which unit each step belongs to, -1 where a channel is missing and beyond the end.
    """

    noun: ClassVar[str] = "stretch"

    segments: Int[np.ndarray, "slot channel step"]

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """Values, lengths and presence."""
        values = np.repeat(self.row.arrays["values"], len(shown), axis=0)
        length = np.repeat(self.row.arrays["length"], len(shown), axis=0)
        inside = self.segments >= 0
        there = shown_at(shown, self.segments, elsewhere=False)
        for slot, channel in np.argwhere(inside.any(axis=2)):
            steps = np.flatnonzero(inside[slot, channel])
            whole = self.row.arrays["values"][0, slot, channel, steps]
            for place, kept in enumerate(there[:, slot, channel, steps]):
                if not kept.all():
                    filled = np.interp(steps, steps[kept], whole[kept]) if kept.any() else np.nan
                    values[place, slot, channel, steps] = filled
        present = np.logical_or.reduce(there, axis=(2, 3))
        values[~present], length[~present] = 0, 0
        return {"values": values, "length": length, "present": present}

    @property
    def place_units(self) -> Int[np.ndarray, "slot channel step"]:
        """The stretches."""
        return self.segments


def segments_of(row: View, columns: tuple[str, ...], channels: tuple[str, ...]) -> Segments:
    """The stretches of a row's channels, named by channel and steps of the grid.

    Args:
        row: A view of length one, not absent.
        columns: The column of each slot.
        channels: The channels.
    """
    values, lengths = row.arrays["values"][0], row.arrays["length"][0]
    seen = np.isfinite(values[..., 0]) & row.present[0][:, None]
    segments = np.full(values.shape, -1)
    most = int(np.clip(ALL // max(1, seen.sum()), 1, OF_A_CHANNEL))
    labels: list[str] = []
    for slot, channel in np.argwhere(seen).tolist():
        for run in in_runs(int(lengths[slot]), most):
            segments[slot, channel, run.start : run.stop] = len(labels)
            labels.append(titled(columns, slot, f"{channels[channel]}, steps {run.start + 1}-{run.stop}"))
    return Segments(row, tuple(labels), segments)
