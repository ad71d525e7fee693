"""Sniffing: how likely a column holds volumes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from polysight.modalities.base import Match
from polysight.modalities.cellwise import is_empty
from polysight.modalities.file_columns import SNIFFED, evenly_spread, match_files, match_folders
from polysight.modalities.volume.arrays import is_volume_array
from polysight.modalities.volume.decoding import SUFFIXES
from polysight.modalities.volume.folder import series_files


def match_volumes(column: pd.Series, root: Path) -> Match:
    """Files that end like volumes, folders of DICOM files, or arrays of three axes in memory."""
    filled = [value for value in column.tolist() if not is_empty(value)]
    sample = [filled[position] for position in evenly_spread(len(filled), SNIFFED)]
    if sample and all(_is_volume(value) for value in sample):
        return Match(1.0, "volume", f"{len(sample)} cells looked at are volumes in memory")
    match = match_files(column, root, SUFFIXES, "volume", _fits)
    return match if match.score else match_folders(column, root, "volume", lambda folder: bool(series_files(folder)))


def _fits(path: Path) -> bool:
    return path.suffix.lower() != ".npy" or is_volume_array(path)


def _is_volume(value: Any) -> bool:
    # An array [height, width, channel] is an image, and so is one that might be either.
    return isinstance(value, np.ndarray) and value.ndim == 3 and value.shape[2] not in (1, 3, 4)
