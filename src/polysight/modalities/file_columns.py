"""Columns of file names: how likely a column names files of a kind, and which of its cells to look at first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from polysight.core.errors import UnreadableCellError
from polysight.core.files import folder_named, resolve_inside
from polysight.modalities.base import Match
from polysight.modalities.numpy_files import header_of_npy

#: How many cells are looked at.
SNIFFED = 50


def evenly_spread(count: int, most: int) -> list[int]:
    """At most ``most`` of ``count`` positions, evenly spread, always the same ones."""
    return [position * count // min(count, most) for position in range(min(count, most))]


def match_files(
    column: pd.Series,
    root: Path,
    suffixes: Collection[str],
    role: str,
    fits: Callable[[Path], bool] | None = None,
) -> Match:
    """How likely a column names files that end in one of ``suffixes`` (lower case, with the dot).

    Args:
        column: The cells as the table holds them.
        root: The folder that relative paths start from.
        suffixes: The endings files of this kind have.
        role: What such a column is called.
        fits: Whether a file that is there looks like one of this kind, for endings that several kinds share
            (``.npy``).

    Returns:
        A score near 1 when most of (at most 50) cells have such an ending and the files are there, 0.2 at most
        when not one of them is, 0 when fewer than half have such an ending.
    """
    names = [value.strip() for value in column.tolist() if isinstance(value, str) and value.strip()]
    sample = [names[position] for position in evenly_spread(len(names), SNIFFED)]
    paths = {name: _found(name, root) for name in sample if name.lower().endswith(tuple(suffixes))}
    named = [name for name in sample if name in paths and _may_be(paths[name], fits)]
    if 2 * len(named) < max(1, len(sample)):
        return Match(0.0)
    there = sum(paths[name] is not None for name in named)
    reason = f"{len(named)} of {len(sample)} cells looked at end like {role} files; {there} of these are there"
    return Match(len(named) / len(sample) * (0.2 + 0.8 * (there / len(named))), role, reason)


def npy_header(value: Any, root: Path) -> tuple[tuple[int, ...], np.dtype] | None:
    """Shape and type of the ``.npy`` file a cell names, without its values; None where there is no such file."""
    if not isinstance(value, str):
        return None
    try:
        with resolve_inside(value.strip(), root).open("rb") as file:
            return header_of_npy(file)
    except (UnreadableCellError, OSError):
        return None


def _found(name: str, root: Path) -> Path | None:
    try:
        return resolve_inside(name, root)
    except UnreadableCellError:
        return None


def _may_be(path: Path | None, fits: Callable[[Path], bool] | None) -> bool:
    """A file that is not there may be anything."""
    return path is None or fits is None or fits(path)


def match_folders(column: pd.Series, root: Path, role: str, fits: Callable[[Path], bool]) -> Match:
    """How likely a column names folders, each holding the files of one sample.

    Args:
        column: The cells as the table holds them.
        root: The folder that relative paths start from.
        role: What such a column is called.
        fits: Whether a folder looks like one of this kind.

    Returns:
        The share of (at most 50) cells that name such folders, 0 when fewer than half do.
    """
    names = [value.strip() for value in column.tolist() if isinstance(value, str) and value.strip()]
    sample = [names[position] for position in evenly_spread(len(names), SNIFFED)]
    there = sum((folder := folder_named(name, root)) is not None and fits(folder) for name in sample)
    if 2 * there < max(1, len(sample)):
        return Match(0.0)
    reason = f"{there} of {len(sample)} cells looked at name folders of {role} files"
    return Match(there / len(sample), role, reason)
