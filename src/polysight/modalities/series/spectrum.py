"""The spectrum of a sensor series: how much of its ups and downs happens at which pace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from polysight.core.errors import ConfigError
from polysight.modalities.base import Cost
from polysight.modalities.series.features import Channels, SeriesFeatures

#: Powers below this are as good as none.
_LEAST = 1e-12


@dataclass(frozen=True, kw_only=True)
class SeriesSpectrum(SeriesFeatures):
    """The power of each channel in bands of pace, as logarithms, and the shape of its spectrum.

    Bands are equally wide on a logarithmic scale, from one cycle in 512 steps (slower ones included) to one in two.
    Then come the total power (logarithm), the strongest pace, the centroid, the deviation around it (all in cycles a
    step) and the entropy of the spectrum (0 for one pace, 1 for white noise). A missing or steady channel has zeros
    for shapes.

    Source: P. Welch, "The use of fast Fourier transform for the estimation of power spectra", 1967 (one segment).

    Attributes:
        bands: Bands a channel, at least 1.
    """

    kind: ClassVar[str] = "series_spectrum"

    bands: int = 12

    def __post_init__(self) -> None:
        if self.bands < 1:
            raise ConfigError(f"needs at least one band, not {self.bands}", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """A transform for each channel."""
        channels, slots = len(modality.channels or "1"), max(1, len(modality.columns))
        columns = (self.bands + 5) * channels * slots
        return Cost(slots * (0.1 + 0.05 * channels), 0.01, 0.0, columns, 0.004 * columns)

    def describe(self, channels: Channels) -> Float[np.ndarray, " feature"]:
        """Bands and shape, channel by channel."""
        power, cycles = power_spectrum(np.nan_to_num(channels))
        edges = np.geomspace(1 / 512, 0.5, self.bands + 1)[1:-1]
        band = np.searchsorted(edges, cycles, side="right")
        in_bands = power @ (band[:, None] == np.arange(self.bands))
        total = power.sum(axis=1, keepdims=True)
        share = power / np.maximum(total, _LEAST)
        centroid = share @ cycles
        spread = np.sqrt(np.maximum(share @ cycles**2 - centroid**2, 0))
        entropy = -(share * np.log(np.maximum(share, _LEAST))).sum(axis=1) / np.log(max(len(cycles), 2))
        strongest = cycles[power.argmax(axis=1)] * (total[:, 0] > _LEAST)
        levels = np.log10(np.maximum(np.concatenate([in_bands, total], axis=1), _LEAST)) - np.log10(_LEAST)
        return np.column_stack([levels, strongest, centroid, spread, entropy]).ravel()


def power_spectrum(channels: Channels) -> tuple[Float[np.ndarray, "channel cycle"], Float[np.ndarray, " cycle"]]:
    """The power of each channel around its mean at each pace, in cycles a step; a Hann window keeps paces apart.

    The sum over all paces is about the variance; the mean (pace 0) is left out.
    """
    steps = channels.shape[1]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(steps) / steps) if steps > 2 else np.ones(steps)
    centred = channels - channels.mean(axis=1, keepdims=True)
    power = np.abs(np.fft.rfft(centred * window, axis=1)) ** 2 / (steps * (window**2).sum())
    cycles = np.fft.rfftfreq(steps)
    # All paces but 0 and 1/2 stand for two: their own and the negative one.
    power *= np.where((cycles == 0) | (cycles == 0.5), 1, 2)
    return (power[:, 1:], cycles[1:]) if steps > 1 else (np.zeros((len(channels), 1)), np.zeros(1))
