"""Is a column one of sequences: videos, animations, stacks of images, or folders of them?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from polysight.core.errors import UnreadableCellError
from polysight.core.files import resolve_inside
from polysight.data.columns import words_of
from polysight.modalities.base import Match
from polysight.modalities.cellwise import is_empty
from polysight.modalities.file_columns import SNIFFED, evenly_spread, match_files, npy_header
from polysight.modalities.image.animation import ANIMATED, mostly_animated
from polysight.modalities.sequence.bundle import images_in
from polysight.modalities.sequence.video import SUFFIXES

#: Names of columns whose 8-bit arrays [n, height, width] are frames rather than slices.
_WORDS = frozenset(
    {"video", "videos", "clip", "clips", "sequence", "sequences", "frames", "movie", "animation", "cine"}
)
_WORDS_IN_CHINESE = ("视频", "录像", "序列", "帧", "动画")
_ARRAYS = frozenset({".npy"})


def sequence_column(column: pd.Series, root: Path) -> Match:
    """How likely a column holds sequences of images.

    Videos are known by their endings; animations and files of several pages, arrays and folders by what is in them.
    Arrays [n, height, width] may be volumes as well: the column's name decides.
    """
    filled = [value for value in column.tolist() if not is_empty(value)]
    sample = [filled[position] for position in evenly_spread(len(filled), SNIFFED)]
    named = bool(_WORDS & set(words_of(column.name))) or any(word in str(column.name) for word in _WORDS_IN_CHINESE)
    if sample and all(is_sequence(value, named=named) for value in sample):
        return Match(1.0, "sequence", f"{len(sample)} cells looked at are sequences of images in memory")
    videos = match_files(column, root, SUFFIXES, "video")
    if videos.score:
        return Match(videos.score, "sequence", videos.reason)
    pages = match_files(column, root, ANIMATED, "sequence")
    if pages.score and mostly_animated(sample, root):
        return Match(pages.score, "sequence", f"{pages.reason}, and most hold several frames")
    arrays = match_files(column, root, _ARRAYS, "sequence")
    if arrays.score:
        headers = [header for value in sample if (header := npy_header(value, root)) is not None]
        likely = [dtype.kind in "biuf" and _of_frames(shape, named=named) for shape, dtype in headers]
        return Match(arrays.score * float(np.mean(likely)), "sequence", arrays.reason) if any(likely) else Match(0.0)
    folders = sum(_holds_images(value, root) for value in sample)
    if 2 * folders < max(1, len(sample)):
        return Match(0.0)
    return Match(
        folders / len(sample), "sequence", f"{folders} of {len(sample)} cells looked at name folders of images"
    )


def is_sequence(value: Any, *, named: bool) -> bool:
    """Whether a cell is an array of frames, or a list of images.

    Args:
        value: What the cell holds.
        named: Whether the column's name says that an array [n, height, width] is one of frames.
    """
    if isinstance(value, np.ndarray):
        return _of_frames(value.shape, named=named)
    return isinstance(value, list | tuple) and len(value) > 0 and all(_is_image(frame) for frame in value)


def _is_image(frame: Any) -> bool:
    if isinstance(frame, np.ndarray):
        return frame.ndim in (2, 3) and frame.dtype == np.uint8
    return hasattr(frame, "convert")  # a Pillow image


def _of_frames(shape: tuple[int, ...], *, named: bool) -> bool:
    return (len(shape) == 4 and shape[3] in (1, 3, 4)) or (named and len(shape) == 3)


def _holds_images(value: Any, root: Path) -> bool:
    if not isinstance(value, str):
        return False
    try:
        path = resolve_inside(value.strip(), root, folders=True)
        return path.is_dir() and bool(images_in(path))
    except (UnreadableCellError, OSError):
        return False
