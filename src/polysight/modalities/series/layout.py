"""The layout of recordings: which of their columns are channels and which one is the time, and how long steps are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from polysight.core.errors import UnreadableCellError
from polysight.data.columns import words_of
from polysight.modalities.series.grid import ordered, spacing
from polysight.modalities.series.reading import Recording

#: The most steps an automatic grid has.
MOST_STEPS = 512
_TIME_WORDS = frozenset({"t", "time", "timestamp", "timestamps", "ts", "datetime", "date", "seconds", "sec", "ms"})
_TIME_WORDS_IN_CHINESE = ("时间", "时刻", "时间戳")

Times = Float[np.ndarray, " time"]


@dataclass(frozen=True)
class Layout:
    """What the columns of recordings mean.

    Attributes:
        channels: The titles of the channels, in order.
        time: The title of the column that says when each sample was taken; None: samples lie one apart.
    """

    channels: tuple[str, ...]
    time: str | None

    def times(self, recording: Recording) -> Times:
        """When each sample was taken.

        Raises:
            UnreadableCellError: ``no_time``: the column is not there.
        """
        if self.time is None:
            return np.arange(len(recording.values), dtype=np.float64)
        if self.time not in recording.titles:
            what = f"has no column {self.time!r} for the time; it has {', '.join(recording.titles)}"
            raise UnreadableCellError("no_time", what, fix="add the times")
        return recording.values[:, recording.titles.index(self.time)]

    def ordered_times(self, recording: Recording) -> Times:
        """The times in order; none where they cannot be had."""
        try:
            times, _ = ordered(self.times(recording), recording.values)
        except UnreadableCellError:
            return np.zeros(0)
        return times

    def values(self, recording: Recording) -> Float[np.ndarray, "time channel"]:
        """The channels in their order: by name where the recording has names, else by place, the time left out.

        Raises:
            UnreadableCellError: ``wrong_channels``.
        """
        others = [title for title in recording.titles if title != self.time]
        alike = len(others) == len(self.channels)
        # Without names, more columns than expected may stand in another order: then none of them can be trusted.
        sure = bool(recording.names) or alike or others[: len(self.channels)] != list(self.channels)
        if set(self.channels) <= set(others) and sure:
            wanted: Sequence[str] = self.channels
        elif alike and not recording.names:
            wanted = others
        else:
            what = f"has the columns {', '.join(recording.titles)}, not {', '.join(self.channels)}"
            raise UnreadableCellError("wrong_channels", what, fix="give every recording the same columns")
        return recording.values[:, [recording.titles.index(title) for title in wanted]]


def usual_titles(recordings: Sequence[Recording]) -> tuple[str, ...]:
    """The column titles most recordings have, the first by name among equals."""
    found = [recording.titles for recording in recordings]
    return max(sorted(set(found)), key=found.count, default=())


def named_time(time: str | int | None, titles: Sequence[str]) -> str | None:
    """The title of the time column: as asked for, by title or number; else one that is named so."""
    if isinstance(time, int):
        return titles[time] if 0 <= time < len(titles) else str(time)
    return time if time is not None else next((title for title in titles if _is_time(title)), None)


def usual_interval(times: Sequence[Times]) -> float:
    """The usual distance of samples; a whole number of times that where recordings would have too many steps."""
    distances = [spacing(t) for t in times if len(t) > 1]
    usual = float(np.median(distances)) if distances else 1.0
    longest = float(np.percentile([t[-1] - t[0] for t in times], 95)) if times else 0.0
    return usual * max(1, int(np.ceil((longest / usual + 1) / MOST_STEPS - 1e-9)))


def _is_time(title: str) -> bool:
    words = words_of(title)
    return bool(words and (words[0] in _TIME_WORDS or words[-1] in _TIME_WORDS)) or title in _TIME_WORDS_IN_CHINESE
