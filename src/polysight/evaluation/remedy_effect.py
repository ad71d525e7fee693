"""What a remedy against class imbalance did: the recall of each class with and without it, on the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from polysight.evaluation.decisions import Counts, Decisions
from polysight.evaluation.intervals import percentile
from polysight.evaluation.resampling import Resampling


def remedy_effect(
    codes: Int[np.ndarray, " row"],
    without: Int[np.ndarray, " row"],
    with_it: Int[np.ndarray, " row"],
    classes: Sequence[Any],
    resampling: Resampling,
) -> dict[str, Any]:
    """Recall of each class and their mean, without and with a remedy, and what it gained with a paired interval.

    Args:
        codes: The true class of each row, none of which either model was taught with; -1 for a label never seen.
        without: The class said of each row without the remedy.
        with_it: The class said of each row with it.
        classes: The labels.
        resampling: How intervals are made.

    Returns:
        ``recall``: for each class ``without``, ``with`` and ``gain`` (``value``, ``low``, ``high``); ``recall_macro``
        and ``accuracy``: the same of the mean over classes, and of all rows.
    """
    pair = [Decisions(codes, said, len(classes)) for said in (without, with_it)]
    ones = np.ones((len(codes), 1))
    now = [_quantities(decisions.count(ones)) for decisions in pair]
    drawn = [[_quantities(decisions.count(draw.rows)) for decisions in pair] for draw in resampling.draws()]
    plainly, remedied = pair
    lacking = resampling.without_groups(lambda w: _quantities(remedied.count(w)) - _quantities(plainly.count(w)))
    estimates = []
    for place in range(len(classes) + 2):
        before, after = (float(quantities[place, 0]) for quantities in now)
        gains = np.concatenate([there[place] - plain[place] for plain, there in drawn])
        left_out = None if lacking is None else lacking[place]
        estimates.append(
            {
                "without": None if np.isnan(before) else before,
                "with": None if np.isnan(after) else after,
                "gain": percentile(after - before, gains, resampling.units, "no_rows", left_out).to_json(),
            }
        )
    named: Mapping[str, Any] = {str(label): estimates[place] for place, label in enumerate(classes)}
    return {"recall": named, "recall_macro": estimates[-2], "accuracy": estimates[-1]}


def _quantities(counts: Counts) -> Float[np.ndarray, "quantity resample"]:
    """The recall of each known class (NaN without rows), their mean, and accuracy."""
    occurs = counts.support > 0
    recall = np.divide(counts.hits, counts.support, out=np.full_like(counts.hits, np.nan), where=occurs)
    mean = np.where(occurs, recall, 0.0).sum(axis=0) / occurs.sum(axis=0)
    return np.vstack([recall[:-1], mean, counts.hits.sum(axis=0) / counts.support.sum(axis=0)])
