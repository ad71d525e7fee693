"""Self-attention in which what is not there takes no part, and positions as sines and cosines: for texts and over time.

Source: Vaswani et al., Attention Is All You Need, NIPS 2017; norms first as in Xiong et al., On Layer Normalization in
the Transformer Architecture, ICML 2020.
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional


class SelfAttention(nn.Module):
    """Self-attention and a two-layer network, each after a layer norm and added to its input."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.before_attention = nn.LayerNorm(width)
        self.queries_keys_values = nn.Linear(width, 3 * width)
        self.after_attention = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)
        self.network = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )

    def forward(
        self, states: Float[Tensor, "text word state"], known: Bool[Tensor, "text word"]
    ) -> Float[Tensor, "text word state"]:
        """New states; those that are not known have no influence on the others."""
        stacked = self.queries_keys_values(self.before_attention(states)).unflatten(2, (3, self.heads, -1))
        queries, keys, content = stacked.permute(2, 0, 3, 1, 4)
        gathered = functional.scaled_dot_product_attention(queries, keys, content, attn_mask=known[:, None, None, :])
        states = states + self.dropout(self.after_attention(gathered.transpose(1, 2).flatten(2)))
        return states + self.dropout(self.network(states))


def positions(count: int, width: int) -> Float[Tensor, "word state"]:
    """Sines of each position in the first half, cosines in the second, of wavelengths from 2 pi to 20,000 pi."""
    half = torch.arange(width // 2)
    angles = torch.arange(count)[:, None] / 10_000 ** (half / max(width // 2, 1))
    return torch.cat([angles.sin(), angles.cos()], dim=1)
