"""LogitAdjusted: cross-entropy of scores to which the classes' frequencies are added, so that rare ones count.

Source: Menon, Jayasumana, Rawat, Jain, Veit, Kumar, Long-Tail Learning via Logit Adjustment, ICLR 2021.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Self

import numpy as np
from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from polysight.objectives.base import Objective, Targets
from polysight.objectives.class_counts import as_tensor, from_counts, seen


@dataclass(frozen=True)
class LogitAdjusted(Objective):
    """Cross-entropy of ``logits + tau * log prior``: the logits alone then answer for equally frequent classes.

    Attributes:
        tau: How much of the frequencies is taken out of the answer; 0 is cross-entropy, 1 aims at balanced accuracy.
        offsets: What is added to each class's score after ``prepare``.
    """

    kind: ClassVar[str] = "logit_adjusted"

    tau: Annotated[float, Field(ge=0)] = 1.0
    offsets: tuple[float, ...] | None = from_counts()

    def prepare(self, counts: Int[np.ndarray, " class"]) -> Self:
        """A copy that knows the classes' frequencies."""
        prior = seen(counts) / seen(counts).sum()
        return replace(self, offsets=tuple((self.tau * np.log(prior)).tolist()))

    def losses(self, logits: Float[Tensor, "batch class"], targets: Targets) -> Float[Tensor, " batch"]:
        """The loss of each sample; see ``Objective.losses``."""
        return functional.cross_entropy(logits + as_tensor(self.offsets, logits), targets, reduction="none")
