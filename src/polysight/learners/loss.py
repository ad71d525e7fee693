"""NetworkLoss: the loss of the fused answer, plus that of each modality's own answer, on mixed rows if asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from polysight.learners.network import Mixing, Output
from polysight.objectives.balance.base import Terms
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
        class_weights: What a row of each class counts in training; None: all the same.
        row_weights: What each row of a training batch counts, asked of the batch; None: all the same.
    """

    objective: Objective
    auxiliary: float = 0.4
    mixup: float = 0.0
    class_weights: tuple[float, ...] | None = None
    row_weights: Callable[[Batch], Float[Tensor, " batch"]] | None = None

    def __call__(self, network: Any, batch: Batch) -> Terms:
        """The losses of a batch; rows are mixed in training only."""
        targets = batch.truth
        if not self.mixup or not network.training:
            output = network(batch)
            own = self.row_weights(batch) if self.row_weights is not None and network.training else None
            fused, alone = self._losses(output, targets, own)
        else:
            mixing = self._draw(targets)
            output = network(batch, mixing)
            fused, alone = self._losses(output, targets, mixing.share)
            fused_partner, alone_partner = self._losses(output, targets[mixing.partner], 1 - mixing.share)
            fused, alone = fused + fused_partner, alone + alone_partner
        if output.penalty is not None:
            fused = fused + output.penalty.mean()
        return self._terms(output, targets, fused, alone)

    def _draw(self, targets: Int[Tensor, " batch"]) -> Mixing:
        alpha = torch.tensor(self.mixup, device=targets.device)
        share = torch.distributions.Beta(alpha, alpha).sample(targets.shape)
        return Mixing(torch.randperm(len(targets), device=targets.device), share)

    def _losses(
        self, output: Output, targets: Int[Tensor, " batch"], weights: Float[Tensor, " batch"] | None = None
    ) -> tuple[Float[Tensor, ""], Float[Tensor, "batch modality"]]:
        """The mean loss of the fused answers, and the loss of each own answer, zero where the modality is absent."""
        if self.class_weights is not None:
            own = torch.tensor(self.class_weights, dtype=torch.float32, device=targets.device)[targets]
            weights = own if weights is None else own * weights
        fused = self.objective(output.logits, targets, weights).mean()
        batch, count = output.present.shape
        if not self.auxiliary:
            return fused, fused.new_zeros(batch, 0)
        alone = self.objective(
            output.auxiliary.flatten(0, 1),
            targets.repeat_interleave(count),
            None if weights is None else weights.repeat_interleave(count),
        )
        return fused, alone.view(batch, count).masked_fill(~output.present, 0.0)

    def _terms(
        self,
        output: Output,
        targets: Int[Tensor, " batch"],
        fused: Float[Tensor, ""],
        alone: Float[Tensor, "batch modality"],
    ) -> Terms:
        joint = fused
        sums = alone.sum(dim=0)
        if self.auxiliary:
            rows = output.present.sum(dim=0)
            joint = fused + self.auxiliary * sums.sum() / rows.sum().clamp_min(1)
            sums = sums / rows.clamp_min(1)
        return Terms(joint, fused, sums, output.auxiliary, output.vectors, output.present, targets)
