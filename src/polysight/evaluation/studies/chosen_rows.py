"""Chosen rows: the part of a case that a costly study asks the model about again."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from polysight.core.randomness import generator
from polysight.evaluation.studies.base import Case

#: Whole groups are taken where so many of them fit; of fewer, an interval would know too little.
_GROUPS = 20


def some_rows(
    case: Case, most: int, name: str, among: Int[np.ndarray, " more"] | None = None
) -> Int[np.ndarray, " some"]:
    """At most so many rows, in order; all of them if they are no more.

    Whole groups, if many of them fit; else some rows of every group, or of as many groups as there is room for.

    Args:
        case: The rows.
        most: How many rows are wanted.
        name: What they are for: the name of their random choice.
        among: The rows there are to choose from; None means all.
    """
    rows = np.arange(len(case.codes)) if among is None else among
    if len(rows) <= most:
        return rows
    random = generator(case.seed, name, "rows", len(rows))
    group = np.unique(case.resampling.group[rows], return_inverse=True)[1]
    sizes = np.bincount(group)
    order = random.permutation(len(sizes))
    fitting = order[np.cumsum(sizes[order]) <= most]
    if len(fitting) >= min(_GROUPS, len(sizes)):
        return rows[np.isin(group, fitting)]
    mixed = random.permutation(len(rows))
    # The first row of every group, then the second: how many of its group come before each.
    together = mixed[np.argsort(group[mixed], kind="stable")]
    turn = np.empty(len(rows), dtype=int)
    turn[together] = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return rows[np.sort(mixed[np.argsort(turn[mixed], kind="stable")][:most])]
