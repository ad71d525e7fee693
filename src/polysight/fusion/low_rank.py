"""LowRank: the product of all modalities - every interaction between them - through factors of low rank.

Source: Liu, Shen, Lakshminarasimhan, Liang, Zadeh, Morency, Efficient Low-rank Multimodal Fusion with
Modality-Specific Factors, ACL 2018.
Departures: modalities are layer-normalised first; the constant's part of each factor starts at one, so that a
product of many factors neither vanishes nor explodes; an absent modality's factor is exactly one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import torch
from pydantic import Field
from torch import nn

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion
from polysight.fusion.normed_means import NormedMeans


class LowRank(Fusion):
    """Low-rank multimodal fusion: what ``tensor`` computes, at a cost linear in the number of modalities.

    Args:
        names: The modalities.
        width: The width of tokens and of the result.
        rank: How many products are added up.
    """

    kind: ClassVar[str] = "low_rank"

    def __init__(self, names: Sequence[str], width: int, *, rank: Annotated[int, Field(ge=1)] = 4) -> None:
        super().__init__(names, width)
        self.rank = rank
        self.means = NormedMeans(self.names, width)
        # The bias of each layer is the factor of the constant 1 that the paper appends to each modality.
        factors = [nn.Linear(width, rank * width) for _ in self.names]
        for factor in factors:
            nn.init.ones_(factor.bias)
        self.factors = nn.ModuleList(factors)
        self.shares = nn.Parameter(torch.full((rank,), 1.0 / rank))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; see ``Fusion.forward``."""
        means, present = self.means(tokens)
        factors = torch.stack([layer(means[:, i]) for i, layer in enumerate(self.factors)], dim=1)
        product = factors.masked_fill(~present[..., None], 1.0).prod(dim=1).reshape(-1, self.rank, self.width)
        values = torch.einsum("r,brw->bw", self.shares, product) + self.bias
        return Fused(values.masked_fill(~present.any(dim=1, keepdim=True), 0.0))
