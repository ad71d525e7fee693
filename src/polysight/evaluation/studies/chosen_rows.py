"""Chosen rows: the part of a case that a costly study asks the model about again."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from polysight.core.randomness import generator
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.studies.base import Case


def some_rows(case: Case, most: int, name: str) -> Int[np.ndarray, " some"]:
    """At most so many rows, in order, whole groups as long as one fits; all of them if they are no more.

    Args:
        case: The rows.
        most: How many rows are wanted.
        name: What they are for: the name of their random choice.
    """
    count = len(case.codes)
    if count <= most:
        return np.arange(count)
    group = case.resampling.group
    order = generator(case.seed, name, "rows").permutation(case.resampling.units)
    sizes = np.bincount(group)[order]
    fitting = order[np.cumsum(sizes) <= most]
    # The very first group may be too large: then some of its rows stand for it.
    return np.flatnonzero(np.isin(group, fitting)) if len(fitting) else np.flatnonzero(group == order[0])[:most]


def resampling_of(case: Case, rows: Int[np.ndarray, " some"]) -> Resampling:
    """The resamples of some rows; those of the case if these are all."""
    if len(rows) == len(case.codes):
        return case.resampling
    return Resampling(len(rows), None if case.groups is None else np.asarray(case.groups)[rows], case.seed)
