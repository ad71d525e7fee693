"""Windows: which values become black and which white.

Levels and widths are those radiologists use for CT, in Hounsfield units (Hofer, "CT teaching manual", 2021, and
vendors' defaults, which agree within some tens of units).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from jaxtyping import Float, Num

from polysight.core.errors import ConfigError, UnreadableCellError, did_you_mean

#: The values that become black and white.
Window = tuple[float, float]
#: Every volume has a window of its own: the scale of MRI and ultrasound means nothing from one scan to the next.
EACH: Literal["each"] = "each"

#: Level and width of the window of a body part, in Hounsfield units.
PRESETS: Mapping[str, tuple[float, float]] = {
    "lung": (-600, 1500),
    "mediastinum": (50, 350),
    "soft_tissue": (40, 400),
    "liver": (60, 160),
    "bone": (400, 1800),
    "brain": (40, 80),
    "stroke": (40, 40),
    "subdural": (75, 215),
    "temporal_bone": (600, 2800),
    "angiography": (300, 600),
    "whole": (1024, 4096),
}
#: The share of values that becomes black, and as much white, where the window is automatic.
_TAIL = 0.005
#: How many values of a volume are looked at.
_VALUES = 50_000
#: The 90th percentile of the volumes' upper ends beyond which, as a multiple of the 10th, each has a scale of its own.
_OWN_SCALE = 2.0


def named_window(window: str) -> Window | Literal["each"]:
    """The window of a body part; ``each`` stays.

    Raises:
        ConfigError: There is no window of that name.
    """
    if window == EACH:
        return EACH
    if window not in PRESETS:
        fix = did_you_mean(window, [*PRESETS, EACH]) or f"choose among: {', '.join([*PRESETS, EACH])}"
        raise ConfigError(f"there is no window {window!r}", where="volume.window", fix=fix)
    level, width = PRESETS[window]
    return level - width / 2, level + width / 2


def some_values(voxels: Num[np.ndarray, "*any"]) -> Num[np.ndarray, " value"]:
    """Values of a volume, evenly spread over it, those that are numbers.

    Raises:
        UnreadableCellError: ``no_values``: there are none.
    """
    flat = voxels.reshape(-1)
    # A step without common factors with the usual sides, so that not one column is looked at again and again.
    step = max(1, flat.size // _VALUES) | 1
    values = flat[::step]
    values = values[np.isfinite(values)]
    if not values.size:
        values = flat[np.isfinite(flat)]
    if not values.size:
        raise UnreadableCellError("no_values", "holds nothing but NaN and infinity", fix="export it again")
    return values


def natural_window(voxels: Num[np.ndarray, "*any"]) -> Window:
    """The range of a volume's values but for half a percent at either end; the whole of an 8-bit one.

    Raises:
        UnreadableCellError: ``no_values``: nothing but NaN and infinity.
    """
    if voxels.dtype == np.uint8:
        return 0.0, 255.0
    values = some_values(voxels)
    low, high = (float(end) for end in np.quantile(values.astype(np.float64), [_TAIL, 1 - _TAIL]))
    if high <= low:
        low, high = float(values.min()), float(values.max())
    return low, high if high > low else low + max(1.0, abs(low))


def common_window(windows: Sequence[Window]) -> Window | Literal["each"]:
    """One window for all volumes, or ``each`` where they have scales of their own.

    Args:
        windows: The natural windows of training volumes.
    """
    if not windows:
        return EACH
    lows, highs = np.asarray(windows, dtype=np.float64).T
    small, large = np.quantile(highs, [0.1, 0.9])
    if large > _OWN_SCALE * small and lows.min() >= 0:
        return EACH
    return float(np.median(lows)), float(np.median(highs))


def shares(values: Num[np.ndarray, "*any"], window: Window) -> Float[np.ndarray, "*any"]:
    """Values from 0 (the lower end of the window, anything below, and NaN) to 1 (the upper end and above)."""
    low, high = window
    levels = (values.astype(np.float32) - np.float32(low)) / np.float32(high - low)
    return np.clip(np.nan_to_num(levels, nan=0.0, copy=False), 0, 1)
