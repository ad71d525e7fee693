"""Gallery: which mistakes are shown - the worst of all, and some of every kind - never more than fit on a page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

from polysight.report.predictions import Predictions

#: Mistakes that are shown; of them the worst of all, whatever they are.
MOST, WORST = 60, 24
#: Mistakes of each kind (a class taken for another) that are shown besides, the commonest kinds first.
OF_EACH_KIND = 3


def worst_mistakes(predictions: Predictions, most: int = MOST) -> Int[np.ndarray, " mistake"]:
    """Positions of mistakes, the worst first: the true class least believed, then the wrong one most.

    Args:
        predictions: What was said of each row.
        most: How many at most.
    """
    wrong = np.flatnonzero(predictions.wrong)
    belief, confidence = (np.nan_to_num(a[wrong]) for a in (predictions.belief, predictions.confidence))
    order = wrong[np.lexsort((wrong, -confidence, belief))]
    kept = dict.fromkeys(order[: min(WORST, most)].tolist())
    for kind in _kinds(predictions, order):
        for place in kind[:OF_EACH_KIND]:
            if len(kept) < most:
                kept.setdefault(place)
    rank = {place: number for number, place in enumerate(order.tolist())}
    return np.array(sorted(kept, key=rank.__getitem__), dtype=np.int64)


def _kinds(predictions: Predictions, order: Int[np.ndarray, " mistake"]) -> Sequence[list[int]]:
    """Mistakes by kind, the commonest first; the worst of a kind first."""
    size = len(predictions.labels) + 1
    keys = (predictions.truth[order].astype(np.int64) + 1) * size + predictions.said[order] + 1
    kinds, counts = np.unique(keys, return_counts=True)
    ranked = kinds[np.argsort(-counts, kind="stable")][:MOST]
    return [order[keys == kind][:OF_EACH_KIND].tolist() for kind in ranked]
