"""Slot scaling: numbers that come beside the content of each slot (how large a scan is), around their usual values."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

Numbers = Float[np.ndarray, "row slot number"]
Usual = Float[np.ndarray, "slot number"]

#: A spread below this share of the mean is none.
_NONE = 1e-3
#: Numbers farther from the mean than so many spreads count as if they were there.
_FARTHEST = 10.0


def usual_values(numbers: Numbers, present: Bool[np.ndarray, "row slot"]) -> tuple[Usual, Usual]:
    """Mean and spread of each number in each slot, over the rows in which the slot is there.

    Returns:
        Means (0 where a slot is never there) and spreads (infinite where a number is the same everywhere: it says
        nothing and becomes zero), float32.
    """
    slots, count = numbers.shape[1:]
    mean, spread = np.zeros((slots, count)), np.zeros((slots, count))
    for slot in range(slots):
        there = numbers[present[:, slot], slot]
        if len(there):
            mean[slot], spread[slot] = there.mean(axis=0), there.std(axis=0)
    spread[spread < _NONE * (1 + np.abs(mean))] = np.inf
    return mean.astype(np.float32), spread.astype(np.float32)


def around_usual(numbers: Numbers, present: Bool[np.ndarray, "row slot"], mean: Usual, spread: Usual) -> Numbers:
    """The numbers as spreads from their mean, at most ten; zero where a slot is not there."""
    scaled = np.clip((numbers - mean) / spread, -_FARTHEST, _FARTHEST)
    return np.where(present[..., None], scaled, 0).astype(np.float32)
