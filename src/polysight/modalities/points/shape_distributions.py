"""Shape distributions: histograms of what random points of a shape have to do with each other.

Source: Osada, Funkhouser, Chazelle & Dobkin, "Shape distributions", ACM Transactions on Graphics 2002.
Departures: measures are divided by their mean (one of the paper's ways); the same random points for every cloud.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int

from polysight.core.errors import ConfigError
from polysight.modalities.points.features import CloudFeatures, Points, histogram

#: Measures are counted up to so many times their mean.
_MOST = 3.0


@dataclass(frozen=True, kw_only=True)
class ShapeDistributions(CloudFeatures):
    """Histograms of D1, D2, D3 and A3: they do not change when a shape is turned, moved, mirrored or scaled.

    Attributes:
        draws: How many pairs and triples of points are looked at, at least 16.
        bins: Bins of each histogram, at least 2.
    """

    kind: ClassVar[str] = "shape_distributions"

    draws: int = 4096
    bins: int = 24

    def __post_init__(self) -> None:
        if self.draws < 16 or self.bins < 2:
            raise ConfigError("needs 16 draws and two bins at least", where=self.kind)

    def describe_cloud(
        self, points: Points, values: Float[np.ndarray, " point"], place: Float[np.ndarray, " 5"]
    ) -> Float[np.ndarray, " feature"]:
        """Roots of the shares of the four histograms, one after the other."""
        first, second, third = points[_triples(len(points), self.draws)]
        to_middle = np.linalg.norm(points - points.mean(axis=0), axis=1)
        one, other = second - first, third - first
        areas = np.linalg.norm(np.cross(one, other), axis=1) / 2
        lengths = np.linalg.norm(one, axis=1), np.linalg.norm(other, axis=1)
        cosine = (one * other).sum(axis=1) / np.maximum(lengths[0] * lengths[1], 1e-12)
        angles = np.arccos(np.clip(cosine, -1, 1))
        by_mean = [to_middle, lengths[0], np.sqrt(areas)]
        parts = [histogram(of / max(of.mean(), 1e-12), 0.0, _MOST, self.bins) for of in by_mean]
        return np.concatenate([*parts, histogram(angles, 0.0, np.pi, self.bins)])


@lru_cache(maxsize=8)
def _triples(count: int, draws: int) -> Int[np.ndarray, "3 draw"]:
    """Three different points for each draw (of one point, three times the same)."""
    rng = np.random.default_rng(0)
    first = rng.integers(0, count, draws)
    step = rng.integers(1, max(count, 2), (2, draws))
    step[1] = np.where(step[1] == step[0], step[1] % max(count - 1, 1) + 1, step[1])
    return np.stack([first, (first + step[0]) % count, (first + step[1]) % count])
