"""TextTransformer: word vectors and positions through a few blocks of self-attention, in which padding takes no part.

Source: Vaswani et al., Attention Is All You Need, NIPS 2017; norms first as in Xiong et al., On Layer Normalization in
the Transformer Architecture, ICML 2020.
Departures: positions are sines and cosines times a learned scale, which starts small: a few thousand texts cannot
teach a vector a position; the text is summed up by its mean and its strongest state, not by a token of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from polysight.core.errors import ConfigError, NotFittedError
from polysight.core.tokens import Tokens
from polysight.modalities.encoder import Encoder, Sight
from polysight.modalities.self_attention import SelfAttention, positions
from polysight.modalities.text.augment import PADDING, UNKNOWN
from polysight.modalities.text.modality import Text


class TextTransformer(Encoder):
    """Two tokens a column: the mean of the states of its words, and the strongest of them.

    Args:
        modality: The fitted modality; its vocabulary and columns give the sizes.
        width: The width of the tokens.
        embedding: The width of the word vectors and states; a multiple of ``heads``, and even.
        depth: The number of blocks.
        heads: The number of attention heads.
        dropout: How often a component is hidden in training, 0 to 1.

    Raises:
        NotFittedError: The modality has no vocabulary yet.
        ConfigError: Sizes that do not fit each other.
    """

    kind: ClassVar[str] = "text_transformer"
    modality: ClassVar[str] = "text"
    sight = Sight("ids", entry="dropout")

    #: Sines and cosines of each position.
    waves: Float[Tensor, "word state"]

    def __init__(
        self,
        modality: Text,
        width: int,
        *,
        embedding: int = 64,
        depth: int = 2,
        heads: int = 4,
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        if modality.vocabulary is None:
            raise NotFittedError("text_transformer needs a fitted Text", fix="call fit with the training rows first")
        if depth < 1 or heads < 1 or embedding % heads or embedding % 2:
            raise ConfigError(
                f"states of {embedding} cannot have {heads} heads and {depth} blocks",
                where="encoders.text_transformer",
                fix="choose an even embedding that is a multiple of heads, and a depth of at least 1",
            )
        self.embed = nn.Embedding(len(modality.vocabulary) + UNKNOWN + 1, embedding, padding_idx=PADDING)
        self.register_buffer("waves", positions(modality.max_length, embedding), persistent=False)
        self.loudness = nn.Parameter(torch.tensor(0.1))
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList([SelfAttention(embedding, heads, dropout) for _ in range(depth)])
        self.norm = nn.LayerNorm(embedding)
        self.project = nn.ModuleList([nn.Linear(embedding, width) for _ in range(2)])
        self.normalise = nn.LayerNorm(width)
        # What tells the columns apart: they share everything else.
        self.column = nn.Parameter(torch.zeros(max(1, len(modality.columns)), 1, width))

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode word numbers, ``arrays["ids"]``: int64 [batch, slot, word]."""
        batch, slots = present.shape
        ids = arrays["ids"].flatten(0, 1)
        if self.training:
            # Padding that no text of the batch needs costs nothing but time; predicting keeps one fixed shape.
            ids = ids[:, : max(1, int((ids != PADDING).sum(dim=1).max()))]
        known = ids != PADDING
        # A text without a word still has one place to look at, which holds padding: no softmax is empty.
        known[:, 0] = True
        states = self.dropout(self.embed(ids) + self.loudness * self.waves[: ids.shape[1]])
        for block in self.blocks:
            states = block(states, known)
        states = self.norm(states)
        mean = states.masked_fill(~known[..., None], 0.0).sum(dim=1) / known.sum(dim=1, keepdim=True)
        strongest = states.masked_fill(~known[..., None], -torch.inf).amax(dim=1)
        tokens = torch.stack([self.project[0](mean), self.project[1](strongest)], dim=1)
        values = self.normalise(tokens).unflatten(0, (batch, slots)) + self.column
        return Tokens(values.flatten(1, 2), present.repeat_interleave(2, dim=1))

    def gathered(self, values: Float[Tensor, "text word component"]) -> Float[Tensor, "text word"]:
        """Summed over the components of each word's vector."""
        return values.sum(dim=2)
