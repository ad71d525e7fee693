"""Classical features of clouds: extent, the shape of the whole, and where points lie."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from polysight.core.errors import ConfigError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features
from polysight.modalities.points.modality import described_place, unit_points

Points = Float[np.ndarray, "point 3"]


@dataclass(frozen=True, kw_only=True)
class CloudFeatures(Features):
    """Features of single clouds; of several slots the vectors are put side by side, zeros where one is absent."""

    modality: ClassVar[str] = "points"

    @abstractmethod
    def describe_cloud(
        self, points: Points, values: Float[np.ndarray, " point"], place: Float[np.ndarray, " 5"]
    ) -> Float[np.ndarray, " feature"]:
        """One vector for a cloud, of a length that depends on options alone.

        Args:
            points: Points around their middle, at a mean square distance of one.
            values: What was measured at each, 0 to 1.
            place: The middle, and the logarithms of radius and number.
        """

    def cost(self, modality: Any) -> Cost:
        """A few passes over the points."""
        slots = len(modality.columns)
        return Cost(slots * (0.3 + 1.5 * modality.count / 1024), 0.01, 0.0, 100 * slots)

    def derive(self, view: View) -> Matrix:
        """One vector a cloud, slots side by side."""
        points, values, place = unit_points(view), view.arrays["values"], described_place(view)
        rows, slots = view.present.shape
        # One blank cloud tells the length of a vector even where nothing is present.
        blank = np.zeros(points.shape[2:])
        length = len(self.describe_cloud(blank, blank[:, 0], np.zeros(5)))
        vectors = np.zeros((rows, slots, length), dtype=np.float32)
        for row, slot in np.argwhere(view.present):
            at = (row, slot)
            vectors[at] = self.describe_cloud(points[at].astype(np.float64), values[at], place[at])
        return vectors.reshape(rows, slots * length)


@dataclass(frozen=True, kw_only=True)
class CloudGeometry(CloudFeatures):
    """Bounding box, principal axes, and where the cloud lies.

    Source: Weinmann et al., "Semantic point cloud interpretation based on optimal neighborhoods, relevant features and
    efficient classifiers", ISPRS 2015 (measures of the eigenvalues), here of the whole cloud.
    """

    kind: ClassVar[str] = "cloud_geometry"

    def describe_cloud(
        self, points: Points, values: Float[np.ndarray, " point"], place: Float[np.ndarray, " 5"]
    ) -> Float[np.ndarray, " feature"]:
        """Sides of the box, eigenvalues and their measures, uprightness of the axes, skewness, values, place."""
        sides = np.ptp(points, axis=0)
        eigenvalues, axes = np.linalg.eigh(np.cov(points.T, bias=True))
        eigenvalues, axes = np.maximum(eigenvalues[::-1], 0), axes[:, ::-1]
        skewness = (points**3).mean(axis=0) / np.maximum(points.std(axis=0), 1e-6) ** 3
        return np.concatenate(
            [
                sides,
                sides.prod(keepdims=True) ** (1 / 3),
                eigen_measures(eigenvalues),
                np.abs(axes[2]),
                np.clip(skewness, -10, 10),
                [values.mean(), values.std()],
                place,
            ]
        )


def eigen_measures(eigenvalues: Float[np.ndarray, " 3"]) -> Float[np.ndarray, " 10"]:
    """Shares of the eigenvalues (falling), linearity, planarity, sphericity, omnivariance, anisotropy, entropy, change.

    Zeros where all points lie in one place.
    """
    total = eigenvalues.sum()
    if total <= 0:
        return np.zeros(10)
    first, second, third = eigenvalues / total
    shares = np.array([first, second, third])
    entropy = -(shares * np.log(np.maximum(shares, 1e-12))).sum()
    measures = [(first - second) / first, (second - third) / first, third / first]
    return np.array([*shares, *measures, shares.prod() ** (1 / 3), (first - third) / first, entropy, third])


@dataclass(frozen=True, kw_only=True)
class CloudHistograms(CloudFeatures):
    """How points spread by height, by distance from the upright axis, by distance from the sensor, and by value.

    Attributes:
        bins: Bins of each histogram, at least 2.
    """

    kind: ClassVar[str] = "cloud_histograms"

    bins: int = 12

    def __post_init__(self) -> None:
        if self.bins < 2:
            raise ConfigError(f"needs two bins at least, not {self.bins}", where=self.kind)

    def describe_cloud(
        self, points: Points, values: Float[np.ndarray, " point"], place: Float[np.ndarray, " 5"]
    ) -> Float[np.ndarray, " feature"]:
        """Roots of shares; heights from -2 to 2 and distances to 2.5, in the cloud's own size."""
        axis_distance = np.hypot(points[:, 0], points[:, 1])
        # The sensor stands at the origin, as far away as the file says.
        middle = place[:3] / np.exp(place[3])
        sensor_distance = np.linalg.norm(points + middle, axis=1)
        nearest = sensor_distance.min()
        return np.concatenate(
            [
                histogram(points[:, 2], -2.0, 2.0, self.bins),
                histogram(axis_distance, 0.0, 2.5, self.bins),
                histogram(sensor_distance - nearest, 0.0, 5.0, self.bins),
                histogram(values, 0.0, 1.0, self.bins),
            ]
        )


def histogram(numbers: Float[np.ndarray, " number"], low: float, high: float, bins: int) -> Float[np.ndarray, " bin"]:
    """Roots of the share of numbers in each of equal bins; what lies outside counts in the first or the last."""
    place = np.clip(((numbers - low) / (high - low) * bins).astype(np.int64), 0, bins - 1)
    return np.sqrt(np.bincount(place, minlength=bins) / max(len(numbers), 1))
