"""All blocks of a learner and the indicators of absent inputs, learned together: samples in, one matrix out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from jaxtyping import Int
from scipy.sparse import csr_array, hstack, issparse

from polysight.data.samples import Samples
from polysight.data.view import Matrix
from polysight.learners.blocks import Block, join


@dataclass(frozen=True, eq=False)
class Joined:
    """Fitted blocks side by side.

    Attributes:
        blocks: The feature sets of all inputs that training rows had.
        indicators: The inputs some training row lacked; each gets a column that says where it is absent.
    """

    blocks: tuple[Block, ...] = ()
    indicators: tuple[str, ...] = ()

    @classmethod
    def learn(
        cls,
        blocks: Sequence[Block],
        samples: Samples,
        codes: Int[np.ndarray, " row"],
        groups: Int[np.ndarray, " row"] | None,
        *,
        classes: int,
        seed: int,
    ) -> tuple[Self, Matrix]:
        """Blocks that have learned from training rows, and the matrix to train on (see ``Features.learn``)."""
        views = {block.name: samples.views[block.name] for block in blocks}
        seen = [block for block in blocks if views[block.name].any_present.any()]
        learned = [b.learn(views[b.name], codes, groups, classes=classes, seed=seed) for b in seen]
        indicators = sorted({block.name for block in seen if not views[block.name].any_present.all()})
        joined = cls(tuple(block for block, _ in learned), tuple(indicators))
        return joined, joined._with_indicators([matrix for _, matrix in learned], samples)

    @property
    def from_labels(self) -> bool:
        """Whether a feature set has learned from labels."""
        return any(block.features.from_labels for block in self.blocks)

    def transform(self, samples: Samples) -> Matrix:
        """The matrix of rows that were not learned from, float32."""
        return self._with_indicators([block.transform(samples.views[block.name]) for block in self.blocks], samples)

    def present(self, samples: Samples) -> np.ndarray:
        """Which rows have one of the inputs, bool [row]."""
        return np.logical_or.reduce([samples.views[block.name].any_present for block in self.blocks])

    def _with_indicators(self, parts: Sequence[Matrix], samples: Samples) -> Matrix:
        matrix = join(self.blocks, parts)
        if not self.indicators:
            return matrix
        absent = np.column_stack([~samples.views[name].any_present for name in self.indicators]).astype(np.float32)
        return csr_array(hstack([matrix, absent], format="csr")) if issparse(matrix) else np.hstack([matrix, absent])
