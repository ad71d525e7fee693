"""Alternating: encoders take turns, each learning by its own answer; the fusion learns from what they give.

Source: Zhang, Yoon, Bansal, Yao, Multimodal Representation Learning by Alternating Unimodal Adaptation,
CVPR 2024 (MLA).
Departures: each modality has a head of its own, so there is no shared head whose gradient must be projected away from
what earlier turns taught it; the fused answer is the fusion's, learned in every step, not a mean weighted by
entropy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import Field

from polysight.objectives.balance.base import Balance, Step, Terms


@dataclass(frozen=True)
class Alternating(Balance):
    """In each step one encoder learns, by its own answer; fusion and heads learn in all, from what encoders give.

    Attributes:
        turn: How many steps in a row one modality learns.
    """

    kind: ClassVar[str] = "alternating"

    turn: Annotated[int, Field(ge=1)] = 1

    def backward(self, terms: Terms, step: Step) -> None:
        """Gradients for fusion and heads, and for the encoder whose turn it is; others have none, not even zeros."""
        turn = step.number // self.turn % len(step.encoders)
        step.backward(terms.fused + terms.own.sum(), inputs=step.rest, retain_graph=True)
        if step.encoders[turn]:
            step.backward(terms.own[turn], inputs=step.encoders[turn])
