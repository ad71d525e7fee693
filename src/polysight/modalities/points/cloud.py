"""Cloud: points in space as every reader gives them, and how many of them are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from polysight.core.errors import UnreadableCellError

Sampling = Literal["random", "farthest"]
#: Farthest-point sampling begins with so many points for each one that is kept.
_BEGIN_WITH = 8

Points = Float[np.ndarray, "point 3"]


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points in space.

    Attributes:
        points: x, y and z; z is up.
        values: What was measured at each point (how strongly a beam came back), 0 to 1; None where nothing was.
        number: How many points or corners the file has, of which these may be a part.
    """

    points: Points
    values: Float[np.ndarray, " point"] | None
    number: int


def cloud_of(table: np.ndarray, rng: np.random.Generator, most: int) -> Cloud:
    """A cloud from columns x, y, z and perhaps a value; no more than ``most`` rows are ever copied.

    Rows that hold NaN or infinity (a beam that never came back) are no points.

    Args:
        table: One row a point, at least three columns of numbers.
        rng: Which rows are kept of more than ``most``.
        most: The most points of the cloud.

    Raises:
        UnreadableCellError: ``no_points``.
    """
    rows = table
    if len(table) > most:
        # One row of each of equal stretches of the file: quick, and never the same row twice.
        rows = table[((np.arange(most) + rng.random(most)) * (len(table) / most)).astype(np.int64)]
    rows = np.asarray(rows[:, :4], dtype=np.float64)
    rows = rows[np.isfinite(rows).all(axis=1)]
    if not len(rows):
        what = f"holds {len(table):,} points, none of them with finite coordinates" if len(table) else "holds no points"
        raise UnreadableCellError("no_points", what, fix="record it again")
    return Cloud(rows[:, :3], _shares(rows[:, 3]) if rows.shape[1] > 3 else None, len(table))


def sampled(points: Points, count: int, sampling: Sampling, rng: np.random.Generator) -> Int[np.ndarray, " kept"]:
    """Which points stand for a cloud: ``count`` of them, some several times where there are fewer.

    Args:
        points: All points.
        count: How many are wanted.
        sampling: ``random``, or ``farthest``: each next one as far as possible from those before it.
        rng: Where the randomness comes from.
    """
    if len(points) <= count:
        return np.sort(np.resize(rng.permutation(len(points)), count))
    if sampling == "random":
        return np.sort(rng.choice(len(points), count, replace=False))
    begun = np.sort(rng.choice(len(points), min(len(points), _BEGIN_WITH * count), replace=False))
    return begun[farthest(points[begun], count)]


def farthest(points: Points, count: int) -> Int[np.ndarray, " kept"]:
    """Farthest-point sampling, from the point farthest from the middle on.

    Source: Eldar et al., "The farthest point strategy for progressive image sampling", IEEE TIP 1997; as in Qi et al.,
    "PointNet++", NeurIPS 2017.
    """
    chosen = np.empty(count, dtype=np.int64)
    nearest = np.full(len(points), np.inf)
    chosen[0] = ((points - points.mean(axis=0)) ** 2).sum(axis=1).argmax()
    for place in range(1, count):
        nearest = np.minimum(nearest, ((points - points[chosen[place - 1]]) ** 2).sum(axis=1))
        chosen[place] = nearest.argmax()
    return chosen


def _shares(values: Float[np.ndarray, " point"]) -> Float[np.ndarray, " point"]:
    """Values from 0 to 1 as they are; bytes, and 16 bits, by their range."""
    largest = values.max()
    return np.clip(values / (1.0 if largest <= 1 else 255.0 if largest <= 255 else 65535.0), 0, 1)
