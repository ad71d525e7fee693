"""Networks that read text: word vectors, a bidirectional LSTM, and three summaries of its states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from polysight.core.errors import NotFittedError
from polysight.core.tokens import Tokens
from polysight.modalities.encoder import Encoder, Sight
from polysight.modalities.text.augment import PADDING, UNKNOWN
from polysight.modalities.text.modality import Text


class TextLSTM(Encoder):
    """Three tokens a column: where the LSTM ended, the strongest of its states, and the ones attended to.

    Words are learned from the training texts alone, so this suits a few thousand texts; padding is never read.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; attention pooling after Yang et al.,
    Hierarchical Attention Networks, 2016 (one level of it).

    Args:
        modality: The fitted modality; its vocabulary and columns give the sizes.
        width: The width of the tokens.
        embedding: The width of the word vectors.
        hidden: The width of the LSTM in each direction.
        dropout: The share of word-vector components hidden in training.

    Raises:
        NotFittedError: The modality has no vocabulary yet.
    """

    kind: ClassVar[str] = "text_lstm"
    modality: ClassVar[str] = "text"
    sight = Sight("ids", entry="dropout")

    def __init__(
        self, modality: Text, width: int, *, embedding: int = 64, hidden: int = 64, dropout: float = 0.3
    ) -> None:
        super().__init__()
        if modality.vocabulary is None:
            raise NotFittedError("text_lstm needs a fitted Text", fix="call fit with the training rows first")
        self.embed = nn.Embedding(len(modality.vocabulary) + UNKNOWN + 1, embedding, padding_idx=PADDING)
        self.dropout = nn.Dropout(dropout)
        self.lstm = nn.LSTM(embedding, hidden, batch_first=True, bidirectional=True)
        self.attend = nn.Linear(2 * hidden, 1)
        self.project = nn.ModuleList(nn.Linear(2 * hidden, width) for _ in range(3))
        self.normalise = nn.LayerNorm(width)
        # What tells the columns apart: they share everything else.
        self.column = nn.Parameter(torch.zeros(max(1, len(modality.columns)), 1, width))

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode word numbers, ``arrays["ids"]``: int64 [batch, slot, word]."""
        batch, slots = present.shape
        summaries = self._summaries(arrays["ids"].flatten(0, 1))
        tokens = torch.stack([layer(summary) for layer, summary in zip(self.project, summaries, strict=True)], dim=1)
        values = self.normalise(tokens).unflatten(0, (batch, slots)) + self.column
        return Tokens(values.flatten(1, 2), present.repeat_interleave(len(summaries), dim=1))

    def gathered(self, values: Float[Tensor, "text word component"]) -> Float[Tensor, "text word"]:
        """Summed over the components of each word's vector."""
        return values.sum(dim=2)

    def _summaries(self, ids: Int[Tensor, "text word"]) -> tuple[Float[Tensor, "text state"], ...]:
        # A text without a word still takes one step over padding: packing refuses an empty sequence.
        lengths = (ids != PADDING).sum(dim=1).clamp_min(1)
        packed = pack_padded_sequence(
            self.dropout(self.embed(ids)), lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        steps, (last, _) = self.lstm(packed)
        states, _ = pad_packed_sequence(steps, batch_first=True)
        beyond = (torch.arange(states.shape[1], device=ids.device) >= lengths[:, None])[..., None]
        strongest = states.masked_fill(beyond, -torch.inf).amax(dim=1)
        weights = self.attend(states).masked_fill(beyond, -torch.inf).softmax(dim=1)
        return torch.cat(tuple(last), dim=1), strongest, (weights * states).sum(dim=1)
