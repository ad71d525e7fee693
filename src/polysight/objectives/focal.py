"""Focal: cross-entropy in which samples that are already right count less.

Source: Lin, Goyal, Girshick, He, Dollar, Focal Loss for Dense Object Detection, ICCV 2017.
Departures: softmax over classes instead of one sigmoid each; no alpha (weights are the caller's).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jaxtyping import Float, Int
from pydantic import Field
from torch import Tensor

from polysight.objectives.base import Objective


@dataclass(frozen=True)
class Focal(Objective):
    """``-(1 - p)^gamma * log p``, p the probability of the true class.

    Attributes:
        gamma: How strongly easy samples are played down; 0 is plain cross-entropy.
    """

    kind: ClassVar[str] = "focal"

    gamma: Annotated[float, Field(ge=0)] = 2.0

    def losses(self, logits: Float[Tensor, "batch class"], targets: Int[Tensor, " batch"]) -> Float[Tensor, " batch"]:
        """The loss of each sample; see ``Objective.losses``."""
        log_p = logits.log_softmax(dim=1).gather(1, targets[:, None])[:, 0]
        # expm1 keeps 1 - p positive and its gradient finite where p rounds to one.
        rest = (-log_p.expm1()).clamp_min(1e-12)
        return -(rest**self.gamma) * log_p
