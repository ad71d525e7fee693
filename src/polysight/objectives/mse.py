"""MeanSquaredError: the squared distance between the probabilities and the true class.

Source: Brier, Verification of Forecasts Expressed in Terms of Probability, Monthly Weather Review 1950.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor

from polysight.objectives.base import Objective, Targets, shares_of


@dataclass(frozen=True)
class MeanSquaredError(Objective):
    """The Brier score: squared errors of a sample's probabilities, summed over classes; 0 to 2, not in nats.

    One hopelessly wrong sample costs at most two, so that false labels pull less than in cross-entropy.
    """

    kind: ClassVar[str] = "mse"

    def losses(self, logits: Float[Tensor, "batch class"], targets: Targets) -> Float[Tensor, " batch"]:
        """The loss of each sample; see ``Objective.losses``."""
        return (logits.softmax(dim=1) - shares_of(targets, logits)).square().sum(dim=1)
