"""Attention over tokens of which some are absent: to oneself and to others, and who looked where."""

from __future__ import annotations

from jaxtyping import Bool, Float
from torch import Tensor, nn

from polysight.core.errors import ConfigError
from polysight.fusion.masking import masked_softmax


def attend(
    queries: Float[Tensor, "batch query width"],
    keys: Float[Tensor, "batch token width"],
    contents: Float[Tensor, "batch token width"],
    present: Bool[Tensor, "batch token"],
    heads: int,
) -> tuple[Float[Tensor, "batch query width"], Float[Tensor, "batch query token"]]:
    """Scaled dot-product attention in several heads.

    Source: Vaswani et al., Attention Is All You Need, NeurIPS 2017.

    Returns:
        What each query gathered from the tokens present (zeros where none is), and how much it looked at each,
        averaged over heads.
    """
    q, k, v = (part.reshape(*part.shape[:2], heads, -1).transpose(1, 2) for part in (queries, keys, contents))
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    looks = masked_softmax(scores, present[:, None, None, :], dim=-1)
    return (looks @ v).transpose(1, 2).flatten(2), looks.mean(dim=1)


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
        self.network = feed_forward(width, dropout)

    def forward(
        self, values: Float[Tensor, "batch token width"], present: Bool[Tensor, "batch token"]
    ) -> tuple[Float[Tensor, "batch token width"], Float[Tensor, "batch token token"]]:
        """The tokens after the block, and how much each (row) looked at each (column), averaged over heads."""
        queries, keys, contents = self.queries_keys_values(self.before_attention(values)).chunk(3, dim=2)
        gathered, looks = attend(queries, keys, contents, present, self.heads)
        values = values + self.dropout(self.after_attention(gathered))
        return values + self.network(values), looks


def feed_forward(width: int, dropout: float) -> nn.Sequential:
    """The network of a block: a layer norm, then two layers, the inner one twice as wide."""
    return nn.Sequential(
        nn.LayerNorm(width),
        nn.Linear(width, 2 * width),
        nn.GELU(),
        nn.Linear(2 * width, width),
        nn.Dropout(dropout),
    )


def check_heads(kind: str, width: int, heads: int, depth: int = 1, *, least: int = 1) -> None:
    """Refuse shapes of a fusion that attention cannot have.

    Args:
        kind: The fusion, for the message.
        width: The width of tokens.
        heads: The number of attention heads.
        depth: The number of blocks.
        least: The least depth with which the fusion fuses at all.

    Raises:
        ConfigError: ``width`` is not a multiple of ``heads``, or ``depth`` is less than ``least``.
    """
    if depth < least or heads < 1 or width % heads:
        raise ConfigError(
            f"a {kind} of width {width} cannot have {heads} heads and {depth} blocks",
            where=f"fusion.{kind}",
            fix=f"choose a width that is a multiple of heads, and a depth of at least {least}",
        )
