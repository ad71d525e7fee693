"""Coding categories: a number for each level seen in training, one for missing, one for everything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

#: The codes every column starts with: no value, and a level that is not among the known.
MISSING, OTHER = 0, 1
#: The code of the most frequent level.
FIRST = 2


def levels_of(categories: NDArray[np.object_], most: int) -> tuple[tuple[str, ...], ...]:
    """The most frequent levels of each column [row, column], most frequent first, ties in code-point order."""
    known = []
    for column in categories.T:
        counts = Counter(value for value in column if value)
        known.append(tuple(sorted(counts, key=lambda level: (-counts[level], level))[:most]))
    return tuple(known)


def codes(categories: NDArray[np.object_], levels: Sequence[Sequence[str]]) -> Int[np.ndarray, "row column"]:
    """The code of each category: 0 missing, 1 not among the levels, 2 the first level and so on."""
    coded = np.zeros(categories.shape, dtype=np.int64)
    for column, known in enumerate(levels):
        numbers = {"": MISSING} | {level: number for number, level in enumerate(known, start=FIRST)}
        coded[:, column] = [numbers.get(value, OTHER) for value in categories[:, column]]
    return coded
