"""Focal: cross-entropy in which samples that are already right count less.

Source: Lin, Goyal, Girshick, He, Dollar, Focal Loss for Dense Object Detection, ICCV 2017.
Departures: softmax over classes instead of one sigmoid each; no alpha (weights are the caller's, or those of
``class_balanced``); soft targets weigh the terms of their classes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from polysight.objectives.base import Objective, Targets, shares_of


@dataclass(frozen=True)
class Focal(Objective):
    """``-(1 - p)^gamma * log p``, p the probability of the true class.

    Attributes:
        gamma: How strongly easy samples are played down; 0 is plain cross-entropy.
    """

    kind: ClassVar[str] = "focal"

    gamma: Annotated[float, Field(ge=0)] = 2.0

    def losses(self, logits: Float[Tensor, "batch class"], targets: Targets) -> Float[Tensor, " batch"]:
        """The loss of each sample; see ``Objective.losses``."""
        return (shares_of(targets, logits) * focal_terms(logits, self.gamma)).sum(dim=1)


def focal_terms(logits: Float[Tensor, "batch class"], gamma: float) -> Float[Tensor, "batch class"]:
    """What each class would cost if it were the true one."""
    log_p = logits.log_softmax(dim=1)
    if not gamma:
        return -log_p
    # expm1 keeps 1 - p positive and its gradient finite where p rounds to one.
    rest = (-log_p.expm1()).clamp_min(1e-12)
    return -(rest**gamma) * log_p
