"""UncertaintyLoss: the losses of several targets as one, each weighed by an uncertainty that is learned too.

Source: Kendall, Gal, Cipolla, "Multi-Task Learning Using Uncertainty to Weigh Losses", CVPR 2018: a target with
variance ``s^2`` costs ``loss / s^2 + log s``, half that loss where it is a squared error.
Departures: none in the formula; what is learned is ``log s^2``, as in their code. One target alone is not weighed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from polysight.data.target_kinds.several import Part
from polysight.learners.network import EncodedNetwork, Output
from polysight.objectives.balance.base import Terms
from polysight.objectives.target_losses import TargetLoss
from polysight.training.batches import Batch


class TargetNetwork(nn.Module):
    """A body with outputs for every target side by side, and the logarithm of each target's variance.

    Args:
        body: A network with as many outputs as all targets have answers: a head a target is rows of its last layer.
        targets: How many targets there are.
    """

    def __init__(self, body: EncodedNetwork, targets: int) -> None:
        super().__init__()
        self.body = body
        self.log_variances = nn.Parameter(torch.zeros(targets))

    def forward(self, batch: Batch) -> Output:
        """What the body says."""
        output: Output = self.body(batch)
        return output


@dataclass(frozen=True)
class UncertaintyLoss:
    """What training a ``TargetNetwork`` makes small.

    Attributes:
        parts: The targets and where they stand.
        losses: The loss of each.
        auxiliary: The weight of the modalities' own answers; 0 trains the fused one alone.
        weigh: Whether targets are weighed by uncertainty; else they count alike.
    """

    parts: Sequence[Part]
    losses: Sequence[TargetLoss]
    auxiliary: float
    weigh: bool

    def __call__(self, network: Any, batch: Batch) -> Terms:
        """The losses of a batch; rows without a target take no part in its loss."""
        output, truth = network(batch), batch.truth
        fused = self.total(network.log_variances, self.means(output.logits, truth))
        joint, own = fused, []
        if self.auxiliary:
            for place in range(output.present.shape[1]):
                there = output.present[:, place]
                means = self.means(output.auxiliary[:, place], truth, there)
                own.append(self.total(network.log_variances.detach(), means))
            shares = output.present.float().sum(dim=0)
            joint = fused + self.auxiliary * (torch.stack(own) * shares).sum() / shares.sum().clamp_min(1)
        if output.penalty is not None:
            joint = joint + output.penalty.mean()
        told = torch.stack(own) if own else fused.new_zeros(0)
        return Terms(joint, fused, told, output.auxiliary, output.vectors, output.present, truth)

    def means(
        self,
        outputs: Float[Tensor, "batch answer"],
        truth: Float[Tensor, "batch column"],
        there: Bool[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, " target"]:
        """The mean loss of each target over the rows that have it; zero where none has."""
        found = []
        for part, loss in zip(self.parts, self.losses, strict=True):
            known = ~truth[:, part.columns].isnan().any(dim=1)
            known = known if there is None else known & there
            # Where nothing is known the truth is replaced, because a gradient through NaN is NaN.
            each = loss(outputs[:, part.answers].float(), truth[:, part.columns].nan_to_num())
            found.append(torch.where(known, each, 0.0).sum() / known.sum().clamp_min(1))
        return torch.stack(found)

    def total(self, log_variances: Float[Tensor, " target"], means: Float[Tensor, " target"]) -> Float[Tensor, ""]:
        """The losses of all targets as one."""
        if not self.weigh or len(self.parts) == 1:
            return means.sum()
        noise = means.new_tensor([loss.noise for loss in self.losses])
        return (noise * (-log_variances).exp() * means + log_variances / 2).sum()
