"""The audio modality: a column of sound files, read as log-mel spectrograms of one size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Bool

from polysight.core.errors import ConfigError, NotFittedError, UnreadableCellError
from polysight.core.files import resolve_inside
from polysight.data.view import Cells, View
from polysight.modalities.audio.augment import Augmentation
from polysight.modalities.audio.corruptions import CORRUPTIONS
from polysight.modalities.audio.decoding import Header, decode_audio, read_header
from polysight.modalities.audio.facts import MEASURES
from polysight.modalities.audio.spectrogram import LogMel
from polysight.modalities.audio.units import stretches_of
from polysight.modalities.base import Arrays, Classical, FeatureSpecs, Match
from polysight.modalities.cellwise import CellwiseModality, Decoded
from polysight.modalities.corruption import Corruption
from polysight.modalities.facts import Measure
from polysight.modalities.file_columns import evenly_spread, match_files
from polysight.modalities.units import Units

#: Endings of the files libsndfile reads.
SUFFIXES = frozenset({".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".au", ".snd", ".caf", ".w64"})
#: Decibels that count as one in the arrays an encoder takes.
DECIBELS_PER_UNIT = 20.0
_MOST_HEADERS = 500


@dataclass(frozen=True, kw_only=True)
class Audio(CellwiseModality):
    """Sound files, seen as log-mel spectrograms; how loud a recording is does not matter.

    Channels are averaged and any sampling rate is resampled. Shorter clips are padded at the end (``length``
    says where they stop), of longer ones the middle is kept. A silent clip is a valid one. Settings left out
    are resolved from the headers of the training files.

    Attributes:
        rate: Samples a second. Automatic: the most frequent one, 16,000 at most.
        seconds: What is looked at of each clip. Automatic: the 95th percentile of durations, 10 s at most.
        bands: Mel bands, at least 8. Automatic: 40 up to 8,000 samples a second, 64 above.
        frames: Moments, at least 8. Automatic: one each 10 ms, but at least 64 and at most 256.
        augment: Random changes of training batches: names in ``augment.AUGMENTATIONS``. None means
            ``augment.LABEL_SAFE``, an empty list none.

    Raises:
        ConfigError: A setting out of range, or an augmentation that does not exist.
    """

    kind: ClassVar[str] = "audio"
    default_encoder: ClassVar[str] = "audio_convnet"
    measures: ClassVar[Mapping[str, Measure]] = MEASURES
    corruptions: ClassVar[Mapping[str, Corruption]] = CORRUPTIONS

    rate: int | None = None
    seconds: float | None = None
    bands: int | None = None
    frames: int | None = None
    augment: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))
        if self.augment is not None:
            object.__setattr__(self, "augment", tuple(self.augment))
        for name, least in (("rate", 1000), ("seconds", 0.01), ("bands", 8), ("frames", 8)):
            value = getattr(self, name)
            if value is not None and not value >= least:
                raise ConfigError(f"{name} must be at least {least}, not {value}", where="audio")
        Augmentation.of(self.augment)

    @classmethod
    def sniff(cls, column: pd.Series, root: Any) -> Match:
        """Cells that end like sound files which are there."""
        return match_files(column, Path(root), SUFFIXES, "audio")

    @property
    def default_features(self) -> FeatureSpecs:
        """Cepstra along the sound, and what its spectrum is like over time."""
        return ("logmel_statistics", "spectral_statistics")

    @property
    def compact_features(self) -> FeatureSpecs:
        """Cepstra along the sound."""
        return ("logmel_statistics",)

    @property
    def classical(self) -> tuple[Classical, ...]:
        """As measured on spoken digits of speakers never heard, 300 and 2,600 rows."""
        return (
            Classical(("logmel_statistics", "spectral_statistics"), "logistic"),
            Classical(("logmel_statistics",), "svm"),
            Classical(("logmel_statistics", "minirocket", "spectral_statistics"), "logistic"),
        )

    def settle(self, cells: Cells) -> Self:
        """A copy with rate, length and resolution resolved from the headers of (at most 500) files."""
        if None not in (self.rate, self.seconds, self.bands, self.frames):
            return self
        headers = self._headers(cells)
        rates = Counter(header.rate for header in headers)
        # The higher of two equally frequent rates, so that the order of the rows plays no part.
        rate = self.rate or min(16_000, max(rates, key=lambda r: (rates[r], r), default=16_000))
        durations = [header.seconds for header in headers if header.seconds > 0]
        longest = float(np.percentile(durations, 95)) if durations else 1.0
        seconds = self.seconds or float(np.clip(round(longest, 3), 0.05, 10.0))
        bands = self.bands or (40 if rate <= 8000 else 64)
        return replace(
            self,
            rate=rate,
            seconds=seconds,
            bands=bands,
            frames=self.frames or int(np.clip(round(100 * seconds), 64, 256)),
        )

    def decode(self, content: bytes) -> Decoded:
        """The log-mel spectrogram of a file, in decibels below its loudest point, and how many frames it fills."""
        spectrogram = self.spectrogram
        logmel, length = spectrogram(decode_audio(content, spectrogram.rate, spectrogram.seconds))
        return {"logmel": logmel.astype(np.float16), "length": np.asarray(length, dtype=np.int32)}

    def blank(self) -> Decoded:
        """Zeros, no frame filled."""
        shape = (self.spectrogram.bands, self.spectrogram.frames)
        return {"logmel": np.zeros(shape, dtype=np.float16), "length": np.zeros((), dtype=np.int32)}

    def decoding_settings(self) -> dict[str, Any]:
        """Rate, seconds, bands and frames."""
        return vars(self.spectrogram).copy()

    @property
    def spectrogram(self) -> LogMel:
        """The spectrogram these settings describe.

        Raises:
            NotFittedError: Some settings are still automatic.
        """
        if self.rate is None or self.seconds is None or self.bands is None or self.frames is None:
            raise NotFittedError("the settings of this audio input are not resolved yet", fix="call settle first")
        return LogMel(self.rate, self.seconds, self.bands, self.frames)

    def transform(self, view: View) -> Arrays:
        """Spectrograms around their own mean in units of 20 dB (float32), zero beyond the end, and lengths."""
        logmel = view.arrays["logmel"].astype(np.float32) / np.float32(DECIBELS_PER_UNIT)
        length = view.arrays["length"]
        filled = filled_frames(length, logmel.shape[-1])[:, :, None, :]
        count = np.maximum(length, 1)[:, :, None, None] * logmel.shape[-2]
        mean = np.where(filled, logmel, 0).sum(axis=(2, 3), keepdims=True) / count.astype(np.float32)
        return {"logmel": np.where(filled, logmel - mean, 0).astype(np.float32), "length": length}

    def units_there(self, row: View) -> Units:
        """Stretches of time in a few bands each."""
        return stretches_of(row, self.columns, self.spectrogram)

    def augmented(self, arrays: Arrays, rng: np.random.Generator) -> Arrays:
        """The batch with the named random changes; rows may be mixed softly with others of the batch."""
        return Augmentation.of(self.augment)(arrays, rng)

    def _headers(self, cells: Cells) -> list[Header]:
        names = [str(name) for column in self.columns for name in cells.frame[column].dropna().tolist()]
        headers = []
        for position in evenly_spread(len(names), _MOST_HEADERS):
            try:
                with resolve_inside(names[position], cells.root).open("rb") as file:
                    headers.append(read_header(file))
            except (UnreadableCellError, OSError):
                continue  # ``read`` reports it, with its row
        return headers


def filled_frames(length: Any, frames: int) -> Bool[np.ndarray, "*any frame"]:
    """Which frames lie before each clip's end."""
    return np.arange(frames) < np.asarray(length)[..., None]
