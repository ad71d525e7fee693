"""Is a column a series: lists of numbers in the cells, or files that hold columns of numbers over time?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from polysight.data.columns import words_of
from polysight.data.nested import holds_numbers
from polysight.modalities.base import Match
from polysight.modalities.cellwise import is_empty
from polysight.modalities.file_columns import SNIFFED, evenly_spread, match_files, npy_header
from polysight.modalities.series.reading import SUFFIXES, TABLE_SUFFIXES

#: The most columns of an array that are channels; wider ones are tables or images of something.
MOST_CHANNELS = 64
#: Words in a column's name that say that its arrays [n, 3] are points, not moments.
_POINT_WORDS = frozenset({"points", "point", "cloud", "lidar", "sweep", "mesh", "model", "vertices"})
#: Points have a place in space, and perhaps one number more.
_PLACES = (3, 4)


def series_column(column: pd.Series, root: Path) -> Match:
    """How likely a column holds series; of ``.npy`` files the header decides (one or two axes, not 8-bit levels)."""
    filled = [value for value in column.tolist() if not is_empty(value)]
    sample = [filled[position] for position in evenly_spread(len(filled), SNIFFED)]
    if sample and all(holds_numbers(value) for value in sample):
        return Match(0.95, "series", f"{len(sample)} cells looked at are lists of numbers")
    tables = match_files(column, root, TABLE_SUFFIXES, "series")
    if tables.score:
        return tables
    match = match_files(column, root, SUFFIXES, "series")
    arrays = [shape for value in sample if (shape := npy_header(value, root)) is not None]
    likely = [_likely(*array, words_of(column.name)) for array in arrays]
    if not any(likely):
        return Match(0.0)
    return Match(match.score * float(np.mean(likely)), "series", f"{match.reason}; arrays [time] or [time, channel]")


def _likely(shape: tuple[int, ...], dtype: np.dtype, words: list[str]) -> float:
    if len(shape) not in (1, 2) or dtype.kind not in "biufV" or dtype == np.uint8:
        return 0.0
    if len(shape) == 2 and shape[1] > MOST_CHANNELS:
        return 0.0
    if len(shape) == 2 and shape[1] in _PLACES and _POINT_WORDS & set(words):
        return 0.2
    return 0.8
