"""Which calibration: one temperature, or vector scaling where folds show that it clearly wins."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from polysight.core.errors import DataError
from polysight.data.splits import folds
from polysight.evaluation.clustered import clustered_error
from polysight.learners.calibration import FLOOR, TemperatureScaling
from polysight.learners.vector_scaling import VectorScaling

#: Fewer rows, or fewer of the rarest class, and it is a temperature without further trial.
LEAST_ROWS = 150
LEAST_RAREST = 10
FOLDS = 5


def fit_scaling(
    probabilities: Float[np.ndarray, "row class"],
    codes: Int[np.ndarray, " row"],
    groups: Int[np.ndarray, " row"] | None,
    *,
    seed: int = 0,
) -> VectorScaling:
    """Fit a temperature or a vector scaling, whichever folds (whole groups together) prefer by log-loss.

    Vector scaling is taken where it wins by more than a standard error of the paired difference, clustered by group.

    Args:
        probabilities: Votes on rows the model has not seen.
        codes: The class of each row.
        groups: Rows of one group never stand on both sides of a fold.
        seed: The seed of the folds.
    """
    temperature = TemperatureScaling().fit(probabilities, codes).temperature_
    simple = VectorScaling.of_temperature(temperature, probabilities.shape[1])
    counts = np.bincount(codes, minlength=probabilities.shape[1])
    if len(codes) < LEAST_ROWS or counts.min() < LEAST_RAREST:
        return simple
    try:
        parts = folds(codes, groups, n=FOLDS, seed=seed)
    except DataError:
        return simple
    gain = np.zeros(len(codes))
    for train, judge in parts:
        one, many = (kind.fit(probabilities[train], codes[train]) for kind in (TemperatureScaling(), VectorScaling()))
        gain[judge] = _loss(one, probabilities[judge], codes[judge]) - _loss(many, probabilities[judge], codes[judge])
    if gain.mean() <= clustered_error(gain, groups):
        return simple
    return VectorScaling().fit(probabilities, codes)


def _loss(
    scaling: TemperatureScaling | VectorScaling,
    probabilities: Float[np.ndarray, "row class"],
    codes: Int[np.ndarray, " row"],
) -> Float[np.ndarray, " row"]:
    return -np.log(np.maximum(scaling.transform(probabilities)[np.arange(len(codes)), codes], FLOOR))
