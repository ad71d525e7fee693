"""Decisions between two classes: what acting on the model is worth, and where to draw the line.

Source: A. Vickers, E. Elkin, "Decision Curve Analysis: A Novel Method for Evaluating Prediction Models", Medical
Decision Making 2006 (net benefit); W. Youden, "Index for rating diagnostic tests", Cancer 1950.
Departures: thresholds are chosen on other rows than those they are measured on (``choosing``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Bool, Float
from scipy.sparse import csr_array

from polysight.evaluation.intervals import percentiles, share_estimate
from polysight.evaluation.studies.base import Case, Study
from polysight.evaluation.studies.choosing import Choosing, choosing_rows
from polysight.evaluation.subsets import Subsets

#: Probabilities from which on one would act; each is also a rate of exchange between a missed case and a false alarm.
THRESHOLDS = np.linspace(0.01, 0.99, 99)
#: How many false alarms a missed positive is worth.
COST_RATIOS = (1.0, 2.0, 5.0, 10.0)


class DecisionStudy(Study):
    """The decision curve, and thresholds by Youden's index and by cost, for two classes.

    The positive class is the second of the case's classes, as in scikit-learn. A label never seen in training counts as
    not positive.
    """

    kind: ClassVar[str] = "decision"

    def run(self, case: Case) -> Mapping[str, Any] | None:
        """As above; None for more than two classes."""
        if len(case.classes) != 2:
            return None
        score, positive = case.variants.whole[:, 1], case.codes == 1
        model, low, high = _curve(case, score, positive)
        share = positive.mean()
        chosen_on, parts = choosing_rows(case)
        return {
            "positive": case.classes.tolist()[1],
            "thresholds": THRESHOLDS.round(2).tolist(),
            "model": model,
            "model_low": low,
            "model_high": high,
            "all": (share - (1 - share) * _odds(THRESHOLDS)).round(9).tolist(),
            "chosen": {"chosen_on": chosen_on, **_chosen(case, score, positive, parts)},
        }


def net_benefit(
    score: Float[np.ndarray, " row"],
    positive: Bool[np.ndarray, " row"],
    thresholds: Float[np.ndarray, " threshold"],
    weights: Float[np.ndarray, "row resample"],
) -> Float[np.ndarray, "threshold resample"]:
    """True positives less false ones at the rate of exchange each threshold stands for, a row; at most the prevalence.

    Args:
        score: The probability of the positive class.
        positive: Whether the row is of it.
        thresholds: Rows are acted on whose score reaches this; between 0 and 1.
        weights: One weighting of the rows a column.
    """
    # How many thresholds a score reaches; summed from above, the rows that each threshold acts on.
    reached, row = np.searchsorted(thresholds, score, side="right"), np.arange(len(score))
    shape = (len(thresholds) + 1, len(score))
    sides = [
        csr_array((side.astype(np.float64), (reached, row)), shape=shape) @ weights for side in (positive, ~positive)
    ]
    found, alarms = (np.cumsum(side[::-1], axis=0)[::-1][1:] for side in sides)
    benefit: Float[np.ndarray, "threshold resample"]
    benefit = (found - alarms * _odds(thresholds)[:, None]) / weights.sum(axis=0)
    return benefit


def youden_threshold(score: Float[np.ndarray, " row"], positive: Bool[np.ndarray, " row"]) -> float:
    """The score from which on sensitivity and specificity together are largest."""
    return _best(score, positive, 1 / max(positive.sum(), 1), 1 / max((~positive).sum(), 1))


def cost_threshold(score: Float[np.ndarray, " row"], positive: Bool[np.ndarray, " row"], ratio: float) -> float:
    """The score from which on mistakes cost least, if a missed positive costs ``ratio`` false alarms."""
    return _best(score, positive, ratio, 1.0)


def _best(score: Float[np.ndarray, " row"], positive: Bool[np.ndarray, " row"], gain: float, price: float) -> float:
    """The threshold at which found positives less false alarms are worth most; halfway to the next lower score."""
    order = np.argsort(-score, kind="stable")
    ranked = score[order]
    worth = np.concatenate([[0.0], np.cumsum(np.where(positive[order], gain, -price))])
    # Between equal scores there is no line to be drawn.
    edges = np.concatenate([[True], ranked[1:] < ranked[:-1], [True]])
    best = int(np.where(edges, worth, -np.inf).argmax())
    above, below = np.append(1.0, ranked)[best], np.append(ranked, 0.0)[best]
    return float((above + below) / 2)


def _odds(thresholds: Float[np.ndarray, " threshold"]) -> Float[np.ndarray, " threshold"]:
    return thresholds / (1 - thresholds)


def _curve(
    case: Case, score: Float[np.ndarray, " row"], positive: Bool[np.ndarray, " row"]
) -> tuple[list[float | None], list[float | None], list[float | None]]:
    values = net_benefit(score, positive, THRESHOLDS, np.ones((len(score), 1)))[:, 0]
    blocks = [net_benefit(score, positive, THRESHOLDS, draw.rows) for draw in case.resampling.draws()]
    drawn, units = np.concatenate(blocks, axis=1), case.resampling.units
    rest = case.resampling.without_groups(lambda weights: net_benefit(score, positive, THRESHOLDS, weights))
    estimates = percentiles(values, drawn, units, left_out=rest)
    return [e.value for e in estimates], [e.low for e in estimates], [e.high for e in estimates]


def _chosen(
    case: Case, score: Float[np.ndarray, " row"], positive: Bool[np.ndarray, " row"], parts: Sequence[Choosing]
) -> dict[str, Any]:
    if not parts:
        return {"youden": None, "costs": []}
    lines = {name: _line(score, parts, ratio) for name, ratio in [("youden", None), *((r, r) for r in COST_RATIOS)]}
    measured = {name: _measured(case, said, positive, threshold) for name, (said, threshold) in lines.items()}
    costs = [
        {"ratio": ratio, **measured[ratio], "cost": _cost(case, lines[ratio][0], positive, ratio)}
        for ratio in COST_RATIOS
    ]
    return {"youden": measured["youden"], "costs": costs}


def _line(
    score: Float[np.ndarray, " row"], parts: Sequence[Choosing], ratio: float | None
) -> tuple[Bool[np.ndarray, " row"], float]:
    """Which rows are acted on, by thresholds chosen on other rows, and the (median) threshold."""
    said, thresholds = np.zeros(len(score), dtype=bool), []
    for part in parts:
        others = part.probabilities[:, 1], part.codes == 1
        thresholds.append(youden_threshold(*others) if ratio is None else cost_threshold(*others, ratio))
        said[part.rows] = score[part.rows] >= thresholds[-1]
    return said, float(np.median(thresholds))


def _measured(
    case: Case, said: Bool[np.ndarray, " row"], positive: Bool[np.ndarray, " row"], threshold: float
) -> dict[str, Any]:
    sides = Subsets(np.stack([positive, ~positive, said]), case.resampling).shares(said == positive)
    names = ("sensitivity", "specificity", "precision")
    shares = {name: share.to_json() for name, share in zip(names, sides, strict=True)}
    accuracy = share_estimate(said == positive, case.resampling).to_json()
    return {"threshold": round(threshold, 9), **shares, "accuracy": accuracy}


def _cost(case: Case, said: Bool[np.ndarray, " row"], positive: Bool[np.ndarray, " row"], ratio: float) -> float:
    """The mean cost of a row, in false alarms."""
    return round(float((ratio * (positive & ~said) + (said & ~positive)).mean()), 9)
