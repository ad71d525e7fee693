"""InfoNCE: a row's modalities are drawn together and pushed away from those of the other rows of the batch.

Source: van den Oord, Li, Vinyals, Representation Learning with Contrastive Predictive Coding, 2018; in both directions
between two modalities as in Radford et al., Learning Transferable Visual Models From Natural Language Supervision,
ICML 2021.
Departures: a constant temperature; vectors are compared before fusion without a projection of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from polysight.objectives.balance.agreement import pairs
from polysight.objectives.balance.base import Balance, Step, Terms


@dataclass(frozen=True)
class InfoNCE(Balance):
    """The sum of losses plus the cross-entropy of finding a row again among the others by another modality.

    Attributes:
        weight: What the contrast counts.
        temperature: How sharply similarities, which are cosines, are told apart.
    """

    kind: ClassVar[str] = "info_nce"
    needs_answers: ClassVar[bool] = False

    weight: Annotated[float, Field(ge=0)] = 0.1
    temperature: Annotated[float, Field(gt=0)] = 0.1

    def backward(self, terms: Terms, step: Step) -> None:
        """The gradients of the sum of losses and of the contrast."""
        step.backward(terms.joint + self.weight * contrast(terms.vectors, terms.present, self.temperature))


def contrast(
    vectors: Float[Tensor, "batch modality width"], present: Bool[Tensor, "batch modality"], temperature: float
) -> Float[Tensor, ""]:
    """The mean over pairs of modalities and both directions, among the rows that have both."""
    directions = functional.normalize(vectors.float(), dim=2)
    parts = []
    for a, b, both in pairs(present):
        scores = directions[:, a] @ directions[:, b].T / temperature
        lowest = torch.finfo(scores.dtype).min
        own = scores.diagonal()
        for sided in (scores, scores.T):
            losses = sided.masked_fill(~both, lowest).logsumexp(dim=1) - own
            parts.append(losses.masked_fill(~both, 0.0).sum() / both.sum().clamp_min(1))
    return torch.stack(parts).mean() if parts else vectors.sum() * 0.0
