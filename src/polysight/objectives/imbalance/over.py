"""Over: rows of rare classes are taught several times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field

from polysight.core.randomness import generator
from polysight.objectives.imbalance.base import Remedy, raised


@dataclass(frozen=True)
class Over(Remedy):
    """Copies of rows of rare classes, drawn at random, until each class has a share of the largest one's rows.

    Attributes:
        share: How many rows each class has in the end, as a share of the largest; 1 is as many.
    """

    kind: ClassVar[str] = "over"
    acts_on: ClassVar[tuple[str, ...]] = ("features",)
    instead: ClassVar[str] = "balanced_batches, which shows a network rare rows more often"

    share: Annotated[float, Field(gt=0, le=1)] = 1.0

    def resampled(self, matrix: Any, codes: Int[np.ndarray, " row"], seed: int) -> tuple[Any, Int[np.ndarray, " new"]]:
        """Every row once, then the copies; see ``Remedy.resampled``."""
        rows = [np.arange(len(codes))]
        rng = generator(seed, "over")
        for code, missing in missing_rows(codes, self.share).items():
            rows.append(_copies(np.flatnonzero(codes == code), missing, rng))
        chosen = np.concatenate(rows)
        return matrix[chosen], codes[chosen]

    def taught(self, shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
        """Rare classes brought up to ``share`` of the largest."""
        return raised(shares, self.share)


def missing_rows(codes: Int[np.ndarray, " row"], share: float) -> dict[int, int]:
    """How many rows each class that has some lacks of ``share`` of the largest class's, where it lacks any."""
    present, counts = np.unique(codes, return_counts=True)
    wanted = int(np.ceil(share * counts.max()))
    return {int(c): int(wanted - n) for c, n in zip(present, counts, strict=True) if n < wanted}


def _copies(own: Int[np.ndarray, " some"], count: int, rng: np.random.Generator) -> Int[np.ndarray, " copy"]:
    """Rows of a class, each as often as any other but for one time: less left to luck than drawing each anew."""
    rounds = -(-count // len(own))
    return np.concatenate([rng.permutation(own) for _ in range(rounds)])[:count]
