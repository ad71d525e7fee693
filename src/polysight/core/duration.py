"""Durations as people write them: 600, "90s", "10m", "1h30m"."""

from __future__ import annotations

import math
import re

from polysight.core.errors import ConfigError

_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|[smhd])")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def seconds_of(duration: float | str, *, where: str = "time_limit") -> float:
    """The seconds of a number, or of text such as ``"90s"``, ``"10m"`` or ``"1h30m"``; text without a unit is seconds.

    Args:
        duration: What the user wrote.
        where: The option it was written for, for the message.

    Raises:
        ConfigError: Not a duration, or not above zero.
    """
    seconds = _parsed(duration) if isinstance(duration, str) else float(duration)
    if not (math.isfinite(seconds) and seconds > 0):
        raise ConfigError(f"{duration!r} is not a duration", where=where, fix="write it like 90s, 10m, 1h30m or 600")
    return seconds


def _parsed(text: str) -> float:
    """The seconds of a text, or NaN."""
    text = text.strip().lower()
    parts = _PART.findall(text)
    if parts and _PART.sub("", text).strip() == "":
        return sum(float(number) * _SECONDS[unit] for number, unit in parts)
    try:
        return float(text)
    except ValueError:
        return math.nan


def readable(seconds: float) -> str:
    """Seconds as a person reads them: ``0.4 s``, ``12 s``, ``3 min 20 s``, ``2 h 05 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"
