"""Scores of one target, by its kind: every metric under any weighting of the rows, with its interval.

Source: definitions as in scikit-learn (``mean_absolute_error``, ``r2_score``, ``f1_score``, ``hamming_loss``...), which
the tests compare with; intervals from resamples of rows or whole groups, see ``intervals`` and ``resampling``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from polysight.data.target_kinds.base import Answers, Target, Truth
from polysight.data.target_kinds.labels import THRESHOLD
from polysight.evaluation.intervals import Estimate, metric_estimates, named_percentiles, percentile, statistic_estimate
from polysight.evaluation.metrics import Scores
from polysight.evaluation.ranking import ClassRanking, mean_defined
from polysight.evaluation.resampling import Resampling

#: One weighting of the rows a column.
Weights = Float[np.ndarray, "row resample"]
#: A metric under each weighting.
Values = Float[np.ndarray, " resample"]


class TargetScores(ABC):
    """Answers to one target made ready to be scored.

    Args:
        target: What was predicted.
        truth: Its known cells.
        answers: What was said of each.

    Attributes:
        headline: The metric that baselines and gains are told in.
        better: 1 if more of it is better, -1 if less is.
        guess: What the answer that looks at nothing is called.
    """

    headline: ClassVar[str]
    better: ClassVar[int] = 1
    guess: ClassVar[str]

    def __init__(self, target: Target, truth: Truth, answers: Answers) -> None:
        self.target, self.truth, self.answers = target, truth, answers

    @abstractmethod
    def __call__(self, weights: Weights) -> dict[str, Values]:
        """Every metric under each column of weights; NaN where it is undefined."""

    def estimates(self, resampling: Resampling) -> dict[str, Estimate]:
        """Every metric with its interval."""
        return intervals_of(self, resampling)

    @property
    def unseen(self) -> int:
        """Rows whose label was never seen in training; they count as wrong."""
        return 0

    def details(self, resampling: Resampling) -> dict[str, dict[str, Any]]:
        """Estimates of parts of the target, such as single labels; empty where there are none."""
        return {}


class AmountScores(TargetScores):
    """Mean absolute error, root of the mean squared error, and the share of variance explained."""

    headline: ClassVar[str] = "mae"
    better: ClassVar[int] = -1
    guess: ClassVar[str] = "mean"

    def __call__(self, weights: Weights) -> dict[str, Values]:
        """``mae``, ``rmse``, ``r2`` (undefined where all amounts are equal)."""
        truth, total = self.truth[:, 0], weights.sum(axis=0)
        error = self.answers[:, 0] - truth
        squares = np.square(error) @ weights
        # From the mean of all rows: squares of amounts far from zero would drown the variance.
        centred = truth - truth.mean()
        spread = np.square(centred) @ weights - np.square(centred @ weights) / total
        varies = spread > 1e-12 * np.square(centred).sum()
        r2 = 1 - np.divide(squares, spread, out=np.full_like(squares, np.nan), where=varies)
        return {"mae": np.abs(error) @ weights / total, "rmse": np.sqrt(squares / total), "r2": r2}


class LabelScores(TargetScores):
    """Decisions and rankings of single labels, their averages, and rows with every label right."""

    headline: ClassVar[str] = "f1_macro"
    guess: ClassVar[str] = "frequencies"

    def __init__(self, target: Target, truth: Truth, answers: Answers) -> None:
        super().__init__(target, truth, answers)
        self._said = (answers >= THRESHOLD).astype(np.float64)
        self._rankings = [ClassRanking.of(truth[:, k] > 0, answers[:, k]) for k in range(truth.shape[1])]
        self._loss = target.losses(truth, answers)

    def __call__(self, weights: Weights) -> dict[str, Values]:
        """Averages over labels; a label that neither occurs nor is predicted has F1 0, as in scikit-learn."""
        total, wrong = weights.sum(axis=0), self.truth != self._said
        each, (hits, either) = self.by_label(weights), self._counts(weights)
        sums = either.sum(axis=0)
        return {
            "f1_macro": each["f1"].mean(axis=0),
            "f1_micro": np.divide(2 * hits.sum(axis=0), sums, out=np.zeros_like(sums), where=sums > 0),
            "average_precision": mean_defined(each["average_precision"]),
            "hamming_loss": wrong.mean(axis=1) @ weights / total,
            "exact_match": (~wrong.any(axis=1)).astype(np.float64) @ weights / total,
            "log_loss": self._loss @ weights / total,
        }

    def by_label(self, weights: Weights) -> dict[str, Float[np.ndarray, "label resample"]]:
        """F1 and average precision of each label."""
        hits, either = self._counts(weights)
        f1 = np.divide(2 * hits, either, out=np.zeros_like(hits), where=either > 0)
        return {"f1": f1, "average_precision": np.stack([ranking.areas(weights)[1] for ranking in self._rankings])}

    def details(self, resampling: Resampling) -> dict[str, dict[str, Any]]:
        """F1 and average precision of each label, with intervals, and its rows."""
        blocks = [self.by_label(draw.rows) for draw in resampling.draws()]
        values = self.by_label(np.ones((len(self.truth), 1)))
        lacking = resampling.without_groups(self.by_label)
        support = self.target.counts(self.truth)
        return {
            label: {
                name: percentile(
                    values[name][k, 0],
                    np.concatenate([block[name][k] for block in blocks]),
                    resampling.units,
                    "one_class_only",
                    None if lacking is None else lacking[name][k],
                ).to_json()
                for name in values
            }
            | {"support": rows}
            for k, (label, rows) in enumerate(support.items())
        }

    def _counts(
        self, weights: Weights
    ) -> tuple[Float[np.ndarray, "label resample"], Float[np.ndarray, "label resample"]]:
        """Rows with each label that were found, and rows that have it plus rows said to have it."""
        return (self.truth * self._said).T @ weights, (self.truth + self._said).T @ weights


class ClassScores(TargetScores):
    """The metrics of classification, see ``metrics``."""

    headline: ClassVar[str] = "accuracy"
    guess: ClassVar[str] = "majority"

    def __init__(self, target: Target, truth: Truth, answers: Answers) -> None:
        super().__init__(target, truth, answers)
        self._codes = truth[:, 0].astype(np.int64)
        self._scores = Scores(self._codes, answers)

    @property
    def unseen(self) -> int:
        """Rows with a code of -1."""
        return int((self._codes < 0).sum())

    def __call__(self, weights: Weights) -> dict[str, Values]:
        """All twelve."""
        return self._scores(weights)

    def estimates(self, resampling: Resampling) -> dict[str, Estimate]:
        """All twelve with the intervals that classification has everywhere."""
        return metric_estimates(self._codes, self.answers, resampling)


SCORES: Mapping[str, type[TargetScores]] = {
    "classification": ClassScores,
    "multilabel": LabelScores,
    "regression": AmountScores,
}

#: The metric that a kind's estimators are scored by: what scikit-learn's estimators score.
SCORED: Mapping[str, str] = {"classification": "accuracy", "multilabel": "exact_match", "regression": "r2"}


def intervals_of(scores: TargetScores, resampling: Resampling) -> dict[str, Estimate]:
    """The percentile interval of every metric."""
    values = scores(np.ones((resampling.rows, 1)))
    blocks = [scores(draw.rows) for draw in resampling.draws()]
    return named_percentiles(values, blocks, resampling, "one_value_only", resampling.without_groups(scores))


def gain_over(scores: TargetScores, other: TargetScores, resampling: Resampling) -> Estimate:
    """By how much the headline is better than that of other answers to the same rows; positive is better."""

    def better(weights: Weights) -> Values:
        name = scores.headline
        return scores.better * (scores(weights)[name] - other(weights)[name])

    return statistic_estimate(better, resampling, "one_value_only")
