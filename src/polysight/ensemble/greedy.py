"""Greedy selection: add the candidate that helps the average most, again and again, with replacement.

Source: Caruana, Niculescu-Mizil, Crew, Ksikes, "Ensemble Selection from Libraries of Models", ICML 2004; bags from
Caruana, Munson, Niculescu-Mizil, "Getting the Most Out of Ensemble Selection", ICDM 2006.
Departures: log-loss instead of accuracy (steadier with few rows); starts from the single best candidate, so
that the result is never worse than it on the rows it is chosen on; stops when a step gains less than a
tolerance, so that noise adds no members; bags draw rows (whole groups) instead of candidates.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int

from polysight.core.randomness import generator
from polysight.ensemble.average import Average
from polysight.ensemble.combiner import Ballot
from polysight.evaluation.clustered import clustered_error
from polysight.learners.calibration import FLOOR


class GreedySelection(Average):
    """Weights over candidates, chosen on out-of-fold probabilities by log-loss.

    Args:
        rounds: Most additions.
        tolerance: Least gain of a step, in nats a row.
        one_standard_error: Whether to stop at the first selection whose log-loss is within one standard error
            (paired, clustered by group) of the last one's.
        bags: Repeat on this many bootstrap resamples of the rows (whole groups) and average the weights; 0 selects
            once, on the rows themselves.
        random_state: The seed of the resamples.
        prior: Class probabilities in training; None counts them.

    Attributes:
        loss_: The log-loss of the selection on the rows it was made on.
    """

    kind: ClassVar[str] = "greedy"

    def __init__(
        self,
        rounds: int = 40,
        tolerance: float = 1e-4,
        one_standard_error: bool = False,
        bags: int = 0,
        random_state: int = 0,
        prior: Float[np.ndarray, " class"] | None = None,
    ) -> None:
        self.rounds = rounds
        self.tolerance = tolerance
        self.one_standard_error = one_standard_error
        self.bags = bags
        self.random_state = random_state
        self.prior = prior

    def _learn(self, ballot: Ballot, codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None) -> None:
        # Only the probability of the true class enters the log-loss of an average.
        path = _Path(ballot.values[:, np.arange(len(codes)), codes], ballot.present, self.prior_[codes])
        if self.bags:
            draws = _resamples(len(codes), groups, self.bags, self.random_state)
            weights = np.mean([self._select(path, draw, groups) for draw in draws], axis=0)
            # The mean of bags may be worse than one member alone; then it is not worth its members.
            single = path.losses(np.eye(len(ballot.names))).mean(axis=1)
            if path.losses(weights[None]).mean() > single.min():
                weights = np.eye(len(ballot.names))[int(single.argmin())]
        else:
            weights = self._select(path, np.ones(len(codes)), groups)
        self.loss_ = float(path.losses(weights[None])[0].mean())
        self.weights_ = {n: float(w) for n, w in zip(ballot.names, weights, strict=True) if w}

    def _select(
        self, path: _Path, draw: Float[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None
    ) -> Float[np.ndarray, " member"]:
        mass = draw / draw.sum()
        members = np.eye(len(path.hits))
        trial = path.losses(members) @ mass
        counts = members[int(trial.argmin())]
        steps, best = [counts], float(trial.min())
        for _ in range(self.rounds):
            trial = path.losses(counts + members) @ mass
            pick = int(trial.argmin())
            if best - trial[pick] < self.tolerance:
                break
            counts, best = counts + members[pick], float(trial[pick])
            steps.append(counts)
        if self.one_standard_error:
            counts = _simplest(path.losses(np.stack(steps)), steps, groups)
        return counts / counts.sum()


class _Path:
    """The losses of averages of some votes."""

    def __init__(
        self,
        hits: Float[np.ndarray, "member row"],
        present: Float[np.ndarray, "member row"],
        prior: Float[np.ndarray, " row"],
    ) -> None:
        self.hits, self.present, self.prior = hits, present.astype(np.float64), prior
        self.mean = hits.sum(axis=0) / np.maximum(self.present.sum(axis=0), 1)
        self.anyone = present.any(axis=0)

    def losses(self, weights: Float[np.ndarray, "choice member"]) -> Float[np.ndarray, "choice row"]:
        """The log-loss of each row under each choice of weights; where nobody chosen is there, as ``Average`` does."""
        count = weights @ self.present
        average = (weights @ self.hits) / np.where(count > 0, count, 1.0)
        average = np.where(count > 0, average, np.where(self.anyone, self.mean, self.prior))
        return -np.log(np.maximum(average, FLOOR))


def _simplest(
    losses: Float[np.ndarray, "step row"],
    steps: list[Float[np.ndarray, " member"]],
    groups: Int[np.ndarray, " row"] | None,
) -> Float[np.ndarray, " member"]:
    """The first step within one standard error of the last; steps only ever add members."""
    for step, loss in zip(steps, losses, strict=True):
        worse = loss - losses[-1]
        if worse.mean() <= clustered_error(worse, groups):
            return step
    return steps[-1]


def _resamples(
    rows: int, groups: Int[np.ndarray, " row"] | None, count: int, seed: int
) -> list[Float[np.ndarray, " row"]]:
    """How often each row is drawn, a bag an entry; whole groups where there are any."""
    unit = np.arange(rows) if groups is None else np.unique(groups, return_inverse=True)[1]
    units = int(unit.max()) + 1
    random = generator(seed, "greedy", "bags")
    return [np.bincount(random.integers(units, size=units), minlength=units)[unit].astype(float) for _ in range(count)]
