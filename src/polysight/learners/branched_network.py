"""BranchedNetwork: shared encoders under two branches, one for rows as they come and one for rare classes.

Source: Zhou, Cui, Wei, Chen, BBN: Bilateral-Branch Network with Cumulative Learning for Long-Tailed Visual Recognition,
CVPR 2020. Departures: see ``objectives.imbalance.rare_branch``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from polysight.core.tokens import Tokens
from polysight.learners.network import EncodedNetwork, Mixing, Output
from polysight.objectives.imbalance.rare_branch import alpha
from polysight.training.batches import Batch


class BranchedNetwork(EncodedNetwork):
    """Two networks that share encoders. In training each answers one half of a batch, and their logits are blended.

    Args:
        common: The network for rows as they come; its encoders become the shared ones.
        rare: The network for the reversed sampler; its own encoders are dropped.

    A training batch is two halves of equal size (see ``RareBranch.batches``): the logits of a row of the first half are
    blended with those of its partner in the second, ``alpha`` to ``1 - alpha``, and both rows get the blend.
    """

    heads_train_alone: ClassVar[bool] = False

    def __init__(self, common: EncodedNetwork, rare: EncodedNetwork) -> None:
        encoders = dict(zip(common.names, common.encoders, strict=True))
        super().__init__(encoders, common.width, common.classes, common.modality_dropout)  # type: ignore[arg-type]
        common.encoders = rare.encoders = nn.ModuleList()
        self.heads_train_alone = common.heads_train_alone  # type: ignore[misc]
        self.common, self.rare = common, rare
        self.common_blocks, self.rare_blocks = self._blocks(), self._blocks()

    def forward(self, batch: Batch, mixing: Mixing | None = None) -> Output:
        """Classify a batch; see ``EncodedNetwork.forward``. Rows cannot be mixed."""
        if not self.training:
            return self.answer(self.encode(batch))
        half = len(batch) // 2
        # Encoded together, so that batch statistics are those of both halves.
        tokens = self.encode(batch)
        first = self.common.answer(self._refined(_part(tokens, slice(None, half)), self.common_blocks))
        second = self.rare.answer(self._refined(_part(tokens, slice(half, None)), self.rare_blocks))
        return _joined(first, second, alpha(batch.progress))

    def answer(self, tokens: Mapping[str, Tokens]) -> Output:
        """The mean of what both branches say of the same rows."""
        first = self.common.answer(self._refined(tokens, self.common_blocks))
        second = self.rare.answer(self._refined(tokens, self.rare_blocks))
        both = first.weights is not None and second.weights is not None
        return Output(
            (first.logits + second.logits) / 2,
            (first.auxiliary + second.auxiliary) / 2,
            first.present,
            (first.weights + second.weights) / 2 if both else None,  # type: ignore[operator]
            (first.vectors + second.vectors) / 2,
        )

    def _blocks(self) -> nn.ModuleList:
        width = self.width
        return nn.ModuleList(
            nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))
            for _ in self.names
        )

    def _refined(self, tokens: Mapping[str, Tokens], blocks: nn.ModuleList) -> dict[str, Tokens]:
        """Tokens after the last block of a branch, a residual one."""
        return {
            name: Tokens(tokens[name].values + block(tokens[name].values), tokens[name].present)
            for name, block in zip(self.names, blocks, strict=True)
        }


def halves(batch: Batch) -> Float[Tensor, " batch"]:
    """What each row of a training batch of two halves counts: ``alpha`` or ``1 - alpha``, one on average."""
    half, share = len(batch) // 2, alpha(batch.progress)
    weights = torch.full((len(batch),), 2 * (1 - share), device=batch.truth.device)
    weights[:half] = 2 * share
    return weights


def _part(tokens: Mapping[str, Tokens], rows: slice) -> dict[str, Tokens]:
    return {name: Tokens(of_one.values[rows], of_one.present[rows]) for name, of_one in tokens.items()}


def _joined(first: Output, second: Output, share: float) -> Output:
    """The outputs of both halves, one after the other; the answer of a pair of rows is their blend."""
    blend = share * first.logits + (1 - share) * second.logits
    penalties = [output.penalty for output in (first, second) if output.penalty is not None]
    return Output(
        torch.cat([blend, blend]),
        torch.cat([first.auxiliary, second.auxiliary]),
        torch.cat([first.present, second.present]),
        None,
        torch.cat([first.vectors, second.vectors]),
        torch.cat(penalties) if penalties else None,
    )
