"""Vector scaling: a scale and a bias for each class, pulled towards one temperature.

Source: Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural Networks", ICML 2017.
Departures: works on probabilities, as temperature scaling here does; scales are pulled towards a common one and biases
towards zero (a Gaussian penalty), so that few rows give a temperature and many give what the data ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Int
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

from polysight.learners.calibration import log_probabilities


class VectorScaling:
    """Scale and shift each class's log-probability by what minimises log-loss on rows the model has not seen.

    Args:
        strength: The pull towards one temperature, in rows: the weight of half the squared deviations.
        scale: Scales already known, [class].
        bias: Biases already known, [class].
    """

    def __init__(
        self,
        strength: float = 10.0,
        scale: Float[np.ndarray, " class"] | None = None,
        bias: Float[np.ndarray, " class"] | None = None,
    ) -> None:
        self.strength = strength
        self.scale_ = np.ones(1) if scale is None else scale
        self.bias_ = np.zeros(1) if bias is None else bias

    def fit(self, probabilities: Float[np.ndarray, "row class"], codes: Int[np.ndarray, " row"]) -> Self:
        """Find scales (their mean at least 0.05) and biases."""
        logits = log_probabilities(probabilities)
        rows, classes = np.arange(len(codes)), logits.shape[1]

        def unpack(flat: Float[np.ndarray, " parameter"]) -> tuple[Float[np.ndarray, " class"], ...]:
            return flat[0] + flat[1 : classes + 1], flat[classes + 1 :]

        def loss(flat: Float[np.ndarray, " parameter"]) -> tuple[float, Float[np.ndarray, " parameter"]]:
            scale, bias = unpack(flat)
            log_p = log_softmax(logits * scale + bias, axis=1)
            slope = np.exp(log_p)
            slope[rows, codes] -= 1.0
            by_scale, pull = (slope * logits).sum(axis=0), self.strength * flat[1:]
            gradient = np.append(by_scale.sum(), np.concatenate([by_scale, slope.sum(axis=0)]) + pull)
            return float(-log_p[rows, codes].sum() + 0.5 * self.strength * (flat[1:] ** 2).sum()), gradient

        start = np.append(1.0, np.zeros(2 * classes))
        bounds = [(0.05, 20.0)] + [(None, None)] * (2 * classes)
        self.scale_, self.bias_ = unpack(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)
        return self

    @classmethod
    def of_temperature(cls, temperature: float, classes: int) -> Self:
        """The same as dividing by a temperature."""
        return cls(scale=np.full(classes, 1.0 / temperature), bias=np.zeros(classes))

    def to_state(self) -> dict[str, Any]:
        """Scales and biases."""
        return {"scale": self.scale_, "bias": self.bias_}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        return cls(scale=state["scale"], bias=state["bias"])

    def transform(self, probabilities: Float[np.ndarray, "row class"]) -> Float[np.ndarray, "row class"]:
        """Probabilities as sure, and of classes as frequent, as the rows fitted on say."""
        return softmax(log_probabilities(probabilities) * self.scale_ + self.bias_, axis=1)
