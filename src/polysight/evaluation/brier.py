"""The Brier score taken apart: how far stated probabilities are off, how much they tell apart, how hard the task is.

Source: A. Murphy, "A New Vector Partition of the Probability Score", Journal of Applied Meteorology 1973; D.
Stephenson, C. Coelho, I. Jolliffe, "Two Extra Components in the Brier Score Decomposition", Weather and Forecasting
2008: with probabilities put into bins, what they tell within a bin belongs to the resolution, or the parts do not add
up.
Departures: several classes are taken one versus rest and summed, halved for two, as ``brier`` is among the metrics.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from jaxtyping import Float, Int

from polysight.evaluation.calibration import equal_mass


@dataclass(frozen=True)
class BrierParts:
    """``value = reliability - resolution + uncertainty``.

    Attributes:
        value: The Brier score; 0 is perfect.
        reliability: The squared distance of what is stated from what happened, over bins of equal mass; 0 is best.
        resolution: How much what happens differs from bin to bin, and with the probability inside one; more is better.
        uncertainty: The score of always stating the class shares of these rows.
    """

    value: float
    reliability: float
    resolution: float
    uncertainty: float

    def to_json(self) -> dict[str, float]:
        """Plain data, without the last bits of sums."""
        return {name: round(value, 9) for name, value in asdict(self).items()}


def brier_parts(codes: Int[np.ndarray, " row"], probabilities: Float[np.ndarray, "row class"]) -> BrierParts:
    """Take the Brier score of some rows apart.

    Args:
        codes: The true class of each row; -1 for a label never seen in training, which no class is, and which adds
            one to the score as if it were a class that is never expected.
        probabilities: Rows that sum to one.
    """
    classes = probabilities.shape[1]
    known = [_one_class(probabilities[:, k], codes == k) for k in range(classes)]
    unseen = _one_class(np.zeros(len(codes)), codes < 0)
    value, reliability, uncertainty = np.sum([*known, unseen], axis=0) / (2 if classes == 2 else 1)
    return BrierParts(value, reliability, reliability + uncertainty - value, uncertainty)


def _one_class(stated: Float[np.ndarray, " row"], happened: np.ndarray) -> tuple[float, float, float]:
    """Score, reliability and uncertainty of one class versus the rest."""
    place = equal_mass(stated)
    mass = np.bincount(place)
    gap = np.bincount(place, weights=stated - happened) / mass
    share = happened.mean()
    score = np.square(stated - happened).mean()
    return float(score), float(mass @ np.square(gap) / len(place)), float(share * (1 - share))
