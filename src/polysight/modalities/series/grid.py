"""The grid: samples at any moments to values at even steps; what lies between is interpolated, long gaps are not."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float

from polysight.core.errors import UnreadableCellError

#: A gap is longer than so many times the usual spacing.
LONG_GAP = 10.0
#: A channel is there if at least this share of the time lies outside of gaps.
COVERED = 0.5

Times = Float[np.ndarray, " time"]


def ordered(times: Times, values: Float[np.ndarray, "time channel"]) -> tuple[Times, Float[np.ndarray, "time channel"]]:
    """Samples in the order of time, without those whose time is not finite; of one moment, the last one counts.

    Raises:
        UnreadableCellError: ``no_samples``: no time is finite.
    """
    there = np.isfinite(times)
    if not there.any():
        raise UnreadableCellError("no_samples", "not one sample has a time", fix="name another time column")
    times, values = times[there], values[there]
    order = np.argsort(times, kind="stable")
    times, values = times[order], values[order]
    last = np.append(np.diff(times) > 0, True)
    return times[last], values[last]


def spacing(times: Times) -> float:
    """The usual distance of two samples (the median), 1 for a single sample."""
    return float(np.median(np.diff(times))) if len(times) > 1 else 1.0


def on_grid(
    times: Times, values: Float[np.ndarray, "time channel"], interval: float, steps: int
) -> Float[np.ndarray, "channel step"]:
    """Values at even steps from the first sample on.

    Samples that lie at least twice as dense as the steps are averaged step by step first, so that nothing folds
    back. Between samples, also where some are not finite, values are interpolated linearly, before the first and
    after the last one they stay the same.

    Args:
        times: When each sample was taken, rising (``ordered``).
        values: The samples; not finite where something is missing.
        interval: The distance of two steps, in the units of ``times``.
        steps: The most steps; of longer series the middle is kept.

    Returns:
        At least one step. A channel is NaN all over where gaps (distances of finite samples above ten times the
        usual spacing) take more than half of the time.

    Raises:
        UnreadableCellError: ``gaps``: no channel is left; the longest gap is named.
    """
    covered = [_covered(times, np.isfinite(channel)) for channel in values.T]
    if max(covered) < COVERED:
        raise UnreadableCellError("gaps", _longest_gap(times, np.isfinite(values).any(axis=1)), fix="record it again")
    if len(times) > 1 and interval >= 2 * spacing(times):
        times, values = _averaged(times, values, interval)
    count = 1 + int((times[-1] - times[0]) / interval + 1e-6)
    skipped = max(0, count - steps) // 2
    moments = times[0] + interval * (skipped + np.arange(min(count, steps)))
    gridded = np.full((values.shape[1], len(moments)), np.nan)
    for row, channel, share in zip(gridded, values.T, covered, strict=True):
        finite = np.isfinite(channel)
        if share >= COVERED and finite.any():
            row[:] = np.interp(moments, times[finite], channel[finite])
    return gridded


def _averaged(
    times: Times, values: Float[np.ndarray, "time channel"], interval: float
) -> tuple[Times, Float[np.ndarray, "time channel"]]:
    """The mean time and the mean of the finite values in each step that holds a sample."""
    step = np.floor((times - times[0]) / interval + 1e-6).astype(np.int64)
    _, place = np.unique(step, return_inverse=True)
    size = place.max() + 1
    when = np.bincount(place, times, size) / np.bincount(place, minlength=size)
    finite = np.isfinite(values)
    means = np.full((size, values.shape[1]), np.nan)
    for channel in range(values.shape[1]):
        there = finite[:, channel]
        count = np.bincount(place[there], minlength=size)
        total = np.bincount(place[there], values[there, channel], size)
        np.divide(total, count, out=means[:, channel], where=count > 0)
    return when, means


def _covered(times: Times, finite: np.ndarray) -> float:
    """The share of the time that lies in no gap, 0 to 1."""
    if not finite.any():
        return 0.0
    duration = times[-1] - times[0]
    if duration <= 0:
        return 1.0
    distances = _distances(times, finite)
    return 1.0 - float(distances[distances > LONG_GAP * spacing(times)].sum() / duration)


def _distances(times: Times, finite: np.ndarray) -> Times:
    """Between finite samples, and from either end to the nearest of them."""
    return np.diff(np.concatenate([times[:1], times[finite], times[-1:]]))


def _longest_gap(times: Times, finite: np.ndarray) -> str:
    if not finite.any():
        return "not one sample is a finite number"
    edges = np.concatenate([times[:1], times[finite], times[-1:]])
    widest = int(np.argmax(np.diff(edges)))
    start, end = edges[widest] - times[0], edges[widest + 1] - times[0]
    return f"has gaps in more than half of its time, the longest from {start:g} to {end:g} after its start"
