"""CrossModal: the tokens of each modality look for what matches them among the tokens of each other one.

Source: Tsai, Bai, Liang, Kolter, Morency, Salakhutdinov, Multimodal Transformer for Unaligned Multimodal Language
Sequences, ACL 2019.
Departures: one layer, neither convolutions before it nor a transformer over time after it; what a token finds in
several modalities is added up instead of set side by side, so that an absent modality adds nothing; the mean over
present tokens instead of the last one, and the mean over present modalities; norms first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor, nn

from polysight.core.tokens import Tokens
from polysight.fusion.attention import attend, check_heads, feed_forward
from polysight.fusion.base import Fused, Fusion


class CrossModal(Fusion):
    """Cross-attention between every two modalities, in both directions.

    It pays where modalities have several tokens. A modality of one token has one thing to be found, and all that
    look at it find a projection of it; a modality that is alone goes through the two layers at the end only.

    Args:
        names: The modalities.
        width: The width of tokens and of the result; a multiple of ``heads``.
        heads: The number of attention heads.
        dropout: How often a result inside is dropped in training, 0 to 1.

    Raises:
        ConfigError: ``width`` is not a multiple of ``heads``.
    """

    kind: ClassVar[str] = "cross_attention"

    def __init__(
        self,
        names: Sequence[str],
        width: int,
        *,
        heads: int = 4,
        dropout: Annotated[float, Field(ge=0, le=1)] = 0.1,
    ) -> None:
        super().__init__(names, width)
        check_heads(self.kind, width, heads)
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in self.names])
        self.seekers = nn.ModuleList([_Seeker(len(self.names) - 1, width, heads, dropout) for _ in self.names])
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; see ``Fusion.forward``."""
        normed = [
            Tokens(norm(tokens[name].zeroed()), tokens[name].present)
            for name, norm in zip(self.names, self.norms, strict=True)
        ]
        vectors = []
        for i, (own, seeker) in enumerate(zip(normed, self.seekers, strict=True)):
            vectors.append(Tokens(seeker(own.values, normed[:i] + normed[i + 1 :]), own.present).mean())
        present = torch.stack([one.any_present for one in normed], dim=1)
        return Fused(Tokens(self.norm(torch.stack(vectors, dim=1)), present).mean())


class _Seeker(nn.Module):
    """The tokens of one modality, with what they find among those of each other one, through two layers."""

    def __init__(self, others: int, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.looks = nn.ModuleList([_Look(width, heads) for _ in range(others)])
        self.dropout = nn.Dropout(dropout)
        self.network = feed_forward(width, dropout)

    def forward(
        self, values: Float[Tensor, "batch token width"], others: Sequence[Tokens]
    ) -> Float[Tensor, "batch token width"]:
        found = torch.zeros_like(values)
        for look, other in zip(self.looks, others, strict=True):
            found = found + look(values, other)
        values = values + self.dropout(found)
        return values + self.network(values)


class _Look(nn.Module):
    """What the tokens of one modality find among those of another; exactly nothing where that one is absent."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.queries = nn.Linear(width, width)
        self.keys_contents = nn.Linear(width, 2 * width)
        self.output = nn.Linear(width, width)

    def forward(self, asking: Float[Tensor, "batch query width"], other: Tokens) -> Float[Tensor, "batch query width"]:
        keys, contents = self.keys_contents(other.values).chunk(2, dim=2)
        gathered, _ = attend(self.queries(asking), keys, contents, other.present, self.heads)
        there: Bool[Tensor, "batch 1 1"] = other.any_present[:, None, None]
        return self.output(gathered).masked_fill(~there, 0.0)
