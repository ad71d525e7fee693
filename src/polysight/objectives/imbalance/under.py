"""Under: rows of common classes are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field

from polysight.core.randomness import generator
from polysight.objectives.imbalance.base import Remedy


@dataclass(frozen=True)
class Under(Remedy):
    """Rows of common classes left out at random, until none has more than ``times`` the rows of the rarest.

    Cheap, and a waste: what the rows left out would have taught is lost.

    Attributes:
        times: The most rows of a class, as a multiple of the rarest class's.
    """

    kind: ClassVar[str] = "under"
    acts_on: ClassVar[tuple[str, ...]] = ("features",)
    instead: ClassVar[str] = "balanced_batches, which shows a network common rows less often"

    times: Annotated[float, Field(ge=1)] = 1.0

    def resampled(self, matrix: Any, codes: Int[np.ndarray, " row"], seed: int) -> tuple[Any, Int[np.ndarray, " new"]]:
        """The rows that stay, in their order; see ``Remedy.resampled``."""
        rng = generator(seed, "under")
        present, counts = np.unique(codes, return_counts=True)
        most = int(np.floor(self.times * counts.min()))
        kept = [rng.permutation(np.flatnonzero(codes == code))[:most] for code in present]
        rows = np.sort(np.concatenate(kept))
        return matrix[rows], codes[rows]

    def taught(self, shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
        """Common classes brought down to ``times`` the rarest."""
        new = np.minimum(shares, self.times * shares.min())
        return new / new.sum()
