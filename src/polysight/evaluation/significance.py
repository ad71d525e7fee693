"""Significance: whether one method is better than another on the same rows, and what several such questions allow.

Source: sign flips of paired differences, R. Fisher, "The Design of Experiments", 1935; of whole clusters, I. Canay,
J. Romano, A. Shaikh, "Randomization tests under an approximate symmetry assumption", Econometrica 2017; S. Holm, "A
simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 1979.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from jaxtyping import Float, Int

from polysight.core.randomness import generator

#: Up to so many groups that differ, every flip is tried; with more, so many flips are drawn.
_ALL = 13
DRAWN = 10_000
#: Numbers drawn at once.
_BLOCK = 2_000_000


def sign_flip(
    differences: Float[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None = None, *, seed: int = 0
) -> float:
    """The two-sided p-value of a mean difference, if each group could as well have come out the other way round.

    With independent rows that are right or wrong this is McNemar's exact test. The least p-value that G groups can
    give is 2 to the power of 1 - G: two speakers say nothing about a third.

    Args:
        differences: The difference on each row.
        groups: The group of each row; None takes each row by itself.
        seed: Same seed, same flips, where not all are tried.
    """
    place = np.arange(len(differences)) if groups is None else np.unique(groups, return_inverse=True)[1]
    sums = np.bincount(place, weights=differences)
    sums = sums[np.abs(sums) > 1e-12]
    if not len(sums):
        return 1.0
    # Sums that are equal but for rounding must count as equal.
    least = abs(sums.sum()) - 1e-9
    if len(sums) <= _ALL:
        flips = np.array(list(product((-1.0, 1.0), repeat=len(sums))))
        return float((np.abs(flips @ sums) >= least).mean())
    random, reached = generator(seed, "sign_flip"), 0
    size = max(1, _BLOCK // len(sums))
    for start in range(0, DRAWN, size):
        flips = random.integers(0, 2, size=(min(size, DRAWN - start), len(sums)), dtype=np.int8) * 2.0 - 1.0
        reached += int((np.abs(flips @ sums) >= least).sum())
    return (reached + 1) / (DRAWN + 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values, in the order given: calling all below .05 clear is wholly right in 95 of 100 cases or more."""
    order = np.argsort(p_values, kind="stable")
    adjusted = np.empty(len(order))
    largest = 0.0
    for rank, place in enumerate(order.tolist()):
        largest = max(largest, min(1.0, (len(order) - rank) * p_values[place]))
        adjusted[place] = largest
    values: list[float] = adjusted.tolist()
    return values
