"""Intervals of what is told of each class: precision, recall and F1; rankings against the rest; prevalence."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from polysight.core.randomness import generator
from polysight.evaluation.decisions import Decisions
from polysight.evaluation.intervals import Estimate, mean_estimate, percentile
from polysight.evaluation.ranking import Ranking
from polysight.evaluation.resampling import Resampling, pseudo_rows


def class_estimates(
    codes: Int[np.ndarray, " row"], predicted: Int[np.ndarray, " row"], classes: int, resampling: Resampling
) -> list[dict[str, Estimate]]:
    """Precision, recall and F1 of each class, with intervals; each class has pseudo-rows of its own."""
    decisions = Decisions(codes, predicted, classes)
    random = generator(resampling.seed, "bootstrap", "class")
    dependence = resampling.dependence(predicted == codes)
    ones = decisions.count(np.ones((len(codes), 1)))
    values = _class_ratios(ones.hits, ones.support, ones.predicted)
    blocks = []
    for draw in resampling.draws():
        counts = decisions.count(draw.rows)
        hit, missed, false = random.gamma(0.5, dependence, size=(3, *counts.hits.shape))
        blocks.append(_class_ratios(counts.hits + hit, counts.support + hit + missed, counts.predicted + hit + false))
    resampled = {name: np.concatenate([block[name] for block in blocks], axis=1) for name in values}
    lacking: dict[str, Any] = dict.fromkeys(values, [None] * classes)
    if resampling.left_out is not None:
        rest = decisions.count(resampling.left_out)
        lacking = _class_ratios(rest.hits, rest.support, rest.predicted)
    reasons = {"precision": "never_predicted", "recall": "no_rows", "f1": "no_rows"}
    return [
        {
            name: percentile(values[name][k, 0], resampled[name][k], resampling.units, reason, lacking[name][k])
            for name, reason in reasons.items()
        }
        for k in range(classes)
    ]


def ranking_estimates(
    codes: Int[np.ndarray, " row"],
    probabilities: Float[np.ndarray, "row class"],
    predicted: Int[np.ndarray, " row"],
    resampling: Resampling,
) -> list[dict[str, Estimate]]:
    """ROC area, average precision and prevalence of each class, with intervals.

    An average precision is to be read beside the prevalence: that is what an order by chance reaches.
    """
    # Pseudo-rows as in ``metric_estimates``, which takes the mean of these.
    pseudo_codes, pseudo_probabilities = pseudo_rows(codes, probabilities, resampling.seed)
    widened = Ranking(np.concatenate([codes, pseudo_codes]), np.concatenate([probabilities, pseudo_probabilities]))
    dependence = resampling.dependence(predicted == codes)
    blocks = [widened.areas(draw.with_pseudo(len(pseudo_codes), dependence)) for draw in resampling.draws()]
    ranking = Ranking(codes, probabilities)
    values, rest = ranking.areas(np.ones((len(codes), 1))), resampling.left_out
    lacking: Any = [[None] * probabilities.shape[1]] * 2 if rest is None else ranking.areas(rest)

    def estimate(metric: int, k: int) -> Estimate:
        drawn = np.concatenate([block[metric][k] for block in blocks])
        reason = "one_class_only" if (codes == k).any() else "no_rows"
        return percentile(values[metric][k, 0], drawn, resampling.units, reason, lacking[metric][k])

    return [
        {
            "roc_auc": estimate(0, k),
            "average_precision": estimate(1, k),
            "prevalence": mean_estimate((codes == k).astype(np.float64), 0.0, resampling),
        }
        for k in range(probabilities.shape[1])
    ]


def _class_ratios(
    hits: Float[np.ndarray, "class resample"],
    support: Float[np.ndarray, "class resample"],
    predicted: Float[np.ndarray, "class resample"],
) -> dict[str, Float[np.ndarray, "class resample"]]:
    def ratio(part: np.ndarray, whole: np.ndarray, defined: np.ndarray) -> np.ndarray:
        return np.divide(part, whole, out=np.full_like(part, np.nan), where=defined)

    return {
        "precision": ratio(hits, predicted, predicted > 0),
        "recall": ratio(hits, support, support > 0),
        "f1": ratio(2 * hits, support + predicted, support > 0),
    }
