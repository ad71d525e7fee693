"""BalancedBatches: every batch holds each class equally often.

Source: class-balanced sampling, Shen, Lin, Huang, Relay Backpropagation for Effective Learning of Deep CNNs, ECCV 2016.
Departures: rows of a class are gone through in turn, in an order drawn anew each time, instead of drawn one by one; and
each batch is balanced, not only the mean of many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int

from polysight.objectives.imbalance.base import Remedy, even


@dataclass(frozen=True)
class BalancedBatches(Remedy):
    """An epoch has as many rows as ever, but each class the same number of them: rare rows come many times.

    Rows of common classes that an epoch leaves out come in another.
    """

    kind: ClassVar[str] = "balanced_batches"
    acts_on: ClassVar[tuple[str, ...]] = ("network",)
    instead: ClassVar[str] = "over, which is the same for an estimator"

    def batches(
        self, parts: Sequence[Int[np.ndarray, " some"]], codes: Int[np.ndarray, " row"], rng: np.random.Generator
    ) -> Sequence[Int[np.ndarray, " some"]]:
        """Batches of the same sizes; see ``Remedy.batches``."""
        shares = (np.bincount(codes) > 0).astype(float)
        rows = drawn(codes, shares, sum(len(part) for part in parts), rng)
        return np.split(rows, np.cumsum([len(part) for part in parts])[:-1])

    def taught(self, shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
        """The same for each class."""
        return even(shares)


def drawn(
    codes: Int[np.ndarray, " row"], shares: Float[np.ndarray, " class"], count: int, rng: np.random.Generator
) -> Int[np.ndarray, " drawn"]:
    """Rows of which each class makes up a share, spread evenly: any stretch of them has about these shares too.

    Args:
        codes: The class of each row.
        shares: The share of each class, up to a factor; zero for classes without rows.
        count: How many rows to draw.
        rng: What is random: which rows, and where each class starts.
    """
    wanted = count * shares / shares.sum()
    # Whole numbers that add up; which classes are rounded up is left to luck, so that epochs even it out.
    ends = np.floor(np.cumsum(wanted) + rng.random() + 1e-9).astype(int)
    quotas = np.diff(np.concatenate([[0], np.minimum(ends, count)]))
    quotas[np.flatnonzero(shares)[-1]] += count - quotas.sum()
    rows, places = [], []
    for code, quota in enumerate(quotas):
        own = np.flatnonzero(codes == code)
        if quota:
            rounds = -(-quota // len(own))
            rows.append(np.concatenate([rng.permutation(own) for _ in range(rounds)])[:quota])
            places.append((np.arange(quota) + rng.random()) / quota)
    return np.concatenate(rows)[np.argsort(np.concatenate(places), kind="stable")]
