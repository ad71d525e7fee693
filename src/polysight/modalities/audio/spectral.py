"""SpectralStatistics: where in the spectrum a sound is, how that changes, and how fast its bands rise and fall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float, Int

from polysight.core.errors import ConfigError
from polysight.data.view import Matrix, View
from polysight.modalities.audio.spectrogram import DYNAMIC_RANGE
from polysight.modalities.base import Cost, Features, absent_rows_to_zero

#: The share of a frame's power below its roll-off.
ROLL_OFF = 0.85
#: The share of a group's bands taken as its peaks, and as its valleys.
EXTREMES = 0.2
#: How a track is summed up beside its mean and deviation.
PERCENTILES = (10, 50, 90)
#: Octaves of the modulation spectrum: the slowest holds periods of more than 64 frames, the fastest of 2 to 4.
OCTAVES = 6
#: What a frame has of each, in this order; then comes the contrast of each group.
TRACKS = ("level", "centroid", "bandwidth", "roll_off", "flatness", "flux", "crossings")

Clip = Float[np.ndarray, "band frame"]
Track = Float[np.ndarray, "track frame"]


@dataclass(frozen=True, kw_only=True)
class SpectralStatistics(Features):
    """Tracks of spectral shape over the frames of a clip, summed up, and its modulation spectrum.

    Positions in the spectrum are counted along the mel axis, 0 for the lowest band and 1 for the highest. A
    vector begins with the share of frames that sound at all, 0 for a silent clip, of which nothing else can be
    said; frames that do not sound are left out of the tracks.

    Source: G. Tzanetakis, P. Cook, "Musical genre classification of audio signals", 2002 (centroid, roll-off,
    flux); D. Jiang, "Music type classification by spectral contrast feature", 2002; S. Rice, "Mathematical
    analysis of random noise", 1945 (zero crossings from the spectrum); S. Greenberg, B. Kingsbury, "The
    modulation spectrogram", 1997.
    Departures: computed from the bands of a log-mel spectrogram, not from the bins of a spectrum.

    Attributes:
        groups: Groups of neighbouring bands, at least 1, in which contrast and modulation are measured; more
            than there are bands means one a band.
    """

    kind: ClassVar[str] = "spectral_statistics"
    modality: ClassVar[str] = "audio"

    groups: int = 8

    def __post_init__(self) -> None:
        if self.groups < 1:
            raise ConfigError(f"needs at least one group of bands, not {self.groups}", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """A few statistics of each measure."""
        return Cost(0.6 * len(modality.columns), 0.01, 0.0, 124 * len(modality.columns))

    def derive(self, view: View) -> Matrix:
        """One vector a row (float32): sounding share, tracks (statistic by statistic), modulation; slot after slot."""
        logmel, length = view.arrays["logmel"], view.arrays["length"]
        slots = [self._describe(logmel[:, slot], length[:, slot]) for slot in range(logmel.shape[1])]
        zeroed = [absent_rows_to_zero(slot, view.present[:, i]) for i, slot in enumerate(slots)]
        return np.concatenate(zeroed, axis=1)

    def _describe(
        self, logmel: Float[np.ndarray, "clip band frame"], length: Int[np.ndarray, " clip"]
    ) -> Float[np.ndarray, "clip feature"]:
        groups = min(self.groups, logmel.shape[1])
        tracks = len(TRACKS) + groups
        vectors = np.zeros((len(logmel), 1 + tracks * (2 + len(PERCENTILES)) + groups * OCTAVES), dtype=np.float32)
        for row, clip in enumerate(logmel):
            decibels = clip[:, : max(1, int(length[row]))].astype(np.float64)
            sounding = decibels.max(axis=0) > -DYNAMIC_RANGE
            if length[row] and sounding.any():
                found = np.concatenate([shape_tracks(decibels), contrasts(decibels, groups)])[:, sounding]
                modulation = modulation_spectrum(decibels, groups)
                vectors[row] = np.concatenate([[sounding.mean()], summary(found).ravel(), modulation.ravel()])
        return vectors


def shape_tracks(decibels: Clip) -> Track:
    """Level (dB), centroid, bandwidth, roll-off, flatness (dB), flux and crossings of each frame.

    Crossings are how often a Gaussian noise of that spectrum would cross zero: the root of the second moment of
    its power. The flux is the distance to the spectrum before (0 for the first), both of sum one.
    """
    power = 10 ** (decibels / 10)
    total = power.sum(axis=0)
    share = power / total
    place = np.linspace(0, 1, len(decibels))[:, None] if len(decibels) > 1 else np.zeros((1, 1))
    centroid = (share * place).sum(axis=0)
    bandwidth = np.sqrt((share * (place - centroid) ** 2).sum(axis=0))
    roll_off = place[(np.cumsum(share, axis=0) >= ROLL_OFF).argmax(axis=0), 0]
    level = 10 * np.log10(total)
    flatness = decibels.mean(axis=0) - 10 * np.log10(power.mean(axis=0))
    flux = np.linalg.norm(np.diff(share, axis=1, prepend=share[:, :1]), axis=0)
    crossings = np.sqrt((share * place**2).sum(axis=0))
    return np.stack([level, centroid, bandwidth, roll_off, flatness, flux, crossings])


def contrasts(decibels: Clip, groups: int) -> Track:
    """How far the peaks of each group of bands stand above its valleys, in decibels."""
    tracks = []
    for part in np.array_split(decibels, groups):
        ordered, count = np.sort(part, axis=0), max(1, round(EXTREMES * len(part)))
        tracks.append(ordered[-count:].mean(axis=0) - ordered[:count].mean(axis=0))
    return np.stack(tracks)


def summary(tracks: Track) -> Float[np.ndarray, "statistic track"]:
    """Mean, deviation and percentiles of each track over its frames."""
    percentiles = np.percentile(tracks, PERCENTILES, axis=1)
    return np.concatenate([tracks.mean(axis=1)[None], tracks.std(axis=1)[None], percentiles])


def modulation_spectrum(decibels: Clip, groups: int) -> Float[np.ndarray, "group octave"]:
    """How much the level of each group rises and falls at each pace, in decibels (root of the summed power).

    Paces are octaves of cycles a frame up to 1/2; the sum of squares over all of them is the variance of the
    level over the frames, so that clips of any length compare.
    """
    level = np.stack([part.mean(axis=0) for part in np.array_split(decibels, groups)])
    frames = level.shape[1]
    cycles = np.fft.rfftfreq(frames)
    power = np.abs(np.fft.rfft(level - level.mean(axis=1, keepdims=True), axis=1)) ** 2 / frames**2
    # All cycles but those at 0 and 1/2 stand for two: their own and the negative one.
    power *= np.where((cycles == 0) | (cycles == 0.5), 1, 2)
    octave = np.clip(np.floor(np.log2(np.maximum(cycles, 1e-9))) + OCTAVES + 1, 0, OCTAVES - 1).astype(np.intp)
    return np.sqrt(power @ (octave[:, None] == np.arange(OCTAVES)))
