"""Depth: images of more than 8 bits a value (16-bit, 32-bit, float) as 8 bits, without clipping them all to white."""

from __future__ import annotations

import numpy as np
from jaxtyping import Num, UInt8

from polysight.core.errors import UnreadableCellError

#: Which values become black and white.
Window = tuple[float, float]


def value_window(values: Num[np.ndarray, "*any"]) -> Window:
    """The natural range of deep values: what becomes black and what white.

    Whole numbers from 0 on use the bits that the largest needs (255, 511, ... 4095, ... 65535), so that 12-bit
    scans in 16-bit files are not nearly black; fractions from 0 to 1 use that range; anything else its
    0.1 % and 99.9 % quantiles.

    Raises:
        UnreadableCellError: ``no_values``: nothing but NaN and infinity.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        raise UnreadableCellError("no_values", "holds nothing but NaN and infinity")
    low, high = float(finite.min()), float(finite.max())
    if low >= 0 and np.issubdtype(values.dtype, np.integer):
        return 0.0, float(2 ** max(8, int(high).bit_length()) - 1)
    if low >= 0 and high <= 1:
        return 0.0, 1.0
    if low >= 0 and high <= 255:
        return 0.0, 255.0
    lower, upper = (float(value) for value in np.quantile(finite, [0.001, 0.999]))
    return lower, upper if upper > lower else lower + max(1.0, abs(lower))


def to_8_bit(values: Num[np.ndarray, "height width"], window: Window | None) -> UInt8[np.ndarray, "height width"]:
    """Deep values as 8 bits: black at the lower end of the window and below, white at the upper and above.

    Args:
        values: The values of one image; NaN becomes black.
        window: The two ends; None: ``value_window`` of these values.

    Raises:
        UnreadableCellError: ``no_values``: nothing but NaN and infinity.
    """
    # Asked for in any case: an image without a single value is refused whatever the window.
    natural = value_window(values)
    low, high = window or natural
    # What is not a number is background.
    filled = np.where(np.isnan(values), low, values).astype(np.float64)
    share = (filled - low) / (high - low)
    levels: UInt8[np.ndarray, "height width"] = np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)
    return levels
