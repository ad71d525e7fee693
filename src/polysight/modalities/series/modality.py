"""The series modality: a column of sensor recordings, read as channels on an even grid of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float

from polysight.core.errors import ConfigError, MissingExtraError, NotFittedError, UnreadableCellError
from polysight.data.view import Cells, View
from polysight.modalities.base import Arrays, Classical, FeatureSpecs, Match, learned
from polysight.modalities.cellwise import CellwiseModality, Decoded, is_empty
from polysight.modalities.corruption import Corruption
from polysight.modalities.facts import Fact, Measure
from polysight.modalities.file_columns import evenly_spread
from polysight.modalities.series.augment import LABEL_SAFE, Augmentation
from polysight.modalities.series.corruptions import CORRUPTIONS
from polysight.modalities.series.facts import CHANNELS, STEPS
from polysight.modalities.series.grid import on_grid, ordered
from polysight.modalities.series.layout import MOST_STEPS, Layout, named_time, usual_interval, usual_titles
from polysight.modalities.series.reading import Recording, read_recording, to_content
from polysight.modalities.series.sniffing import series_column
from polysight.modalities.series.units import segments_of
from polysight.modalities.units import Units

#: How far from the mean a value may lie, in deviations; what lies further counts as that far.
FARTHEST = 20.0
#: How many training cells are looked at to settle grid and channels.
_LOOKED_AT = 200


@dataclass(frozen=True, kw_only=True)
class Series(CellwiseModality):
    """Sensor channels over time: ``.npy``, ``.csv`` and Parquet files, JSON lists, or lists and arrays in memory.

    Each recording is put on an even grid (``grid.on_grid``): samples with times of their own are interpolated
    linearly, samples that are no finite numbers are filled in the same way, and a channel with gaps in more than
    half of its time is missing (the mean of the training rows stands for it). Shorter recordings are padded at the
    end (``length`` says where they stop), of longer ones the middle is kept.

    Attributes:
        columns: One column, or several (each becomes a slot; one encoder and one scale for all).
        channels: The channels, by the names of the file's columns, or by number (from 0) where it has none.
            Automatic: those most training recordings have, without the time.
        time: The column that says when each sample was taken, by name or number; any moments, in any order. Automatic:
            one that is named so (``t``, ``time``, ``timestamp``, ...); without one, samples lie one apart.
        interval: The distance of two steps of the grid, in the units of ``time`` (seconds for dates). Automatic:
            the usual distance of two samples, or what brings 95 % of recordings to at most 512 steps.
        steps: The most steps. Automatic: what 95 % of training recordings need.
        augment: Random changes of training batches: names in ``augment.AUGMENTATIONS``. None means
            ``augment.LABEL_SAFE``, an empty list none.

    Raises:
        ConfigError: A setting out of range, or an augmentation that does not exist.
    """

    kind: ClassVar[str] = "series"
    default_encoder: ClassVar[str] = "series_convnet"
    measures: ClassVar[Mapping[str, Measure]] = STEPS | CHANNELS
    corruptions: ClassVar[Mapping[str, Corruption]] = CORRUPTIONS

    channels: tuple[str, ...] | None = None
    time: str | int | None = None
    interval: float | None = None
    steps: int | None = None
    augment: tuple[str, ...] | None = None
    channel_mean: Float[np.ndarray, " channel"] | None = learned()  # noqa: RUF009 - a dataclass field
    channel_scale: Float[np.ndarray, " channel"] | None = learned()  # noqa: RUF009 - a dataclass field

    def __post_init__(self) -> None:
        for name in ("columns", "channels", "augment"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, _names(value))
        if self.channels is not None and not self.channels:
            raise ConfigError("there must be at least one channel", where="series.channels")
        if self.interval is not None and not 0 < self.interval < np.inf:
            raise ConfigError(f"interval must be above 0, not {self.interval}", where="series.interval")
        if self.steps is not None and self.steps < 1:
            raise ConfigError(f"steps must be at least 1, not {self.steps}", where="series.steps")
        Augmentation.of(self.augment)

    @classmethod
    def sniff(cls, column: pd.Series, root: Any) -> Match:
        """Lists of numbers in the cells, or files of numbers over time."""
        return series_column(column, Path(root))

    @property
    def default_features(self) -> FeatureSpecs:
        """Kernels over time, what the values are like, and how fast they change."""
        return ("series_minirocket", "series_statistics", "series_spectrum")

    @property
    def compact_features(self) -> FeatureSpecs:
        """What the values are like, and how fast they change."""
        return ("series_statistics", "series_spectrum")

    @property
    def classical(self) -> tuple[Classical, ...]:
        """Kernels first: on short shapes in noise they are far ahead of everything else."""
        return (
            Classical(("series_minirocket",), "logistic"),
            Classical(self.default_features, "logistic"),
            Classical(("series_statistics", "series_spectrum"), "svm"),
            Classical(("series_statistics", "series_spectrum"), "boosting", least_rows=100),
        )

    @property
    def work(self) -> float:
        """Convolutions over the steps."""
        return max(1, len(self.columns)) * (0.3 + 0.6 * (self.steps or MOST_STEPS) / MOST_STEPS)

    def settle(self, cells: Cells) -> Self:
        """A copy with channels, time, interval and steps resolved from (at most 200) training recordings."""
        if None not in (self.channels, self.interval, self.steps) and self.time is not None:
            return self
        recordings = list(self._sample(cells))
        titles = usual_titles(recordings)
        time = named_time(self.time, titles)
        channels = self.channels or tuple(title for title in titles if title != time) or ("0",)
        layout = Layout(channels, time)
        times = [t for recording in recordings if len(t := layout.ordered_times(recording)) > 0]
        interval = self.interval or usual_interval(times)
        counts = [1 + int((t[-1] - t[0]) / interval + 1e-6) for t in times] or [1]
        steps = self.steps or int(np.clip(np.ceil(np.percentile(counts, 95)), 1, MOST_STEPS))
        return replace(self, time=time, channels=channels, interval=interval, steps=steps)

    def content(self, value: Any, root: Path) -> bytes:
        """The bytes of the file a cell names, or of the list it holds."""
        if not isinstance(value, str):
            return to_content(value)
        return value.encode() if value.lstrip().startswith("[") else super().content(value, root)

    def decode(self, content: bytes) -> Decoded:
        """The channels on the grid, and how many steps they fill."""
        channels, interval, steps = self._grid
        recording = read_recording(content)
        layout = Layout(channels, None if self.time is None else str(self.time))
        times, values = ordered(layout.times(recording), layout.values(recording))
        gridded = on_grid(times, values, interval, steps)
        padded = np.zeros((len(channels), steps), dtype=np.float32)
        padded[:, : gridded.shape[1]] = gridded
        return {"values": padded, "length": np.asarray(gridded.shape[1], dtype=np.int32)}

    def blank(self) -> Decoded:
        """Zeros, no step filled."""
        channels, _, steps = self._grid
        return {"values": np.zeros((len(channels), steps), dtype=np.float32), "length": np.zeros((), dtype=np.int32)}

    def decoding_settings(self) -> dict[str, Any]:
        """Channels, time, interval and steps."""
        channels, interval, steps = self._grid
        return {"channels": list(channels), "time": self.time, "interval": interval, "steps": steps}

    def fit(self, view: View) -> Self:
        """A copy that has learned the mean and the deviation of each channel over all steps of these rows."""
        values, length = view.arrays["values"][view.present], view.arrays["length"][view.present]
        seen = filled_steps(length, values.shape[2])[:, None, :] & np.isfinite(values)
        count = np.maximum(seen.sum(axis=(0, 2)), 1)
        shown = np.where(seen, values, 0).astype(np.float64)
        mean = shown.sum(axis=(0, 2)) / count
        variance = (np.where(seen, shown - mean[:, None], 0) ** 2).sum(axis=(0, 2)) / count
        scale = np.sqrt(variance)
        scale[scale <= 1e-9 * np.maximum(np.abs(mean), 1e-9)] = 1.0
        return replace(self, channel_mean=mean.astype(np.float32), channel_scale=scale.astype(np.float32))

    def transform(self, view: View) -> Arrays:
        """Channels around their mean, in deviations (float32); zero beyond the end and where a channel is missing.

        Raises:
            NotFittedError: Before ``fit``.
        """
        if self.channel_mean is None or self.channel_scale is None:
            raise NotFittedError("this series input has not seen training rows yet", fix="call fit first")
        values, length = view.arrays["values"], view.arrays["length"]
        seen = filled_steps(length, values.shape[3])[:, :, None, :] & np.isfinite(values)
        scaled = (np.where(seen, values, 0) - self.channel_mean[:, None]) / self.channel_scale[:, None]
        kept = np.where(seen, np.clip(scaled, -FARTHEST, FARTHEST), 0)
        return {"values": kept.astype(np.float32), "length": length}

    def facts(self, view: View) -> tuple[Fact, ...]:
        """The steps of each column, and level and spread of each channel."""
        of_channels = [(channel, name) for channel in self.channels or () for name in CHANNELS]
        return tuple(
            fact
            for column in self.columns
            for fact in (
                *(of.fact(name, column) for name, of in STEPS.items()),
                *(CHANNELS[name].fact(name, column, channel) for channel, name in of_channels),
            )
        )

    def units_there(self, row: View) -> Units:
        """Stretches of time of each channel."""
        return segments_of(row, self.columns, self._grid[0])

    def augmented(self, arrays: Arrays, rng: np.random.Generator) -> Arrays:
        """The batch with the named random changes, each slot by itself."""
        return Augmentation.of(LABEL_SAFE if self.augment is None else self.augment)(arrays, rng)

    @property
    def _grid(self) -> tuple[tuple[str, ...], float, int]:
        if self.channels is None or self.interval is None or self.steps is None:
            raise NotFittedError("the grid of this series input is not resolved yet", fix="call settle first")
        return self.channels, self.interval, self.steps

    def _sample(self, cells: Cells) -> Iterator[Recording]:
        filled = [value for column in self.columns for value in cells.frame[column].tolist() if not is_empty(value)]
        for position in evenly_spread(len(filled), _LOOKED_AT):
            try:
                yield read_recording(self.content(filled[position], cells.root))
            except (UnreadableCellError, MissingExtraError):
                continue  # ``read`` reports it, with its row.


def filled_steps(length: Any, steps: int) -> Any:
    """Which steps lie before each recording's end."""
    return np.arange(steps) < np.asarray(length)[..., None]


def _names(value: Any) -> tuple[str, ...]:
    # One name may stand for a list of one; taken as a sequence it would fall into letters.
    return (value,) if isinstance(value, str) else tuple(value)
