"""Blend: weights of members whose mean answers a target best; greedy, for any loss that is convex in the answer.

Source: Caruana, Niculescu-Mizil, Crew, Ksikes, "Ensemble Selection from Libraries of Models", ICML 2004.
Departures: starts from the single best member, so that the blend is never worse than it on the rows it is chosen on;
stops when a step gains less than a share of the loss, so that noise adds no members.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from polysight.data.target_kinds.base import Answers, Target, Truth

#: Most additions.
ROUNDS = 40
#: Least gain of a step, as a share of the loss.
TOLERANCE = 1e-3


def blend_weights(votes: Mapping[str, Answers], target: Target, truth: Truth) -> dict[str, float]:
    """Weights that sum to one; members without weight are left out.

    Args:
        votes: Answers by member to rows the members were not trained on.
        target: What was asked.
        truth: The truth of those rows.
    """
    names = sorted(votes)
    counts = dict.fromkeys(names, 0)
    total, current = np.zeros_like(next(iter(votes.values()))), np.inf
    for number in range(1, ROUNDS + 1):
        tried = [float(target.losses(truth, (total + votes[name]) / number).mean()) for name in names]
        best = int(np.argmin(tried))
        if tried[best] > current - TOLERANCE * abs(current) and number > 1:
            break
        counts[names[best]] += 1
        total, current = total + votes[names[best]], tried[best]
    rounds = sum(counts.values())
    return {name: count / rounds for name, count in counts.items() if count}
