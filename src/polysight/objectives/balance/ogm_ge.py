"""GradientModulation: the encoder whose modality answers best learns more slowly.

Source: Peng, Wei, Deng, Wang, Hu, Balanced Multimodal Learning via On-the-fly Gradient Modulation, CVPR 2022.
Departures: scores come from each modality's own head, not from parts of a linear fusion layer, so that it works with
any fusion; more than two modalities are each compared with the mean of the others; a score is a mean over the rows in
which the modality is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from polysight.objectives.balance.base import Balance, Step, Terms


@dataclass(frozen=True)
class GradientModulation(Balance):
    """OGM-GE: gradients of leading encoders times ``1 - tanh(alpha * lead)``, then noise as large as they are.

    Attributes:
        alpha: How strongly a leading modality is slowed; 0 leaves all as they are.
        noise: Whether Gaussian noise of each gradient's own spread is added (the GE of the name).
    """

    kind: ClassVar[str] = "ogm_ge"

    alpha: Annotated[float, Field(ge=0)] = 0.3
    noise: bool = True

    def backward(self, terms: Terms, step: Step) -> None:
        """The gradients of the sum of losses, those of encoders modulated."""
        step.backward(terms.joint)
        with torch.no_grad():
            factors = modulation(scores(terms), self.alpha)
            for encoder, factor in zip(step.encoders, factors.unbind(), strict=True):
                for parameter in encoder:
                    if parameter.grad is not None:
                        parameter.grad.mul_(factor)
                        # A spread needs two numbers, and what a matrix learns is what the paper disturbs.
                        if self.noise and parameter.ndim > 1:
                            spread = parameter.grad.std(correction=0)
                            parameter.grad.add_(torch.randn_like(parameter.grad) * spread)


def scores(terms: Terms) -> Float[Tensor, " modality"]:
    """The mean probability each modality's own answer gives to the true class; NaN where it is in no row."""
    truth = terms.targets[:, None, None].expand(-1, terms.answers.shape[1], 1)
    right = terms.answers.detach().float().softmax(dim=2).gather(2, truth)[..., 0]
    return right.masked_fill(~terms.present, 0.0).sum(dim=0) / terms.present.sum(dim=0)


def modulation(scores: Float[Tensor, " modality"], alpha: float) -> Float[Tensor, " modality"]:
    """What each encoder's gradient is multiplied by: ``1 - tanh(alpha * r)`` where ``r > 1``, else 1.

    Args:
        scores: How well each modality answers alone; NaN for one that is not there.
        alpha: How strongly a leading one is slowed.

    ``r`` is a score divided by the mean of the others'.
    """
    there = scores.isfinite()
    known = scores.masked_fill(~there, 0.0)
    others = (known.sum() - known) / (there.sum() - there.long()).clamp_min(1)
    ratio = known / others.clamp_min(torch.finfo(known.dtype).tiny)
    # Equal scores must not lead by the last digit of a sum.
    leads = (ratio > 1 + 1e-6) & there & (others > 0)
    return torch.where(leads, 1 - torch.tanh(alpha * ratio), torch.ones_like(ratio))
