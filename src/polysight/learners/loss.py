"""NetworkLoss: the loss of the fused answer, plus that of each modality's own answer, on mixed rows if asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from polysight.learners.network import Mixing, Output
from polysight.objectives.base import Objective
from polysight.training.batches import Batch


@dataclass(frozen=True)
class NetworkLoss:
    """What training an ``EncodedNetwork`` makes small.

    Attributes:
        objective: The loss of a sample.
        auxiliary: The weight of the modalities' own answers; 0 trains the fused one alone.
        mixup: The parameter of the symmetric beta distribution shares are drawn from; 0 mixes nothing.
            Source: Zhang et al., mixup, ICLR 2018; here between tokens, because words and pixels do not add.
    """

    objective: Objective
    auxiliary: float = 0.4
    mixup: float = 0.0

    def __call__(self, network: Any, batch: Batch) -> Float[Tensor, ""]:
        """The mean loss of a batch."""
        targets = batch.truth
        if not self.mixup:
            output = network(batch)
            loss = self._mean(output, targets, torch.ones(len(targets), device=targets.device))
        else:
            mixing = self._draw(targets)
            output = network(batch, mixing)
            own = self._mean(output, targets, mixing.share)
            loss = own + self._mean(output, targets[mixing.partner], 1 - mixing.share)
        return loss if output.penalty is None else loss + output.penalty.mean()

    def _draw(self, targets: Int[Tensor, " batch"]) -> Mixing:
        alpha = torch.tensor(self.mixup, device=targets.device)
        share = torch.distributions.Beta(alpha, alpha).sample(targets.shape)
        return Mixing(torch.randperm(len(targets), device=targets.device), share)

    def _mean(
        self, output: Output, targets: Int[Tensor, " batch"], weights: Float[Tensor, " batch"]
    ) -> Float[Tensor, ""]:
        fused = self.objective(output.logits, targets, weights).mean()
        if not self.auxiliary:
            return fused
        count = output.present.shape[1]
        alone = self.objective(
            output.auxiliary.flatten(0, 1), targets.repeat_interleave(count), weights.repeat_interleave(count)
        )
        alone = alone.masked_fill(~output.present.flatten(), 0.0)
        return fused + self.auxiliary * alone.sum() / output.present.sum().clamp_min(1)
