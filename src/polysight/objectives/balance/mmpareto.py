"""MMPareto: each encoder follows the fused and its own loss in a direction that lowers both.

Source: Wei and Hu, MMPareto: Boosting Multimodal Learning with Innocent Unimodal Assistance, ICML 2024.
Departures: the length is restored for an encoder as a whole, as in the paper's text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from polysight.core.gradients import Parameters, set_aside
from polysight.objectives.balance.base import Balance, Step, Terms


@dataclass(frozen=True)
class MMPareto(Balance):
    """Where both gradients of an encoder agree, their sum; where they conflict, the shortest of their mixtures.

    Attributes:
        gamma: How much longer than the plain sum an encoder's gradient is made, for more noise; 1 or more.
    """

    kind: ClassVar[str] = "mmpareto"

    gamma: Annotated[float, Field(ge=1)] = 1.5

    def backward(self, terms: Terms, step: Step) -> None:
        """Fusion and heads get the gradients of the sum of all losses, encoders those of the paper."""
        step.backward(terms.fused, retain_graph=True)
        fused = [set_aside(encoder) for encoder in step.encoders]
        step.backward(terms.own.sum())
        for encoder, from_fused in zip(step.encoders, fused, strict=True):
            self._combine(encoder, from_fused)

    def _combine(self, encoder: Parameters, from_fused: Sequence[Tensor | None]) -> None:
        both = [
            (parameter, there, parameter.grad)
            for parameter, there in zip(encoder, from_fused, strict=True)
            if there is not None and parameter.grad is not None
        ]
        for parameter, there in zip(encoder, from_fused, strict=True):
            if parameter.grad is None:
                parameter.grad = there
        if not both:
            return
        one = torch.cat([there.flatten() for _, there, _ in both])
        own = torch.cat([grad.flatten() for _, _, grad in both])
        share = min_norm_share(one, own)
        mixed = 2 * (share * one + (1 - share) * own)
        longer = ((one + own).norm() / _above_zero(mixed.norm())).clamp_min(1.0)
        mixed = mixed * longer * self.gamma
        for (parameter, _, _), part in zip(both, mixed.split([p.numel() for p, _, _ in both]), strict=True):
            parameter.grad = part.view_as(parameter)


def min_norm_share(one: Float[Tensor, " number"], other: Float[Tensor, " number"]) -> Float[Tensor, ""]:
    """The share of ``one`` in the mixture followed, 0 to 1: a half where the two agree, else the shortest mixture's.

    The shortest point of the segment between two vectors has a closed form (Desideri 2012).
    """
    apart = other - one
    shortest = (other @ apart / _above_zero(apart @ apart)).clamp(0.0, 1.0)
    return torch.where(one @ other >= 0, torch.full_like(shortest, 0.5), shortest)


def _above_zero(length: Float[Tensor, ""]) -> Float[Tensor, ""]:
    return length.clamp_min(torch.finfo(length.dtype).tiny)
