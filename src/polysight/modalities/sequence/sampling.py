"""Sampling: which frames of a sequence are looked at."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

#: The most moments looked at: times that are damaged may go on for centuries.
MOST_MOMENTS = 10**6


def evenly(count: int, most: int) -> Int[np.ndarray, " frame"]:
    """At most ``most`` of ``count`` frames: all of them, or the middle ones of equally long parts.

    Example:
        >>> evenly(3, 8).tolist(), evenly(8, 2).tolist()
        ([0, 1, 2], [2, 6])
    """
    if count <= most:
        return np.arange(count)
    return ((2 * np.arange(most) + 1) * count) // (2 * most)


def at_rate(times: Float[np.ndarray, " frame"], rate: float, most: int) -> Int[np.ndarray, " frame"]:
    """The frames that are seen at even moments, ``rate`` of them a second, the first one at the start.

    Args:
        times: When each frame appears, in seconds, rising.
        rate: Frames a second. Above that of the sequence itself a frame is not taken twice.
        most: The most frames; of a longer sequence the middle is kept.

    Example:
        >>> at_rate(np.array([0.0, 0.1, 0.2, 0.3, 0.4]), 5.0, 8).tolist()
        [0, 2, 4]
    """
    count = min(1 + int((times[-1] - times[0]) * rate + 1e-6), MOST_MOMENTS)
    moments = times[0] + np.arange(count) / rate
    # A frame is seen until the next one appears; a little late is not too late.
    shown = np.unique(np.searchsorted(times, moments + 1e-6, side="right") - 1)
    skipped = max(0, len(shown) - most) // 2
    return shown[skipped : skipped + most]
