"""EvidentialLoss: evidence for the true class is rewarded, evidence for any other is punished.

Source: Han, Zhang, Fu, Zhou, Trusted Multi-View Classification, ICLR 2021, after Sensoy, Kaplan, Kandemir, Evidential
Deep Learning to Quantify Classification Uncertainty, NeurIPS 2018.
Departures: the weight of the punishment is constant, where the papers raise it from epoch to epoch; what each view
answers alone counts through the learner's ``auxiliary``, as with every objective.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from polysight.objectives.base import Objective, Targets, shares_of

#: Logits beyond it are cut: exp(20) is more evidence than anything can bring, and sums of it stay exact enough.
LIMIT = 20.0


@dataclass(frozen=True)
class EvidentialLoss(Objective):
    """The expected cross-entropy under a Dirichlet, plus its divergence from knowing nothing about the other classes.

    Logits are read as the logarithms of the Dirichlet's parameters, which is what the fusion ``evidential`` gives.
    Those of other fusions may be below zero, which is no evidence: there is nothing to punish then.

    Attributes:
        regularization: The weight of the divergence.
    """

    kind: ClassVar[str] = "evidential"

    regularization: Annotated[float, Field(ge=0)] = 0.1

    def losses(self, logits: Float[Tensor, "batch class"], targets: Targets) -> Float[Tensor, " batch"]:
        """The loss of each sample; see ``Objective.losses``."""
        # Differences of large log-gammas: in single precision their gradients would be noise (mps has no double).
        precise = logits if logits.device.type == "mps" else logits.double()
        alphas = precise.clamp(-LIMIT, LIMIT).exp()
        true = shares_of(targets, alphas)
        expected = alphas.sum(dim=1).digamma() - (true * alphas.digamma()).sum(dim=1)
        divergence = _divergence_from_uniform(true + (1 - true) * alphas.clamp_min(1.0))
        return (expected + self.regularization * divergence).to(logits.dtype)


def _divergence_from_uniform(alphas: Float[Tensor, "batch class"]) -> Float[Tensor, " batch"]:
    """The Kullback-Leibler divergence of a Dirichlet from the one whose parameters are all one."""
    total, classes = alphas.sum(dim=1), torch.tensor(float(alphas.shape[1]), dtype=alphas.dtype, device=alphas.device)
    pulled = ((alphas - 1) * (alphas.digamma() - total.digamma()[:, None])).sum(dim=1)
    return total.lgamma() - alphas.lgamma().sum(dim=1) - classes.lgamma() + pulled
