"""Joint: the sum of all losses, and nothing done about modalities that hide others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from polysight.objectives.balance.base import Balance, Step, Terms


@dataclass(frozen=True)
class Joint(Balance):
    """The fused answer's loss plus ``auxiliary`` times that of the modalities' own answers."""

    kind: ClassVar[str] = "none"
    needs_answers: ClassVar[bool] = False

    def backward(self, terms: Terms, step: Step) -> None:
        """The gradients of the sum."""
        step.backward(terms.joint)
