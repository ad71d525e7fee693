"""RareAugmentation: only rare classes are augmented, and shown the more often for it.

Source: the idea of changed copies of rare rows is that of Lee, Noisy Replication in Skewed Binary Classification,
Computational Statistics and Data Analysis 2000.
Departures: the changes are not noise but those of each modality (shifts, lost words, masked bands), new each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from jaxtyping import Bool, Float, Int
from pydantic import Field

from polysight.objectives.imbalance.balanced_batches import drawn
from polysight.objectives.imbalance.base import Remedy, raised


@dataclass(frozen=True)
class RareAugmentation(Remedy):
    """Classes below a share of the largest are shown as often as that share, changed anew each time.

    Rows of the other classes are shown as they are.

    Attributes:
        share: Which classes are rare, and how often they are shown: rows as a share of the largest class's.
    """

    kind: ClassVar[str] = "rare_augmentation"
    acts_on: ClassVar[tuple[str, ...]] = ("network",)
    instead: ClassVar[str] = "smote, which makes new rows of rare classes for an estimator"

    share: Annotated[float, Field(gt=0, le=1)] = 0.5

    def batches(
        self, parts: Sequence[Int[np.ndarray, " some"]], codes: Int[np.ndarray, " row"], rng: np.random.Generator
    ) -> Sequence[Int[np.ndarray, " some"]]:
        """Batches of the same sizes, with more of rare classes; see ``Remedy.batches``."""
        counts = np.bincount(codes).astype(float)
        shares = np.where(counts > 0, np.maximum(counts, self.share * counts.max()), 0.0)
        rows = drawn(codes, shares, sum(len(part) for part in parts), rng)
        return np.split(rows, np.cumsum([len(part) for part in parts])[:-1])

    def augmented(self, counts: Int[np.ndarray, " class"]) -> Bool[np.ndarray, " class"]:
        """The rare classes."""
        return counts < self.share * counts.max()

    def taught(self, shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
        """Rare classes brought up to ``share`` of the largest."""
        return raised(shares, self.share)
