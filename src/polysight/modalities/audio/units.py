"""Units of an audio input: regions of the spectrogram, a stretch of time in a few neighbouring bands each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Int, Num, UInt8

from polysight.data.view import View
from polysight.modalities.audio.spectrogram import DYNAMIC_RANGE, LogMel, band_edges
from polysight.modalities.units import Shown, Units, in_runs, shown_at, titled

#: Bands of a region's grid, and stretches of time (of all clips of a row together).
BANDS, STRETCHES = 4, 6
#: The share of a clip's moments and bands that is quieter than what stands for a hidden region, in percent.
QUIET = 10


@dataclass(frozen=True, eq=False)
class Stretches(Units):
    """Regions of the clips of a row. One that is hidden is as quiet as the quietest tenth of its clip.

    Silence to the last decibel never occurs in a recording; a band's own mean would leave a steady tone in place.

    Attributes:
        regions: Which unit each band and moment belongs to, -1 where a slot is absent and beyond a clip's end.
    """

    noun: ClassVar[str] = "band"

    regions: Int[np.ndarray, "slot band frame"]

    def concealed(self, shown: Shown) -> Mapping[str, np.ndarray]:
        """The spectrograms."""
        logmel = self.row.arrays["logmel"]
        quiet = np.zeros(logmel.shape[1], dtype=logmel.dtype)
        for slot in np.flatnonzero(self.row.present[0]):
            quiet[slot] = np.percentile(logmel[0, slot][self.regions[slot] >= 0].astype(np.float32), QUIET)
        there = shown_at(shown, self.regions, elsewhere=True)
        return {"logmel": np.where(there, logmel, quiet[:, None, None])}

    @property
    def picture(self) -> UInt8[np.ndarray, "y x 3"]:
        """The spectrograms that are there, side by side: time to the right, high tones above, loud is white."""
        grey = (1 + self.laid_out(self.row.arrays["logmel"][0].astype(np.float32)) / DYNAMIC_RANGE) * 255
        return np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[..., None], 3, axis=2)

    @property
    def outline(self) -> Int[np.ndarray, "y x"]:
        """Their regions."""
        return self.laid_out(self.regions)

    @property
    def place_units(self) -> Int[np.ndarray, "slot band frame"]:
        """The regions."""
        return self.regions

    def laid_out(self, values: Num[np.ndarray, "slot band frame"]) -> Num[np.ndarray, "band frames"]:
        """Of the clips that are there, side by side, the lowest band below."""
        return np.concatenate(list(values[self.row.present[0]]), axis=1)[::-1]


def stretches_of(row: View, columns: tuple[str, ...], spectrogram: LogMel) -> Stretches:
    """The regions of a row's clips, named by time and frequency.

    Args:
        row: A view of length one, not absent.
        columns: The column of each slot.
        spectrogram: What the row was read as.
    """
    lengths, slots = row.arrays["length"][0], np.flatnonzero(row.present[0])
    regions = np.full(row.arrays["logmel"].shape[1:], -1)
    hertz, second = band_edges(spectrogram), spectrogram.seconds / spectrogram.frames
    labels: list[str] = []
    for slot in slots.tolist():
        for moments in in_runs(int(lengths[slot]), max(1, STRETCHES // len(slots))):
            for bands in in_runs(spectrogram.bands, BANDS):
                regions[slot, bands.start : bands.stop, moments.start : moments.stop] = len(labels)
                when = f"{moments.start * second:.2f}-{moments.stop * second:.2f} s"
                labels.append(titled(columns, slot, f"{when}, {hertz[bands.start]:.0f}-{hertz[bands.stop]:.0f} Hz"))
    return Stretches(row, tuple(labels), regions)
