"""MiniRocket: fixed dilated kernels over time series, and how often each of their answers exceeds a bias."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Self

import numpy as np
from jaxtyping import Bool, Float, Int

from polysight.core.errors import ConfigError

#: The length of a kernel; three of its weights are 2, the others -1, so that they add up to zero.
TAPS = 9
#: Where the three weights of 2 stand: all 84 choices.
KERNELS: tuple[tuple[int, ...], ...] = tuple(combinations(range(TAPS), 3))
#: Different dilations a kernel has at most, if there are features enough.
MOST_DILATIONS = 32
#: The most channels a kernel adds up.
MOST_CHANNELS = 9
#: Values worked on at once: few enough for the processor's cache.
_CHUNK = 2**14

Series = Float[np.ndarray, "row channel time"]


@dataclass(frozen=True, eq=False)
class MiniRocket:
    """Kernels whose biases were learned from training series; calling it describes others.

    A feature is the share of moments at which a kernel's answer exceeds a bias. Every kernel is used at every
    dilation, on the sum of a few channels drawn at random; every second one pads the series with zeros, the
    others look at the moments only at which they lie inside of it. Rows are described one by one: the same row
    gives the same numbers to the last bit whatever stands beside it.

    Source: A. Dempster, D. Schmidt, G. Webb, "MiniRocket: a very fast (almost) deterministic transform for time
    series classification", KDD 2021, with the channels of its multivariate form.
    Departures: series may end early, and count up to their end only; in one too short for a kernel to lie
    inside, the kernel is padded; series shorter than 9 are taken; exactly as many features as asked for.

    Attributes:
        dilations: Steps between the taps of a kernel, rising.
        counts: Features of each kernel at each dilation, side by side in this order.
        channels: Which channels each kernel adds up.
        biases: What each feature's answer is compared with.
    """

    dilations: Int[np.ndarray, " dilation"]
    counts: Int[np.ndarray, "dilation kernel"]
    channels: Bool[np.ndarray, "dilation kernel channel"]
    biases: Float[np.ndarray, " feature"]

    @classmethod
    def fit(cls, series: Series, length: Int[np.ndarray, " row"], features: int, rng: np.random.Generator) -> Self:
        """Draw channels, and take quantiles of each kernel's answers to one series drawn at random as biases.

        Args:
            series: Training series; what lies at or beyond a row's length does not count.
            length: How much of each row there is, 1 to time.
            features: How many features to make, at least 84 (one a kernel).
            rng: Draws channels and series.

        Raises:
            ConfigError: Fewer features than kernels, or no series.
        """
        if features < len(KERNELS) or not len(series):
            what = f"needs at least {len(KERNELS)} features and one series, not {features} and {len(series)}"
            raise ConfigError(what, where="minirocket")
        dilations, counts = _dilations(int(length.max()), features)
        channels = np.zeros((*counts.shape, series.shape[1]), dtype=bool)
        for subset in channels.reshape(-1, series.shape[1]):
            exponent = rng.uniform(0, np.log2(min(series.shape[1], MOST_CHANNELS) + 1))
            subset[rng.choice(series.shape[1], int(2**exponent), replace=False)] = True
        unfitted = cls(dilations, counts, channels, np.zeros(features, dtype=np.float32))
        shares = np.arange(1, features + 1) * ((5**0.5 + 1) / 2) % 1
        # One row at a time is all that a kernel needs, and few rows serve several of the kernels.
        drawn = rng.integers(len(series), size=counts.shape)
        biases = np.zeros(features, dtype=np.float32)
        for row in np.unique(drawn):
            answers = unfitted._answers(_ended(series[row : row + 1], length[row : row + 1]), drawn == row)
            for _, _, place, answer in answers:
                biases[place] = np.quantile(answer[0, : length[row]].astype(np.float64), shares[place])
        return cls(dilations, counts, channels, biases)

    def __call__(self, series: Series, length: Int[np.ndarray, " row"]) -> Float[np.ndarray, "row feature"]:
        """Describe series of the same channels: shares from 0 to 1, float32; zeros where there is nothing."""
        described = np.zeros((len(series), len(self.biases)), dtype=np.float32)
        chunk = max(1, _CHUNK // series.shape[2])
        for start in range(0, len(series), chunk):
            rows = slice(start, start + chunk)
            self._describe(_ended(series[rows], length[rows]), length[rows], described[rows])
        return described

    def _describe(
        self, series: Series, length: Int[np.ndarray, " row"], described: Float[np.ndarray, "row feature"]
    ) -> None:
        moments = np.arange(series.shape[2])
        everywhere = self.counts > 0
        for margin, padded, place, answer in self._answers(series, everywhere):
            cut = np.where(padded | (length <= 2 * margin), 0, margin)[:, None]
            counted = (moments >= cut) & (moments < length[:, None] - cut)
            answer[~counted] = -np.inf
            exceeded = np.packbits(answer[:, None, :] > self.biases[place, None], axis=2)
            count = np.bitwise_count(exceeded).sum(axis=2, dtype=np.int32)
            described[:, place] = count / np.maximum(counted.sum(axis=1), 1)[:, None]

    def _answers(
        self, series: Series, wanted: Bool[np.ndarray, "dilation kernel"]
    ) -> Iterator[tuple[int, bool, slice, Float[np.ndarray, "row time"]]]:
        """Each wanted kernel's margin, whether it pads, where its features stand, and what it answers."""
        time = series.shape[2]
        ends = np.cumsum(self.counts).reshape(self.counts.shape)
        by_channel = np.ascontiguousarray(series.transpose(1, 0, 2), dtype=np.float32)
        for step in np.flatnonzero(wanted.any(axis=1)):
            dilation = int(self.dilations[step])
            margin = dilation * (TAPS // 2)
            wide = np.pad(by_channel, ((0, 0), (0, 0), (margin, margin)))
            taps = [slice(tap * dilation, tap * dilation + time) for tap in range(TAPS)]
            total = wide[:, :, taps[0]].copy()
            for tap in taps[1:]:
                total += wide[:, :, tap]
            for kernel in np.flatnonzero(wanted[step]):
                chosen = np.flatnonzero(self.channels[step, kernel])
                added = wide[chosen].sum(axis=0)
                first, second, third = (added[:, taps[tap]] for tap in KERNELS[kernel])
                answer = 3 * (first + second + third) - total[chosen].sum(axis=0)
                place = slice(int(ends[step, kernel] - self.counts[step, kernel]), int(ends[step, kernel]))
                yield margin, (step + kernel) % 2 == 0, place, answer


def _dilations(time: int, features: int) -> tuple[Int[np.ndarray, " dilation"], Int[np.ndarray, "dilation kernel"]]:
    """Dilations from 1 to where a kernel spans the series, and the features of each kernel at each."""
    each = features // len(KERNELS)
    widest = max(0.0, np.log2(max(time - 1, 1) / (TAPS - 1)))
    steps = np.logspace(0, widest, min(each, MOST_DILATIONS), base=2).astype(np.int64)
    dilations, counts = np.unique(steps, return_counts=True)
    counts = counts * each // len(steps)
    counts[: each - counts.sum()] += 1
    by_kernel = np.repeat(counts[:, None], len(KERNELS), axis=1)
    by_kernel[0, : features % len(KERNELS)] += 1
    return dilations, by_kernel


def _ended(series: Series, length: Int[np.ndarray, " row"]) -> Series:
    """The series with zeros from their end on."""
    return np.where(np.arange(series.shape[2]) < length[:, None, None], series, np.float32(0))
