"""Bottleneck: modalities exchange what they know through a few shared tokens, and nothing else.

Source: Nagrani, Yang, Arnab, Jansen, Schmid, Sun, Attention Bottlenecks for Multimodal Fusion, NeurIPS 2021.
Departures: fusion from the first layer on (encoders are the layers before it); only modalities that are there write
into the bottleneck; the mean of the modalities' class tokens is the result, instead of that of their logits;
positions are left to the encoders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor, nn

from polysight.core.tokens import Tokens
from polysight.fusion.attention import Block, check_heads
from polysight.fusion.base import Fused, Fusion


class Bottleneck(Fusion):
    """A small transformer for each modality, joined by bottleneck tokens.

    Args:
        names: The modalities.
        width: The width of tokens and of the result; a multiple of ``heads``.
        bottlenecks: The number of shared tokens.
        depth: The number of layers. What a modality writes in one is read by the others in the next, so that
            fewer than two fuse nothing.
        heads: The number of attention heads.
        dropout: How often a result inside a block is dropped in training, 0 to 1.

    Raises:
        ConfigError: ``width`` is not a multiple of ``heads``, or ``depth`` is less than two.
    """

    kind: ClassVar[str] = "bottleneck"

    def __init__(
        self,
        names: Sequence[str],
        width: int,
        *,
        bottlenecks: Annotated[int, Field(ge=1)] = 4,
        depth: int = 2,
        heads: int = 4,
        dropout: Annotated[float, Field(ge=0, le=1)] = 0.1,
    ) -> None:
        super().__init__(names, width)
        check_heads(self.kind, width, heads, depth, least=2)
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in self.names])
        self.readouts = nn.Parameter(torch.randn(len(self.names), width) * 0.02)
        self.shared = nn.Parameter(torch.randn(bottlenecks, width) * 0.02)
        self.layers = nn.ModuleList([_Layer(len(self.names), width, heads, dropout) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; see ``Fusion.forward``."""
        there = torch.stack([tokens[name].any_present for name in self.names], dim=1)
        streams = [self._stream(i, tokens[name]) for i, name in enumerate(self.names)]
        shared = self.shared.expand(len(there), -1, -1)
        for layer in self.layers:
            streams, written = layer(streams, shared)
            shared = Tokens(written.flatten(2), there).mean().reshape(shared.shape)
        readouts = torch.stack([stream.values[:, 0] for stream in streams], dim=1)
        return Fused(Tokens(self.norm(readouts), there).mean())

    def _stream(self, i: int, tokens: Tokens) -> Tokens:
        """A modality's class token, always present so that no softmax is empty, then its tokens."""
        readout = self.readouts[i].expand(len(tokens.values), 1, -1)
        return Tokens(
            torch.cat([readout, self.norms[i](tokens.zeroed())], dim=1),
            torch.cat([tokens.present.new_ones(len(tokens.present), 1), tokens.present], dim=1),
        )


class _Layer(nn.Module):
    """One block a modality, over its own tokens and the shared ones."""

    def __init__(self, modalities: int, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([Block(width, heads, dropout) for _ in range(modalities)])

    def forward(
        self, streams: Sequence[Tokens], shared: Float[Tensor, "batch bottleneck width"]
    ) -> tuple[list[Tokens], Float[Tensor, "batch modality bottleneck width"]]:
        """The tokens of each modality, and what each makes of the shared ones."""
        all_there: Bool[Tensor, "batch bottleneck"] = streams[0].present.new_ones(shared.shape[:2])
        after, written = [], []
        for block, stream in zip(self.blocks, streams, strict=True):
            present = torch.cat([stream.present, all_there], dim=1)
            values, _ = block(torch.cat([stream.values, shared], dim=1), present)
            count = stream.values.shape[1]
            after.append(Tokens(values[:, :count], stream.present))
            written.append(values[:, count:])
        return after, torch.stack(written, dim=1)
