"""What the values of a sensor series are like: statistics of each channel and how channels go together."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from polysight.core.errors import ConfigError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features

#: One series, up to its end; a missing channel is NaN all over.
Channels = Float[np.ndarray, "channel time"]

#: How the values of a channel are summed up beside their mean and deviation.
PERCENTILES = (5, 25, 50, 75, 95)
#: Steps by which a channel is compared with itself.
LAGS = (1, 2, 4, 8)
#: What is told of a channel, in this order.
STATISTICS = (
    *("mean", "deviation", "minimum", *(f"percentile_{p}" for p in PERCENTILES), "maximum"),
    *("skewness", "kurtosis", "slope", "change", "crossings", *(f"autocorrelation_{lag}" for lag in LAGS)),
)


@dataclass(frozen=True, kw_only=True)
class SeriesFeatures(Features):
    """Features of single series; of several slots the vectors are put side by side, zeros where one is absent."""

    modality: ClassVar[str] = "series"

    @abstractmethod
    def describe(self, channels: Channels) -> Float[np.ndarray, " feature"]:
        """One vector a series, of the same length for any number of steps (one at least)."""

    def derive(self, view: View) -> Matrix:
        """One vector a row (float32), slot after slot."""
        values, length = view.arrays["values"], view.arrays["length"]
        size = len(self.describe(np.zeros((values.shape[2], 1))))
        vectors = np.zeros((*view.present.shape, size), dtype=np.float32)
        for row, slot in np.argwhere(view.present):
            vectors[row, slot] = self.describe(values[row, slot, :, : length[row, slot]].astype(np.float64))
        return vectors.reshape(len(view), -1)


@dataclass(frozen=True, kw_only=True)
class SeriesStatistics(SeriesFeatures):
    """Eighteen statistics of each channel, the correlations of channels, and how long the series is.

    A channel that is missing has zeros. A slope is the change from start to end of the line through all values, in
    deviations; changes are mean distances of neighbours, crossings the share of steps across the mean.

    Attributes:
        pairs: The most pairs of channels whose correlation is told (the first ones in their order).
    """

    kind: ClassVar[str] = "series_statistics"

    pairs: int = 45

    def __post_init__(self) -> None:
        if self.pairs < 0:
            raise ConfigError(f"pairs must not be negative, not {self.pairs}", where=self.kind)

    def cost(self, modality: Any) -> Cost:
        """A few numbers for each channel."""
        channels, slots = len(modality.channels or "1"), max(1, len(modality.columns))
        pairs = min(self.pairs, channels * (channels - 1) // 2)
        columns = (len(STATISTICS) * channels + pairs + 1) * slots
        return Cost(slots * (0.2 + 0.25 * channels), 0.01, 0.0, columns, 0.004 * columns)

    def describe(self, channels: Channels) -> Float[np.ndarray, " feature"]:
        """Statistics channel by channel, correlations, and the logarithm of the length."""
        statistics = np.stack([channel_statistics(channel) for channel in np.nan_to_num(channels)])
        return np.concatenate(
            [statistics.ravel(), self._correlations(np.nan_to_num(channels)), [np.log(channels.shape[1])]]
        )

    def _correlations(self, channels: Channels) -> Float[np.ndarray, " pair"]:
        centred = channels - channels.mean(axis=1, keepdims=True)
        length = np.sqrt((centred**2).sum(axis=1))
        centred /= np.where(length > 0, length, 1.0)[:, None]
        one, other = np.triu_indices(len(channels), 1)
        return (centred[one[: self.pairs]] * centred[other[: self.pairs]]).sum(axis=1)


def channel_statistics(values: Float[np.ndarray, " time"]) -> Float[np.ndarray, " statistic"]:
    """The ``STATISTICS`` of one channel; a steady one has no skewness, kurtosis, slope or autocorrelation (zeros)."""
    mean, deviation = values.mean(), values.std()
    shape = np.zeros(3 + len(LAGS))
    if deviation > 1e-9 * max(1e-9, abs(mean)):
        scaled = (values - mean) / deviation
        place = np.linspace(-0.5, 0.5, len(values))
        moments = [(scaled**3).mean(), (scaled**4).mean() - 3, scaled @ place / (place @ place)]
        lagged = [(scaled[lag:] @ scaled[:-lag]) / len(scaled) if lag < len(scaled) else 0.0 for lag in LAGS]
        shape = np.array([*moments, *lagged])
    steps = np.diff(values)
    change = np.abs(steps).mean() if len(steps) else 0.0
    above = values > mean
    crossings = (above[1:] != above[:-1]).mean() if len(steps) else 0.0
    level = [mean, deviation, values.min(), *np.percentile(values, PERCENTILES), values.max()]
    return np.array([*level, *shape[:3], change, crossings, *shape[3:]])
