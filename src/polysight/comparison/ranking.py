"""Ranking: trials of every method and baseline as a table of numbers with intervals and paired tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from polysight.comparison.baselines import best_baseline
from polysight.comparison.split import Split
from polysight.comparison.trial import COMPLETE, Trial
from polysight.evaluation.intervals import Estimate, mean_estimate
from polysight.evaluation.metrics import metric_values
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.significance import holm, sign_flip

#: Beside accuracy; means over seeds.
METRICS = ("f1_macro", "log_loss")


@dataclass(frozen=True)
class Against:
    """A method held against another on the same rows.

    Attributes:
        difference: How much more often it is right, with its interval over rows.
        p: The p-value of that difference (sign flips of whole groups).
        p_holm: The same, adjusted for all methods held against that one.
    """

    difference: Estimate
    p: float
    p_holm: float

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"difference": self.difference.to_json(), "p": self.p, "p_holm": self.p_holm}


@dataclass(frozen=True)
class Standing:
    """One line of the table.

    Attributes:
        name: The method or baseline.
        baseline: Whether it is a baseline.
        accuracy: The mean over seeds, with its interval over test rows (whole groups).
        by_seed: The accuracy of each seed.
        metrics: Further metrics, means over seeds.
        conditions: Accuracy ``without <input>`` and with it ``shuffled``.
        additive: Accuracy of the additive projection on the rows it was made for; None for baselines.
        interactions: How much more often the model is right on these rows than its projection.
        parameters: How many numbers are learned.
        seconds: The mean seconds of a fit.
        against_best: Against the best method; None for the best itself.
        against_baseline: Against the best baseline; None for baselines.
    """

    name: str
    baseline: bool
    accuracy: Estimate
    by_seed: tuple[float, ...]
    metrics: Mapping[str, float | None]
    conditions: Mapping[str, Estimate]
    additive: Estimate | None
    interactions: Estimate | None
    parameters: int
    seconds: float
    against_best: Against | None = None
    against_baseline: Against | None = None

    @property
    def spread(self) -> float | None:
        """The standard deviation of accuracy over seeds; None of one."""
        return float(np.std(self.by_seed, ddof=1)) if len(self.by_seed) > 1 else None

    def to_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "method": self.name,
            "kind": "baseline" if self.baseline else "method",
            "accuracy": self.accuracy.to_json(),
            "by_seed": list(self.by_seed),
            "spread": self.spread,
            **self.metrics,
            "conditions": {name: estimate.to_json() for name, estimate in self.conditions.items()},
            "additive": self.additive and self.additive.to_json(),
            "interactions": self.interactions and self.interactions.to_json(),
            "parameters": self.parameters,
            "seconds": self.seconds,
            "against_best": self.against_best and self.against_best.to_json(),
            "against_baseline": self.against_baseline and self.against_baseline.to_json(),
        }


@dataclass(frozen=True, eq=False)
class Ranking:
    """All standings, best first.

    Attributes:
        standings: One line a method or baseline.
        best: The best method.
        best_baseline: The best baseline; None where there is none.
    """

    standings: tuple[Standing, ...]
    best: str
    best_baseline: str | None


def rank(trials: Mapping[str, list[Trial]], baselines: Sequence[str], split: Split, *, seed: int = 0) -> Ranking:
    """Put methods and baselines in order of accuracy; of equals, the smaller log-loss first, then by name.

    The best are chosen on the very rows the tests are made on, which flatters them.

    Args:
        trials: The trials of each, one a seed.
        baselines: Which of them are baselines.
        split: The rows.
        seed: Same seed, same intervals.
    """
    judge = _Judge(trials, split, seed)
    metrics = {name: _metrics(trials[name], split) for name in trials}

    def order(name: str) -> tuple[float, float, str]:
        return -judge.mean(name), metrics[name]["log_loss"] or 0.0, name

    ordered = sorted(trials, key=order)
    best = next(name for name in ordered if name not in baselines)
    held = best_baseline({name: trials[name] for name in baselines}, split.codes)
    against_best = judge.against(best, [name for name in ordered if name != best])
    against_held = judge.against(held, [n for n in ordered if n not in baselines]) if held is not None else {}
    standings = tuple(
        Standing(
            name=name,
            baseline=name in baselines,
            accuracy=judge.accuracy(name, COMPLETE),
            by_seed=tuple(round(float(t.right(split.codes).mean()), 9) for t in trials[name]),
            metrics=metrics[name],
            conditions={what: judge.accuracy(name, what) for what in trials[name][0].answers if what != COMPLETE},
            additive=judge.additive(name),
            interactions=judge.interactions(name),
            parameters=trials[name][0].parameters,
            seconds=float(np.mean([trial.seconds for trial in trials[name]])),
            against_best=against_best.get(name),
            against_baseline=against_held.get(name),
        )
        for name in ordered
    )
    return Ranking(standings, best, held)


class _Judge:
    """How often trials are right on each row, the mean over seeds, and what follows."""

    def __init__(self, trials: Mapping[str, list[Trial]], split: Split, seed: int) -> None:
        self.trials, self.codes, self.seed = trials, split.codes, seed
        self.groups = None if split.groups is None else np.unique(split.groups, return_inverse=True)[1]
        self.resampling = Resampling(len(split.codes), self.groups, seed)

    def mean(self, name: str) -> float:
        return round(float(self._right(name, COMPLETE).mean()), 9)

    def accuracy(self, name: str, what: str) -> Estimate:
        return mean_estimate(self._right(name, what), 0.0, self.resampling)

    def against(self, other: str, names: Sequence[str]) -> dict[str, Against]:
        differences = {name: self._right(name, COMPLETE) - self._right(other, COMPLETE) for name in names}
        p_values = [sign_flip(differences[name], self.groups, seed=self.seed) for name in names]
        return {
            name: Against(mean_estimate(differences[name], -1.0, self.resampling), p, adjusted)
            for name, p, adjusted in zip(names, p_values, holm(p_values), strict=True)
        }

    def additive(self, name: str) -> Estimate | None:
        found = self._sampled(name)
        return found and mean_estimate(found[1], 0.0, found[2])

    def interactions(self, name: str) -> Estimate | None:
        found = self._sampled(name)
        return found and mean_estimate(found[0] - found[1], -1.0, found[2])

    def _right(self, name: str, what: str) -> Float[np.ndarray, " row"]:
        right: Float[np.ndarray, " row"] = np.mean([t.right(self.codes, what) for t in self.trials[name]], axis=0)
        return right

    def _sampled(self, name: str) -> tuple[Float[np.ndarray, " some"], Float[np.ndarray, " some"], Resampling] | None:
        """The rows a projection was made for: how often the model is right on them, how often its projection is."""
        rows = self.trials[name][0].sampled
        if rows is None:
            return None
        codes = self.codes[rows]
        projected = [t.additive.argmax(axis=1) == codes for t in self.trials[name] if t.additive is not None]
        groups = None if self.groups is None else self.groups[rows]
        return (
            self._right(name, COMPLETE)[rows],
            np.mean(projected, axis=0),
            Resampling(len(rows), groups, self.seed),
        )


def _metrics(trials: Sequence[Trial], split: Split) -> dict[str, float | None]:
    values = [metric_values(split.codes, trial.answers[COMPLETE]) for trial in trials]
    found: dict[str, float | None] = {}
    for name in METRICS:
        known = [value for value in (of[name] for of in values) if value is not None]
        found[name] = round(float(np.mean(known)), 9) if known else None
    return found
