"""Intervals of what is told of each class: precision, recall and F1; rankings against the rest; prevalence."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from polysight.core.randomness import generator
from polysight.evaluation.decisions import Counts, Decisions
from polysight.evaluation.intervals import Estimate, percentile, percentiles
from polysight.evaluation.ranking import Ranking
from polysight.evaluation.resampling import Resampling, pseudo_rows

#: What is told of the decisions on a class, and why it may be undefined.
_REASONS = {"precision": "never_predicted", "recall": "no_rows", "f1": "no_rows", "prevalence": "no_rows"}


def class_estimates(
    codes: Int[np.ndarray, " row"], predicted: Int[np.ndarray, " row"], classes: int, resampling: Resampling
) -> list[dict[str, Estimate]]:
    """Precision, recall, F1 and prevalence of each class, with intervals; each class has pseudo-rows of its own."""
    decisions = Decisions(codes, predicted, classes)
    random = generator(resampling.seed, "bootstrap", "class")
    dependence = resampling.dependence(predicted == codes)
    together = np.array([[resampling.dependence(codes == k)] for k in range(classes)])
    values = _ratios(decisions.count(np.ones((len(codes), 1))))
    blocks = []
    for draw in resampling.draws():
        plain = decisions.count(draw.rows)
        hit, missed, false = random.gamma(0.5, dependence, size=(3, *plain.hits.shape))
        counts = Counts(plain.hits + hit, plain.support + hit + missed, plain.predicted + hit + false)
        inside, outside = together * draw.right, together * draw.wrong
        share = (plain.support[:classes] + inside) / (plain.support.sum(axis=0) + inside + outside)
        blocks.append({**_ratios(counts), "prevalence": share})
    resampled = {name: np.concatenate([block[name] for block in blocks], axis=1) for name in values}
    lacking = resampling.without_groups(lambda weights: _ratios(decisions.count(weights)))

    def told(name: str, reason: str) -> list[Estimate]:
        # The last class of the counts is that of labels never seen in training.
        rest = None if lacking is None else lacking[name][:classes]
        now, drawn = values[name][:classes, 0], resampled[name][:classes]
        return percentiles(now, drawn, resampling.units, reason, rest)

    named = {name: told(name, reason) for name, reason in _REASONS.items()}
    return [{name: estimates[k] for name, estimates in named.items()} for k in range(classes)]


def ranking_estimates(
    codes: Int[np.ndarray, " row"],
    probabilities: Float[np.ndarray, "row class"],
    predicted: Int[np.ndarray, " row"],
    resampling: Resampling,
) -> list[dict[str, Estimate]]:
    """ROC area and average precision of each class, with intervals.

    An average precision is to be read beside the prevalence: that is what an order by chance reaches.
    """
    # Pseudo-rows as in ``metric_estimates``, which takes the mean of these.
    pseudo_codes, pseudo_probabilities = pseudo_rows(codes, probabilities, resampling.seed)
    widened = Ranking(np.concatenate([codes, pseudo_codes]), np.concatenate([probabilities, pseudo_probabilities]))
    dependence = resampling.dependence(predicted == codes)
    blocks = [widened.areas(draw.with_pseudo(len(pseudo_codes), dependence)) for draw in resampling.draws()]
    ranking = Ranking(codes, probabilities)
    values = ranking.areas(np.ones((len(codes), 1)))
    rest = resampling.without_groups(lambda weights: np.stack(ranking.areas(weights)))
    lacking = [[None] * probabilities.shape[1]] * 2 if rest is None else rest

    def estimate(metric: int, k: int) -> Estimate:
        drawn = np.concatenate([block[metric][k] for block in blocks])
        reason = "one_class_only" if (codes == k).any() else "no_rows"
        return percentile(values[metric][k, 0], drawn, resampling.units, reason, lacking[metric][k])

    return [{"roc_auc": estimate(0, k), "average_precision": estimate(1, k)} for k in range(probabilities.shape[1])]


def _ratios(counts: Counts) -> dict[str, Float[np.ndarray, "class resample"]]:
    def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)

    f1 = ratio(2 * counts.hits, counts.support + counts.predicted)
    return {
        "precision": ratio(counts.hits, counts.predicted),
        "recall": ratio(counts.hits, counts.support),
        "f1": np.where(counts.support > 0, f1, np.nan),
        "prevalence": counts.support / counts.support.sum(axis=0),
    }
