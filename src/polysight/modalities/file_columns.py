"""Columns of file names: how likely a column names files of a kind, and which of its cells to look at first."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from polysight.core.errors import UnreadableCellError
from polysight.core.files import resolve_inside
from polysight.modalities.base import Match

#: How many cells are looked at.
SNIFFED = 50


def evenly_spread(count: int, most: int) -> list[int]:
    """At most ``most`` of ``count`` positions, evenly spread, always the same ones."""
    return [position * count // min(count, most) for position in range(min(count, most))]


def match_files(column: pd.Series, root: Path, suffixes: Collection[str], role: str) -> Match:
    """How likely a column names files that end in one of ``suffixes`` (lower case, with the dot).

    Args:
        column: The cells as the table holds them.
        root: The folder that relative paths start from.
        suffixes: The endings files of this kind have.
        role: What such a column is called.

    Returns:
        A score near 1 when most of (at most 50) cells have such an ending and the files are there, 0.2 at most
        when not one of them is, 0 when fewer than half have such an ending.
    """
    names = [value.strip() for value in column.tolist() if isinstance(value, str) and value.strip()]
    sample = [names[position] for position in evenly_spread(len(names), SNIFFED)]
    named = [name for name in sample if PurePosixPath(name).suffix.lower() in suffixes]
    if 2 * len(named) < max(1, len(sample)):
        return Match(0.0)
    there = sum(_is_there(name, root) for name in named)
    reason = f"{len(named)} of {len(sample)} cells looked at end like {role} files; {there} of these are there"
    return Match(len(named) / len(sample) * (0.2 + 0.8 * (there / len(named))), role, reason)


def npy_header(value: Any, root: Path) -> tuple[tuple[int, ...], np.dtype] | None:
    """Shape and type of the ``.npy`` file a cell names, without its values; None where there is no such file."""
    if not isinstance(value, str):
        return None
    try:
        with resolve_inside(value.strip(), root).open("rb") as file:
            major, _ = np.lib.format.read_magic(file)
            read = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
            shape, _, dtype = read(file)
    except (UnreadableCellError, OSError, ValueError):
        return None
    return shape, dtype


def _is_there(name: str, root: Path) -> bool:
    try:
        return resolve_inside(name, root).is_file()
    except UnreadableCellError:
        return False
