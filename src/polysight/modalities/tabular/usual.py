"""Usual rows: a few made-up rows that stand for the training rows, column by column."""

from __future__ import annotations

from collections import Counter

import numpy as np
from jaxtyping import Float
from numpy.typing import NDArray

#: How many rows are made up.
ROWS = 4


def usual_numbers(numbers: Float[np.ndarray, "row numeric"]) -> Float[np.ndarray, "usual numeric"]:
    """Values that part each column into equal shares, NaN among them where many cells are missing.

    Columns begin with different shares, so that no made-up row is low or high throughout.
    """
    # NaN sorts behind every number, and so has as many of the shares as it has rows.
    ordered = np.sort(numbers, axis=0)
    picked = ordered[_places(len(numbers))]
    for column in range(picked.shape[1]):
        picked[:, column] = np.roll(picked[:, column], column)
    return picked


def usual_levels(categories: NDArray[np.object_]) -> tuple[tuple[str, ...], ...]:
    """Levels of each column [row, categorical] by their shares, the most frequent first; ``""`` where it is missing."""
    columns = []
    for column, values in enumerate(categories.T.tolist()):
        counts = Counter(values)
        ordered = sorted(values, key=lambda level: (level == "", -counts[level], level))
        columns.append([ordered[place] for place in np.roll(_places(len(values)), column)])
    return tuple(zip(*columns, strict=True)) if columns else ((),) * ROWS


def _places(rows: int) -> NDArray[np.intp]:
    return ((np.arange(ROWS) + 0.5) / ROWS * rows).astype(np.intp)
