"""Greedy selection: add the candidate that helps the average most, again and again, with replacement.

Source: Caruana, Niculescu-Mizil, Crew, Ksikes, "Ensemble Selection from Libraries of Models", ICML 2004.
Departures: log-loss instead of accuracy (steadier with few rows); starts from the single best candidate, so
that the result is never worse than it on the rows it is chosen on; stops when a step gains less than a
tolerance, so that noise adds no members.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from jaxtyping import Float, Int

from polysight.learners.calibration import FLOOR


class GreedySelection:
    """Weights over candidates, chosen on out-of-fold probabilities by log-loss.

    Args:
        rounds: Most additions.
        tolerance: Least gain of a step, in nats a row.
    """

    def __init__(self, rounds: int = 40, tolerance: float = 1e-4) -> None:
        self.rounds, self.tolerance = rounds, tolerance

    def fit(self, candidates: Mapping[str, Float[np.ndarray, "row class"]], codes: Int[np.ndarray, " row"]) -> Self:
        """Choose the weights; each candidate gives one probability matrix for the same rows."""
        names = list(candidates)
        # Only the probability of the true class enters the log-loss of an average.
        hits = np.stack([candidates[name][np.arange(len(codes)), codes] for name in names])
        losses = -np.log(np.clip(hits, FLOOR, None)).mean(axis=1)
        counts = np.zeros(len(names), dtype=int)
        first = int(losses.argmin())
        counts[first] += 1
        total, best = hits[first].copy(), float(losses[first])
        for size in range(2, self.rounds + 2):
            trial = -np.log(np.clip((total + hits) / size, FLOOR, None)).mean(axis=1)
            pick = int(trial.argmin())
            if best - trial[pick] < self.tolerance:
                break
            counts[pick] += 1
            total += hits[pick]
            best = float(trial[pick])
        self.loss_ = best
        self.weights_ = {name: float(count / counts.sum()) for name, count in zip(names, counts, strict=True) if count}
        return self

    def transform(self, candidates: Mapping[str, Float[np.ndarray, "row class"]]) -> Float[np.ndarray, "row class"]:
        """The weighted average of the chosen candidates."""
        return np.sum([weight * candidates[name] for name, weight in self.weights_.items()], axis=0)
