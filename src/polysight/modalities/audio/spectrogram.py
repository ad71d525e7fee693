"""Log-mel spectrograms: how loud a sound is in each band of hearing at each moment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float

#: How far below its loudest moment a clip is still looked at, in decibels.
DYNAMIC_RANGE = 80.0
#: The lowest frequency looked at, in hertz: what lies below is rumble.
LOWEST = 60.0


@dataclass(frozen=True)
class LogMel:
    """A log-mel spectrogram of fixed size.

    Source: S. Davis, P. Mermelstein, "Comparison of parametric representations for monosyllabic word
    recognition", 1980; the mel scale of D. O'Shaughnessy, "Speech communication", 1987.
    Departures: each clip is measured against its own loudest point, so that loudness does not matter.

    Args:
        rate: Samples a second.
        seconds: The length of the spectrogram.
        bands: Mel bands, equally wide in mel between 60 Hz and half the rate.
        frames: Moments, equally far apart.
    """

    rate: int
    seconds: float
    bands: int
    frames: int

    @property
    def hop(self) -> float:
        """Samples between two moments; not a whole number in general."""
        return self.rate * self.seconds / self.frames

    @property
    def window(self) -> int:
        """Samples a moment looks at: 32 ms, or two hops where these are longer."""
        return max(16, round(0.032 * self.rate), math.ceil(2 * self.hop))

    def __call__(self, samples: Float[np.ndarray, " sample"]) -> tuple[Float[np.ndarray, "band frame"], int]:
        """Compute the spectrogram of a clip.

        Args:
            samples: Sound at ``rate``; what lies beyond ``seconds`` is left out.

        Returns:
            Decibels against the loudest point, in [-80, 0]: exactly -80 beyond the clip's end, and everywhere if
            it is silent; and how many frames the clip fills (at least one).
        """
        length = min(self.frames, max(1, math.ceil(len(samples) / self.hop)))
        power = self.filters() @ self.power(samples, length)
        decibels = np.full((self.bands, self.frames), -DYNAMIC_RANGE)
        loudest = power.max()
        if loudest > 0:
            floor = loudest * 10 ** (-DYNAMIC_RANGE / 10)
            decibels[:, :length] = 10 * np.log10(np.maximum(power, floor) / loudest)
        return decibels, length

    def power(self, samples: Float[np.ndarray, " sample"], length: int) -> Float[np.ndarray, "bin frame"]:
        """The power spectrum of the first ``length`` moments, each centred on its place; silence lies around."""
        half = self.window // 2
        centres = np.round((np.arange(length) + 0.5) * self.hop).astype(np.intp)
        padded = np.pad(samples.astype(np.float64), (half, self.window + math.ceil(self.hop)))
        windows = padded[centres[:, None] + np.arange(self.window)[None, :]]
        return np.abs(np.fft.rfft(windows * _hann(self.window), n=self._fft_size()).T) ** 2

    def filters(self) -> Float[np.ndarray, "band bin"]:
        """The triangles that sum up power into bands."""
        return mel_filters(self.rate, self._fft_size(), self.bands)

    def _fft_size(self) -> int:
        # Zero padding: no triangle, however narrow, may fall between two bins of the spectrum.
        return 2 ** math.ceil(math.log2(max(2 * self.window, 8 * self.bands)))


def hertz_to_mel(hertz: Float[np.ndarray, "*any"] | float) -> Float[np.ndarray, "*any"]:
    """Frequency to mel: nearly linear below 700 Hz, logarithmic above."""
    return 2595.0 * np.log10(1.0 + np.asarray(hertz) / 700.0)


def mel_to_hertz(mel: Float[np.ndarray, "*any"] | float) -> Float[np.ndarray, "*any"]:
    """The way back from ``hertz_to_mel``."""
    return 700.0 * (10.0 ** (np.asarray(mel) / 2595.0) - 1.0)


def band_edges(spectrogram: LogMel) -> Float[np.ndarray, " edge"]:
    """Where neighbouring bands meet, in hertz: halfway in mel between their middles; one more than there are bands."""
    lowest = min(LOWEST, spectrogram.rate / 8)
    corners = np.linspace(hertz_to_mel(lowest), hertz_to_mel(spectrogram.rate / 2), spectrogram.bands + 2)
    return mel_to_hertz((corners[:-1] + corners[1:]) / 2)


@lru_cache(maxsize=16)
def mel_filters(rate: int, fft_size: int, bands: int) -> Float[np.ndarray, "band bin"]:
    """Triangles over the bins of a spectrum, equally wide in mel, each with height one."""
    lowest = min(LOWEST, rate / 8)
    corners = mel_to_hertz(np.linspace(hertz_to_mel(lowest), hertz_to_mel(rate / 2), bands + 2))[:, None]
    frequencies = np.fft.rfftfreq(fft_size, d=1 / rate)[None, :]
    rising = (frequencies - corners[:-2]) / (corners[1:-1] - corners[:-2])
    falling = (corners[2:] - frequencies) / (corners[2:] - corners[1:-1])
    return np.maximum(0.0, np.minimum(rising, falling))


@lru_cache(maxsize=16)
def _hann(window: int) -> Float[np.ndarray, " sample"]:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
