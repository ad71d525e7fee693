"""TokenTransformer: the tokens of all modalities attend to each other, and one read-out token gathers the result.

Source: the early concatenation of Xu, Zhu, Clifton, Multimodal Learning with Transformers, TPAMI 2023, with
the class token of Dosovitskiy et al. (ViT), ICLR 2021.
Departures: absent tokens are masked out of every softmax; positions are left to the encoders; the weights are
those of the read-out token in the last block.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from polysight.core.tokens import Tokens
from polysight.fusion.attention import Block, check_heads
from polysight.fusion.base import Fused, Fusion


class TokenTransformer(Fusion):
    """A small transformer over all tokens.

    Args:
        names: The modalities.
        width: The width of tokens and of the result; a multiple of ``heads``.
        depth: The number of blocks.
        heads: The number of attention heads.
        dropout: How often a result inside a block is dropped in training, 0 to 1.

    Raises:
        ConfigError: ``width`` is not a multiple of ``heads``, or ``depth`` is less than one.
    """

    kind: ClassVar[str] = "transformer"

    def __init__(
        self, names: Sequence[str], width: int, *, depth: int = 2, heads: int = 4, dropout: float = 0.1
    ) -> None:
        super().__init__(names, width)
        check_heads(self.kind, width, heads, depth)
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in self.names])
        self.modality = nn.Parameter(torch.randn(len(self.names), width) * 0.02)
        self.readout = nn.Parameter(torch.randn(width) * 0.02)
        self.blocks = nn.ModuleList([Block(width, heads, dropout) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; a modality's weight is the share of the read-out token's attention that its tokens get."""
        values, present = self._sequence(tokens)
        something = present[:, 1:].any(dim=1, keepdim=True)
        for block in self.blocks[:-1]:
            values, _ = block(values, present)
        values, looks = self.blocks[-1](values, present)
        fused = self.norm(values[:, 0]).masked_fill(~something, 0.0)
        return Fused(fused, self._weights(looks[:, 0, 1:], tokens))

    def _sequence(
        self, tokens: Mapping[str, Tokens]
    ) -> tuple[Float[Tensor, "batch token width"], Bool[Tensor, "batch token"]]:
        """The read-out token first (always present, so that no softmax is empty), then every modality's tokens."""
        first = tokens[self.names[0]]
        values = [self.readout.expand(len(first.values), 1, -1)]
        present = [first.present.new_ones(len(first.values), 1)]
        for i, name in enumerate(self.names):
            values.append(self.norms[i](tokens[name].zeroed()) + self.modality[i])
            present.append(tokens[name].present)
        return torch.cat(values, dim=1), torch.cat(present, dim=1)

    def _weights(
        self, looks: Float[Tensor, "batch token"], tokens: Mapping[str, Tokens]
    ) -> Float[Tensor, "batch modality"]:
        counts = [tokens[name].present.shape[1] for name in self.names]
        shares = torch.stack([part.sum(dim=1) for part in torch.split(looks, counts, dim=1)], dim=1)
        return shares / shares.sum(dim=1, keepdim=True).clamp_min(torch.finfo(shares.dtype).tiny)
