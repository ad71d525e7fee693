"""Paired comparison: the answers of two models to the same rows, metric by metric.

Source: exact test of discordant pairs, Q. McNemar, Psychometrika 1947; paired bootstrap, B. Efron, R. Tibshirani, "An
Introduction to the Bootstrap", 1993; see also ``significance`` and ``delong``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped
from scipy.special import bdtr

from polysight.core.errors import DataError
from polysight.evaluation.delong import delong
from polysight.evaluation.intervals import Estimate, metric_estimates, named_percentiles, paired_gain
from polysight.evaluation.metrics import METRICS, Scores
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.significance import holm, sign_flip


@dataclass(frozen=True, eq=False)
class Answers:
    """What a model says of some rows.

    Attributes:
        probabilities: The probability of each class.
        predicted: The class said of each row.
    """

    probabilities: Float[np.ndarray, "row class"]
    predicted: Int[np.ndarray, " row"]


def compare_answers(
    codes: Int[np.ndarray, " row"],
    a: Answers,
    b: Answers,
    *,
    groups: Shaped[np.ndarray, " row"] | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Hold two models against each other on the same rows; a difference is how much more ``b`` has than ``a``.

    ``verdict`` is about accuracy alone, the one question that is asked beforehand; its interval is not adjusted for the
    other metrics. The p-value of accuracy is that of sign flips of whole groups (without groups McNemar's exact test),
    of other metrics that of the paired bootstrap; ``p_holm`` is adjusted for all metrics. McNemar's own numbers take
    rows as independent, whatever the groups.

    Args:
        codes: The true class of each row; -1 for one that neither knows.
        a: The answers of one model.
        b: The answers of the other, classes in the same order.
        groups: Rows of one group are drawn together.
        seed: Same seed, same intervals.

    Returns:
        ``rows``, ``metrics`` (by name ``a``, ``b``, ``difference``, ``p``, ``p_holm``), ``mcnemar`` (``only_a``,
        ``only_b``, ``p``), ``delong`` (of two classes, else None) and ``verdict``: ``a_better``, ``b_better``,
        ``cannot_tell``, or ``no_difference`` where both are right on exactly the same rows.

    Raises:
        DataError: No row, or probabilities that are none.
    """
    if a.probabilities.shape != b.probabilities.shape:
        shapes = f"{a.probabilities.shape} and {b.probabilities.shape}"
        raise DataError(f"two models answered with probabilities of shapes {shapes}", where="comparison")
    resampling = Resampling(len(codes), groups, seed)
    right = [a.predicted == codes, b.predicted == codes]
    metrics = _metrics(codes, a, b, resampling)
    gain = paired_gain(right[1], right[0], resampling)
    flips = right[1].astype(np.float64) - right[0]
    metrics["accuracy"] |= {"difference": gain.to_json(), "p": sign_flip(flips, resampling.group, seed=seed)}
    tested = [name for name in METRICS if metrics[name]["p"] is not None]
    adjusted = dict(zip(tested, holm([metrics[name]["p"] for name in tested]), strict=True))
    two = a.probabilities.shape[1] == 2 and codes.min() >= 0
    areas = delong(codes == 1, a.probabilities[:, 1], b.probabilities[:, 1], groups) if two else None
    return {
        "rows": len(codes),
        "metrics": {name: {**metrics[name], "p_holm": adjusted.get(name)} for name in METRICS},
        "mcnemar": mcnemar(*right),
        "delong": None if areas is None else areas.to_json(),
        "verdict": _verdict(gain, *right),
    }


def mcnemar(a: Bool[np.ndarray, " row"], b: Bool[np.ndarray, " row"]) -> dict[str, Any]:
    """On how many rows only one of two models is right, and how likely so uneven a split is among equals.

    Args:
        a: Where the first is right.
        b: Where the second is.

    Returns:
        ``only_a``, ``only_b`` and the exact two-sided ``p``.
    """
    only_a, only_b = int((a & ~b).sum()), int((b & ~a).sum())
    p = min(1.0, 2 * float(bdtr(min(only_a, only_b), only_a + only_b, 0.5)))
    return {"only_a": only_a, "only_b": only_b, "p": p}


def _metrics(
    codes: Int[np.ndarray, " row"], a: Answers, b: Answers, resampling: Resampling
) -> dict[str, dict[str, Any]]:
    """Every metric of both, their difference with its interval, and the p-value of the bootstrap."""
    pair = (a, b)
    estimates = [metric_estimates(codes, x.probabilities, resampling, x.predicted) for x in pair]
    scores = [Scores(codes, x.probabilities, x.predicted) for x in pair]
    differ = partial(_differences, scores)
    blocks = [differ(draw.rows) for draw in resampling.draws()]
    lacking = resampling.without_groups(differ)
    now = differ(np.ones((len(codes), 1)))
    differences = named_percentiles(now, blocks, resampling, "one_class_only", lacking)
    return {
        name: {
            "a": estimates[0][name].to_json(),
            "b": estimates[1][name].to_json(),
            "difference": difference.to_json(),
            "p": None if difference.low is None else bootstrap_p(np.concatenate([block[name] for block in blocks])),
        }
        for name, difference in differences.items()
    }


def _differences(
    scores: list[Scores], weights: Float[np.ndarray, "row resample"]
) -> Mapping[str, Float[np.ndarray, " resample"]]:
    first, second = (one(weights) for one in scores)
    return {name: second[name] - first[name] for name in METRICS}


def bootstrap_p(differences: Float[np.ndarray, " resample"]) -> float:
    """The two-sided p-value of a difference: twice the share of resamples on the rarer side of zero.

    Resamples in which it is undefined (NaN) are left out.
    """
    known = differences[~np.isnan(differences)]
    rarer = min((known <= 1e-12).sum(), (known >= -1e-12).sum())
    return min(1.0, 2 * float(rarer + 1) / (len(known) + 1))


def _verdict(gain: Estimate, a: Bool[np.ndarray, " row"], b: Bool[np.ndarray, " row"]) -> str:
    if (a == b).all():
        return "no_difference"
    if gain.low is None or gain.high is None or gain.low <= 0 <= gain.high:
        return "cannot_tell"
    return "b_better" if gain.low > 0 else "a_better"
