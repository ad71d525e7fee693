"""Agreement: modalities of the same row are pulled to the same answer; nothing is pushed apart.

Source: Zhang, Xiang, Hospedales, Lu, Deep Mutual Learning, CVPR 2018.
Departures: the peers are the own answers of one network's modalities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Annotated, ClassVar

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor
from torch.nn import functional

from polysight.objectives.balance.base import Balance, Step, Terms


@dataclass(frozen=True)
class Agreement(Balance):
    """The sum of losses plus the Kullback-Leibler divergence of each own answer from each other one, as given.

    Only positives: unlike contrast, it has no negatives, which in a batch are mostly rows of the same few classes.

    Attributes:
        weight: What the divergence counts.
    """

    kind: ClassVar[str] = "agreement"

    weight: Annotated[float, Field(ge=0)] = 0.3

    def backward(self, terms: Terms, step: Step) -> None:
        """The gradients of the sum of losses and of the divergence."""
        step.backward(terms.joint + self.weight * divergence(terms.answers, terms.present))


def divergence(
    answers: Float[Tensor, "batch modality class"], present: Bool[Tensor, "batch modality"]
) -> Float[Tensor, ""]:
    """The mean over pairs of modalities of ``KL(p_b || p_a) + KL(p_a || p_b)``, over rows that have both.

    What is compared with is taken as given: gradients reach the second argument of each divergence.
    """
    logs = answers.float().log_softmax(dim=2)
    parts = []
    for a, b, both in pairs(present):
        one, other = logs[:, a], logs[:, b]
        each = _kl(one.detach(), other) + _kl(other.detach(), one)
        parts.append(each.masked_fill(~both, 0.0).sum() / both.sum().clamp_min(1))
    return torch.stack(parts).mean() if parts else answers.sum() * 0.0


def pairs(present: Bool[Tensor, "batch modality"]) -> Iterator[tuple[int, int, Bool[Tensor, " batch"]]]:
    """Each pair of modalities, and the rows that have both."""
    for a, b in combinations(range(present.shape[1]), 2):
        yield a, b, present[:, a] & present[:, b]


def _kl(given: Float[Tensor, "batch class"], answer: Float[Tensor, "batch class"]) -> Float[Tensor, " batch"]:
    return functional.kl_div(answer, given, reduction="none", log_target=True).sum(dim=1)
