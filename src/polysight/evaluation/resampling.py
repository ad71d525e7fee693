"""Resampling: the weights a bootstrap gives to rows, whole groups together, with one pseudo-row on each side.

Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap", 1993 (percentile interval, whole clusters);
L. Brown, T. Cai, A. DasGupta, "Interval Estimation for a Binomial Proportion", 2001 (Jeffreys' interval).
Departures: a plain bootstrap of 40 rows that are all right answers "100 %, for certain". Each resample here also
holds one right and one wrong pseudo-row whose weights are Gamma(1/2); for a share of independent rows that
is Jeffreys' Beta(1/2, 1/2) prior, and for many rows it vanishes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped

from polysight.core.randomness import generator

#: Resamples of every interval.
COUNT = 1000

#: Rows that pseudo-rows are made of.
_MODELS = 128

#: The share of wrong pseudo-rows that are as sure as the right ones they are copies of.
_CERTAIN = 0.1

#: With more groups than this, leaving one out tells nothing that resamples do not.
_MOST_LEFT_OUT = 300

#: Weights drawn at once; bounds memory to some tens of megabytes.
_BLOCK = 4_000_000


@dataclass(frozen=True, eq=False)
class Draw:
    """Some resamples.

    Attributes:
        rows: How often each row was drawn.
        right: The weight of a pseudo-row that is right, if rows are independent.
        wrong: The weight of a pseudo-row that is wrong, if rows are independent.
        pick: Where in [0, 1) the pseudo-rows are taken from.
    """

    rows: Float[np.ndarray, "row resample"]
    right: Float[np.ndarray, " resample"]
    wrong: Float[np.ndarray, " resample"]
    pick: Float[np.ndarray, " resample"]

    def with_pseudo(self, count: int, dependence: float) -> Float[np.ndarray, "row_and_pseudo resample"]:
        """Weights of the rows followed by those of ``count`` pseudo-rows, the first half of which are right."""
        half = count // 2
        pseudo = np.zeros((count, self.rows.shape[1]))
        resample, place = np.arange(self.rows.shape[1]), (self.pick * half).astype(int)
        pseudo[place, resample] = dependence * self.right
        pseudo[half + place, resample] = dependence * self.wrong
        return np.concatenate([self.rows, pseudo])


class Resampling:
    """The same resamples each time they are asked for, so that two models can be compared on them.

    Args:
        rows: How many rows there are.
        groups: The group of each row; groups are drawn whole. None: each row is drawn by itself.
        seed: Same seed, same resamples.
        count: How many resamples.
    """

    def __init__(
        self, rows: int, groups: Shaped[np.ndarray, " row"] | None = None, seed: int = 0, count: int = COUNT
    ) -> None:
        self.rows, self.seed, self.count = rows, seed, count
        self.group = np.arange(rows) if groups is None else np.unique(groups, return_inverse=True)[1]
        self.units = int(self.group.max()) + 1 if rows else 0

    def dependence(self, values: Float[np.ndarray, " row"] | Bool[np.ndarray, " row"]) -> float:
        """How many rows one pseudo-row must stand for: 1 if rows are independent, at most the mean group size.

        The design effect (L. Kish, "Survey Sampling", 1965) of these values, with the weight of one row given to
        the fear that whole groups go wrong together; with no mistake in sight that fear is all there is.
        """
        size = self.rows / self.units
        deviation = values - values.mean()
        together = np.square(np.bincount(self.group, weights=deviation)).sum()
        apart = np.square(deviation).sum()
        return float(np.clip((together + size) / (apart + 1), 1.0, size))

    def without_groups(self, statistic: Callable[[Float[np.ndarray, "row group"]], Any]) -> Any:
        """A statistic without each group in turn, for the jackknife.

        Args:
            statistic: Takes weights of the rows, one weighting a column; gives an array whose last axis are the
                weightings, or several by name.

        Returns:
            What the statistic gives, for all groups; None where rows stand for themselves, and of many groups.
        """
        if self.units in (self.rows, 1) or self.units > _MOST_LEFT_OUT:
            return None
        size = max(1, _BLOCK // self.rows)
        starts = range(0, self.units, size)
        blocks = [np.arange(start, min(start + size, self.units)) for start in starts]
        parts = [statistic((self.group[:, None] != block).astype(np.float64)) for block in blocks]
        if isinstance(parts[0], Mapping):
            return {name: np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]}
        return np.concatenate(parts, axis=-1)

    def draws(self) -> Iterator[Draw]:
        """All resamples, in blocks that fit in memory."""
        random = generator(self.seed, "bootstrap")
        size = max(1, _BLOCK // max(self.rows, 1))
        for start in range(0, self.count, size):
            yield self._draw(random, min(size, self.count - start))

    def _draw(self, random: np.random.Generator, count: int) -> Draw:
        # Counting by a flat index gives every resample its own histogram in one pass.
        chosen = random.integers(self.units, size=(self.units, count)) * count + np.arange(count)
        drawn = np.bincount(chosen.ravel(), minlength=self.units * count).reshape(self.units, count)
        right, wrong = random.gamma(0.5, size=(2, count))
        return Draw(drawn.astype(np.float64)[self.group], right, wrong, random.random(count))


def pseudo_rows(
    codes: Int[np.ndarray, " row"], probabilities: Float[np.ndarray, "row class"], seed: int
) -> tuple[Int[np.ndarray, " pseudo"], Float[np.ndarray, "pseudo class"]]:
    """Copies of some rows made right, then the same copies made wrong.

    They are taken from all classes in turn, so that the doubt they stand for reaches rare classes too. A copy is made
    right by exchanging what the likeliest class and the true one have, and wrong by letting the rival lead by all, in
    some copies, or by a share, drawn from 0 to 1, of what the truth led by: mistakes a model has not made yet are
    mostly closer calls, and copies that are all wrong for certain make intervals of a good model's ranking too wide.
    """
    random = generator(seed, "bootstrap", "pseudo")
    order = random.permutation(len(codes))
    turn = np.zeros(len(codes), dtype=int)
    for code in np.unique(codes):
        own = order[codes[order] == code]
        turn[own] = np.arange(len(own))
    chosen = order[np.argsort(turn[order], kind="stable")][:_MODELS]
    # A label never seen in training cannot be right; its copy takes the first class as its truth.
    truth, place = np.maximum(codes[chosen], 0), np.arange(len(chosen))
    right, wrong = probabilities[chosen].copy(), probabilities[chosen].copy()
    ranked = np.argsort(-right, axis=1, kind="stable")
    top, rival = ranked[:, 0], np.where(ranked[:, 0] == truth, ranked[:, min(1, ranked.shape[1] - 1)], ranked[:, 0])
    right[place, truth], right[place, top] = probabilities[chosen, top], probabilities[chosen, truth]
    middle = (right[place, truth] + right[place, rival]) / 2
    # Never a tie, of which the first class would be said.
    share = np.minimum((1 - random.random(len(chosen))) / (1 - _CERTAIN), 1.0)
    lead = (right[place, truth] - middle) * share
    wrong[place, truth], wrong[place, rival] = middle - lead, middle + lead
    return np.concatenate([truth, truth]), np.concatenate([right, wrong])
