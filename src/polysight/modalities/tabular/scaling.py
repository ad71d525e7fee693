"""Scaling by rank: every number becomes the normal score of its rank among the training numbers.

Prices and lab values have long tails in which a mean and a deviation say little; ranks do not care, need no
choice of a transformation, and keep a new value within the range that a model has seen.

Source: van der Waerden scores (1952); as preprocessing for networks, see Gorishniy et al. 2021, section 4.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri

#: Quantiles kept a column; scores end at +-3.1.
_MOST = 1_000

Numbers = Float[np.ndarray, "row numeric"]
Quantiles = Float[np.ndarray, "quantile numeric"]


def quantiles_of(numbers: Numbers) -> Quantiles:
    """The quantiles of each column, NaN left out; all NaN for a column without numbers."""
    count = int(np.clip(len(numbers), 2, _MOST))
    quantiles = np.full((count, numbers.shape[1]), np.nan)
    for column, values in enumerate(numbers.T):
        known = values[~np.isnan(values)]
        if len(known):
            # Values that occur, not values between them: rounding must not part what is tied.
            quantiles[:, column] = np.quantile(known, np.linspace(0, 1, count), method="nearest")
    return quantiles


def spread_values(numbers: Float[np.ndarray, " row"], most: int) -> tuple[float, ...]:
    """Values that occur, at even ranks from the least to the largest, each once; NaN left out."""
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return ()
    return tuple(np.unique(np.quantile(known, np.linspace(0, 1, most), method="nearest")).tolist())


def normal_scores(numbers: Numbers, quantiles: Quantiles) -> Float[np.ndarray, "row numeric"]:
    """Normal scores, float32; exactly zero for NaN, and everywhere in a column that was constant or empty."""
    scores = np.zeros(numbers.shape, dtype=np.float32)
    levels = np.linspace(0, 1, len(quantiles))
    least = 0.5 / len(quantiles)
    for column, reference in enumerate(quantiles.T):
        known = ~np.isnan(numbers[:, column])
        if not known.any() or not reference[0] < reference[-1]:
            continue
        values = numbers[known, column]
        # Ties sit in the middle of their ranks: once from below, once from above.
        below = np.interp(values, reference, levels)
        above = 1 - np.interp(-values, -reference[::-1], levels)
        scores[known, column] = ndtri(np.clip((below + above) / 2, least, 1 - least))
    return scores
