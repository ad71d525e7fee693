"""Attention over tokens of which some are absent: a pre-norm transformer block that also says who looked where."""

from __future__ import annotations

from jaxtyping import Bool, Float
from torch import Tensor, nn

from polysight.fusion.masking import masked_softmax


class Block(nn.Module):
    """Self-attention and a two-layer network, each after a layer norm and added to its input.

    Source: Vaswani et al. 2017; norms first as in Xiong et al., On Layer Normalization in the Transformer, ICML 2020.

    Args:
        width: The width of tokens; a multiple of ``heads``.
        heads: The number of attention heads.
        dropout: How often a result is dropped in training, 0 to 1.
    """

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.before_attention = nn.LayerNorm(width)
        self.queries_keys_values = nn.Linear(width, 3 * width)
        self.after_attention = nn.Linear(width, width)
        self.dropout = nn.Dropout(dropout)
        self.network = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, 2 * width),
            nn.GELU(),
            nn.Linear(2 * width, width),
            nn.Dropout(dropout),
        )

    def forward(
        self, values: Float[Tensor, "batch token width"], present: Bool[Tensor, "batch token"]
    ) -> tuple[Float[Tensor, "batch token width"], Float[Tensor, "batch token token"]]:
        """The tokens after the block, and how much each (row) looked at each (column), averaged over heads."""
        stacked = self.queries_keys_values(self.before_attention(values)).unflatten(2, (3, self.heads, -1))
        queries, keys, content = stacked.permute(2, 0, 3, 1, 4)
        scores = queries @ keys.transpose(-2, -1) / queries.shape[-1] ** 0.5
        looks = masked_softmax(scores, present[:, None, None, :], dim=-1)
        gathered = (looks @ content).transpose(1, 2).flatten(2)
        values = values + self.dropout(self.after_attention(gathered))
        return values + self.network(values), looks.mean(dim=1)
