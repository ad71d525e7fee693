"""What can be said of a table's cells in plain words: the numbers themselves, and which level a category has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from polysight.data.view import View
from polysight.modalities.facts import Fact

#: How many levels of a column are asked after, the most frequent ones, which at least so many rows have.
LEVELS, LEAST_ROWS = 12, 5


def cell_facts(view: View, numeric: Sequence[str], categorical: Sequence[str]) -> tuple[Fact, ...]:
    """Each number, and whether a category has each of its frequent levels."""
    found = [Fact("number", column) for column in numeric]
    for place, column in enumerate(categorical):
        counts = Counter(value for value in view.arrays["categories"][:, place] if value)
        known = [value for value, count in counts.items() if count >= LEAST_ROWS]
        frequent = sorted(known, key=lambda value: (-counts[value], value))[:LEVELS]
        found += [Fact("is", column, value, yes_no=True) for value in frequent]
    return tuple(found)


def cell_measured(
    view: View, fact: Fact, numeric: Sequence[str], categorical: Sequence[str]
) -> Float[np.ndarray, " row"]:
    """A fact of each row; NaN where its cell is empty."""
    if not fact.yes_no:
        return np.asarray(view.arrays["numbers"][:, numeric.index(fact.column)], dtype=np.float64)
    levels = view.arrays["categories"][:, categorical.index(fact.column)]
    return np.where(levels == "", np.nan, (levels == fact.value).astype(np.float64))
