"""Staged: first every modality learns alone, then all learn together from where that led.

Source: Du, Teng, Li, Liu, Yuan, Wang, Yuan, Zhao, On Uni-Modal Feature Learning in Supervised Multi-Modal Learning,
ICML 2023 (encoders trained on their own keep features that joint training never learns).
Departures: one training with one schedule instead of teachers that are trained before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from polysight.objectives.balance.base import Balance, Step, Terms


@dataclass(frozen=True)
class Staged(Balance):
    """Encoders and their own heads first; then fusion and head too.

    Attributes:
        alone: The share of all steps in which modalities learn alone, 0 to 1.
        frozen: Whether encoders stay as they are once the fusion learns.
    """

    kind: ClassVar[str] = "staged"

    alone: Annotated[float, Field(ge=0, le=1)] = 0.6
    frozen: bool = False

    def backward(self, terms: Terms, step: Step) -> None:
        """The gradients of the stage the step is in."""
        if step.number < self.alone * step.count:
            step.backward(terms.own.sum())
        elif self.frozen:
            step.backward(terms.joint, inputs=step.rest)
        else:
            step.backward(terms.joint)
