"""Telling: how well one thing alone (a column, a name, a position) tells the class, judged on rows not looked at.

Each level of the thing answers with the class that is over-represented in it on the other folds. The skill is
the balanced accuracy of these answers, scaled so that chance is 0 and perfection 1. Whether it is more than luck
is asked of the same skill with labels permuted (of whole groups, where there are groups).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from polysight.core.randomness import generator

FOLDS = 5
#: Permutations; the least p is one over one more.
ROUNDS = 99
#: Rows a bin of numbers holds at least, and the most bins.
ROWS_A_BIN = 8
MOST_BINS = 200
#: Rows looked at.
MOST_ROWS = 3_000


class Telling(NamedTuple):
    """Skill (0 chance, 1 perfect) and the share of permutations that are as skilled."""

    skill: float
    p: float


def telling(
    values: NDArray[np.generic],
    codes: Int[np.ndarray, " row"],
    groups: Int[np.ndarray, " row"] | None = None,
    *,
    seed: int = 0,
    worthwhile: float = 0.0,
) -> Telling:
    """How well one value a row tells the class of the row.

    Args:
        values: Numbers (float; NaN is a level of its own), or names (anything else).
        codes: The class of each row.
        groups: The group of each row; a group is never on both sides.
        seed: The seed of folds and permutations.
        worthwhile: Below this skill nothing is permuted, and p is 1.
    """
    rng = generator(seed, "telling")
    if len(codes) > MOST_ROWS:
        rows = np.sort(rng.choice(len(codes), MOST_ROWS, replace=False))
        values, codes, groups = values[rows], codes[rows], None if groups is None else groups[rows]
    codes = np.unique(codes, return_inverse=True)[1]
    levels = levels_of(values)
    # Where nearly every row is a level of its own, nothing can be learned about any.
    if codes.max(initial=0) == 0 or levels.max(initial=0) == 0 or levels.max() > len(levels) / 2:
        return Telling(0.0, 1.0)
    place = places(codes, groups, seed=seed)
    skill = _skill(levels, codes, place)
    if skill < worthwhile or skill <= 0:
        return Telling(skill, 1.0)
    as_good = sum(_skill(levels, _permuted(codes, groups, rng), place) >= skill for _ in range(ROUNDS))
    return Telling(skill, (1 + as_good) / (1 + ROUNDS))


def levels_of(values: NDArray[np.generic]) -> Int[np.ndarray, " row"]:
    """Names as numbers, or numbers as bins that hold alike many rows; equal numbers share a bin."""
    if values.dtype.kind != "f":
        return np.unique(values.astype(str), return_inverse=True)[1]
    known = ~np.isnan(values)
    bins = int(np.clip(known.sum() // ROWS_A_BIN, 2, MOST_BINS))
    levels = np.full(len(values), -1)
    if known.any():
        edges = np.unique(np.quantile(values[known], np.arange(1, bins) / bins))
        levels[known] = np.searchsorted(edges, values[known], side="right")
    return np.unique(levels, return_inverse=True)[1]


def places(
    codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None, *, seed: int
) -> Int[np.ndarray, " row"]:
    """The fold of each row, 0 to ``FOLDS - 1``: classes dealt out like cards, whole groups together."""
    units = np.arange(len(codes)) if groups is None else np.unique(groups, return_inverse=True)[1]
    label = np.zeros(units.max(initial=-1) + 1, dtype=np.intp)
    label[units] = codes
    order = generator(seed, "places").permutation(len(label))
    place = np.empty(len(label), dtype=np.intp)
    place[order[np.argsort(label[order], kind="stable")]] = np.arange(len(label)) % FOLDS
    return place[units]


def _skill(levels: Int[np.ndarray, " row"], codes: Int[np.ndarray, " row"], place: Int[np.ndarray, " row"]) -> float:
    shape = (FOLDS, int(levels.max()) + 1, int(codes.max()) + 1)
    flat = np.ravel_multi_index((place, levels, codes), shape)
    counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
    taught = counts.sum(axis=0) - counts
    shares = taught / np.maximum(taught.sum(axis=1, keepdims=True), 1)
    hits = shares.argmax(axis=2)[place, levels] == codes
    rows = np.bincount(codes)
    right = np.bincount(codes, weights=hits)[rows > 0] / rows[rows > 0]
    classes = len(right)
    return float((right.mean() - 1 / classes) / (1 - 1 / classes)) if classes > 1 else 0.0


def _permuted(
    codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None, rng: np.random.Generator
) -> Int[np.ndarray, " row"]:
    if groups is None:
        return rng.permutation(codes)
    units = np.unique(groups, return_inverse=True)[1]
    label = np.zeros(units.max() + 1, dtype=np.intp)
    label[units] = codes
    return rng.permutation(label)[units]
