"""ModalityAttention: all modalities together ask a question, and each is heard as far as it fits.

Source: Hori et al., Attention-Based Multimodal Fusion for Video Description, ICCV 2017, with the scaled dot
product and the heads of Vaswani et al., Attention Is All You Need, NeurIPS 2017.
Departures: there is no decoder whose state could ask, so the mean of the modalities present does; modalities are
layer-normalised, each with keys and contents of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import nn

from polysight.core.tokens import Tokens
from polysight.fusion.attention import attend, check_heads
from polysight.fusion.base import Fused, Fusion
from polysight.fusion.normed_means import NormedMeans


class ModalityAttention(Fusion):
    """Attention over modalities, one vector each.

    Args:
        names: The modalities.
        width: The width of tokens and of the result; a multiple of ``heads``.
        heads: The number of attention heads: so many questions are asked.

    Raises:
        ConfigError: ``width`` is not a multiple of ``heads``.
    """

    kind: ClassVar[str] = "attention"

    def __init__(self, names: Sequence[str], width: int, *, heads: int = 4) -> None:
        super().__init__(names, width)
        check_heads(self.kind, width, heads)
        self.heads = heads
        self.means = NormedMeans(self.names, width)
        self.query = nn.Linear(width, width)
        self.keys = nn.ModuleList([nn.Linear(width, width) for _ in self.names])
        self.contents = nn.ModuleList([nn.Linear(width, width) for _ in self.names])
        self.output = nn.Linear(width, width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; a modality's weight is the mean of its attention over heads."""
        means, present = self.means(tokens)
        query = self.query(Tokens(means, present).mean())[:, None]
        keys = torch.stack([layer(means[:, i]) for i, layer in enumerate(self.keys)], dim=1)
        contents = torch.stack([layer(means[:, i]) for i, layer in enumerate(self.contents)], dim=1)
        gathered, looks = attend(query, keys, contents, present, self.heads)
        values = self.output(gathered[:, 0]).masked_fill(~present.any(dim=1, keepdim=True), 0.0)
        return Fused(values, looks[:, 0])
