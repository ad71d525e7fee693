"""RareBranch: a second branch of the network, taught mostly with rare classes and blended in as training goes on.

Source: Zhou, Cui, Wei, Chen, BBN: Bilateral-Branch Network with Cumulative Learning for Long-Tailed Visual Recognition,
CVPR 2020.
Departures: the encoders are shared and each branch has a last block, a fusion and a head of its own (the paper shares
all but the last residual block); the weight of the branches follows the step, not the epoch; rows of the reversed
sampler are spread evenly, not drawn one by one; the inputs' own answers are learned too, in both branches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jaxtyping import Float, Int

from polysight.objectives.imbalance.balanced_batches import drawn
from polysight.objectives.imbalance.base import Remedy, even


@dataclass(frozen=True)
class RareBranch(Remedy):
    """Two branches: one sees rows as they come, the other each class the more often the rarer it is.

    Training turns from the first to the second (``alpha``); answers are the mean of both. It costs twice the time of a
    plain network. Answers are nearly those of even class shares, not exactly: one branch leans as far to common classes
    as the other to rare ones.
    """

    kind: ClassVar[str] = "rare_branch"
    acts_on: ClassVar[tuple[str, ...]] = ("network",)
    instead: ClassVar[str] = "smote or class_weights"
    branches: ClassVar[bool] = True

    def batches(
        self, parts: Sequence[Int[np.ndarray, " some"]], codes: Int[np.ndarray, " row"], rng: np.random.Generator
    ) -> Sequence[Int[np.ndarray, " some"]]:
        """Each batch followed by as many rows of the reversed sampler; see ``Remedy.batches``."""
        counts = np.bincount(codes)
        shares = np.divide(1.0, counts, out=np.zeros(len(counts)), where=counts > 0)
        rows = drawn(codes, shares, sum(len(part) for part in parts), rng)
        reversed_parts = np.split(rows, np.cumsum([len(part) for part in parts])[:-1])
        return [np.concatenate(pair) for pair in zip(parts, reversed_parts, strict=True)]

    def taught(self, shares: Float[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
        """The same for each class."""
        return even(shares)


def alpha(progress: float) -> float:
    """The weight of the branch for rows as they come, ``1 - progress^2``: from 1 to 0 as training goes from 0 to 1."""
    return 1.0 - progress**2
