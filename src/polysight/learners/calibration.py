"""Temperature scaling: one number that makes probabilities as sure as they are right.

Source: Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", ICML 2017.
Departures: works on probabilities (their logarithm is the logit up to a constant), so that it fits any learner.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

#: Probabilities are kept this far from zero, so that a logarithm is always finite.
FLOOR = 1e-9


class TemperatureScaling:
    """Divide log-probabilities by a temperature that minimises log-loss on rows the model has not seen.

    Args:
        temperature: A temperature already known (1 changes nothing; above 1 makes less sure).
    """

    def __init__(self, temperature: float = 1.0) -> None:
        self.temperature_ = temperature

    def fit(self, probabilities: Float[np.ndarray, "row class"], codes: Int[np.ndarray, " row"]) -> Self:
        """Find the temperature, between 0.05 and 20."""
        logits = log_probabilities(probabilities)

        def loss(log_temperature: float) -> float:
            scaled = log_softmax(logits / np.exp(log_temperature), axis=1)
            return float(-scaled[np.arange(len(codes)), codes].mean())

        found = minimize_scalar(loss, bounds=(np.log(0.05), np.log(20.0)), method="bounded", options={"xatol": 1e-4})
        self.temperature_ = float(np.exp(found.x))
        return self

    def transform(self, probabilities: Float[np.ndarray, "row class"]) -> Float[np.ndarray, "row class"]:
        """The same classes in the same order, as sure as the temperature says."""
        return softmax(log_probabilities(probabilities) / self.temperature_, axis=1)


def log_probabilities(probabilities: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Finite log-probabilities."""
    return np.log(np.clip(probabilities, FLOOR, 1.0))
