"""CrossEntropy: minus the log of the probability given to the true class, with softened targets.

Source: Szegedy et al., Rethinking the Inception Architecture, CVPR 2016 (label smoothing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from polysight.objectives.base import Objective


@dataclass(frozen=True)
class CrossEntropy(Objective):
    """Cross-entropy with label smoothing.

    Attributes:
        label_smoothing: The share of each target spread evenly over all classes, 0 to below 1.
    """

    kind: ClassVar[str] = "cross_entropy"

    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.05

    def losses(self, logits: Float[Tensor, "batch class"], targets: Int[Tensor, " batch"]) -> Float[Tensor, " batch"]:
        """The loss of each sample; see ``Objective.losses``."""
        return functional.cross_entropy(logits, targets, reduction="none", label_smoothing=self.label_smoothing)
