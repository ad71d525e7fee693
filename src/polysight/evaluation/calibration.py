"""Calibration: whether a stated confidence of 80 % is right 80 % of the time.

Source: A. Kumar, P. Liang, T. Ma, "Verified Uncertainty Calibration", NeurIPS 2019: with few rows a bin's
accuracy is noisy, so the plain expected calibration error (ECE) is too large even for a perfect model; they
subtract the part that noise explains.
Departures: they simulate that part with Gaussian noise; the mean of a folded normal gives it in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.sparse import csr_array
from scipy.special import ndtr

#: Bins of (nearly) equal numbers of rows; rows with the same confidence share a bin.
BINS = 10


@dataclass(frozen=True, eq=False)
class Reliability:
    """One bin a position: mean confidence, share of rows that were right, and rows."""

    confidence: Float[np.ndarray, " bin"]
    accuracy: Float[np.ndarray, " bin"]
    rows: Float[np.ndarray, " bin"]


class Calibration:
    """Rows in bins of equal mass by the confidence of the predicted class.

    Args:
        confidence: The probability of the predicted class.
        right: Whether the prediction was right.
        bins: How many bins at most.
    """

    def __init__(
        self, confidence: Float[np.ndarray, " row"], right: Bool[np.ndarray, " row"], bins: int = BINS
    ) -> None:
        place = equal_mass(confidence, bins)
        #: The bin of each row.
        self.place = place
        where, shape = (place, np.arange(len(place))), (int(place.max()) + 1, len(place))
        self._mass = csr_array((np.ones(len(place)), where), shape=shape)
        self._confidence = csr_array((confidence, where), shape=shape)
        self._right = csr_array((right.astype(np.float64), where), shape=shape)

    def reliability(self) -> Reliability:
        """The curve a report draws."""
        confidence, accuracy, mass = self._bins(np.ones((self._mass.shape[1], 1)))
        return Reliability(confidence[:, 0], accuracy[:, 0], mass[:, 0])

    def error(self, weights: Float[np.ndarray, "row resample"], noise: float = 1.0) -> Float[np.ndarray, " resample"]:
        """The debiased ECE, 0 to 1.

        Args:
            weights: One weighting of the rows a column.
            noise: How many times the sampling noise of one sample is in these weights: 1 for the rows
                themselves, 2 for a bootstrap resample of them (a sample of a sample).
        """
        confidence, accuracy, mass = self._bins(weights)
        return _debiased(confidence, accuracy, mass, noise)

    def error_if_calibrated(self, random: np.random.Generator, times: int) -> Float[np.ndarray, " simulation"]:
        """The debiased ECE of as many rows that are right exactly as often as their confidence says, simulated.

        Args:
            random: Draws which rows are right.
            times: How many simulations.
        """
        stated = self._confidence.T.sum(axis=1)
        right = random.random((len(stated), times)) < stated[:, None]
        mass = np.tile(self._mass.sum(axis=1)[:, None], (1, times))
        return _debiased(self._confidence.sum(axis=1)[:, None] / mass, (self._mass @ right) / mass, mass, 1.0)

    def least_error(self, weights: Float[np.ndarray, "row resample"], noise: float) -> Float[np.ndarray, " resample"]:
        """The ECE less all that noise would show for a perfectly calibrated model; for lower bounds.

        ``error`` still errs upwards near zero, where a gap of pure noise looks like a small real one.
        """
        confidence, accuracy, mass = self._bins(weights)
        deviation = np.sqrt(noise * confidence * (1 - confidence) / np.maximum(mass, 1.0))
        return _average(np.abs(accuracy - confidence) - deviation * np.sqrt(2 / np.pi), mass)

    def _bins(self, weights: Float[np.ndarray, "row resample"]) -> tuple[Float[np.ndarray, "bin resample"], ...]:
        mass = self._mass @ weights
        safe = np.where(mass > 0, mass, 1.0)
        accuracy = np.clip((self._right @ weights) / safe, 0.0, 1.0)
        return np.clip((self._confidence @ weights) / safe, 0.0, 1.0), accuracy, mass


def equal_mass(values: Float[np.ndarray, " row"], bins: int = BINS) -> Int[np.ndarray, " row"]:
    """The bin of each row: at most ``bins`` of (nearly) equal numbers of rows, none empty, equal values together."""
    edges = np.unique(np.quantile(values, np.linspace(0, 1, bins + 1)[1:-1]))
    return np.unique(np.searchsorted(edges, values, side="right"), return_inverse=True)[1]


def _debiased(
    confidence: Float[np.ndarray, "bin #resample"],
    accuracy: Float[np.ndarray, "bin resample"],
    mass: Float[np.ndarray, "bin resample"],
    noise: float,
) -> Float[np.ndarray, " resample"]:
    gap = np.abs(accuracy - confidence)
    deviation = np.sqrt(noise * accuracy * (1 - accuracy) / np.maximum(mass, 1.0))
    z = np.divide(gap, deviation, out=np.full_like(gap, np.inf), where=deviation > 0)
    expected = deviation * np.sqrt(2 / np.pi) * np.exp(-(z**2) / 2) + gap * (2 * ndtr(z) - 1)
    return _average(2 * gap - expected, mass)


def _average(
    gaps: Float[np.ndarray, "bin resample"], mass: Float[np.ndarray, "bin resample"]
) -> Float[np.ndarray, " resample"]:
    return np.clip((gaps * mass).sum(axis=0) / mass.sum(axis=0), 0.0, 1.0)
