"""The article's text branch: small word vectors, one LSTM, its last state.

Source: Hochreiter and Schmidhuber, Long Short-Term Memory, 1997.
Departures: padding is never read, where tutorials let the LSTM run over it. PyTorch's LSTM has two biases, whose sum
is all that counts; the second stays zero and is not learned, so that there are as many weights as in Keras. The last
state goes through the text's block of a dense layer whose other blocks, bias and ReLU are elsewhere (fusion ``dense``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

import torch
from jaxtyping import Bool, Float, Int
from pydantic import Field
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from polysight.core.tokens import Tokens
from polysight.modalities.encoder import Encoder
from polysight.modalities.text.augment import PADDING, UNKNOWN
from polysight.modalities.text.modality import Text

Size = Annotated[int, Field(ge=1)]


class ArticleLSTM(Encoder):
    """Word vectors of 16 numbers for 10,000 words, and the last state of an LSTM of 64 units; one token a column.

    The vocabulary itself is the modality's, learned from training texts alone; the table has ``words`` rows however
    few words those texts hold, and rarer words than it has room for are unknown.

    Args:
        modality: The fitted text modality.
        width: The width of the token: the units of the dense layer.
        words: Rows of the table of word vectors, padding and the unknown word included; at least 2.
        embedding: The width of word vectors.
        hidden: The units of the LSTM.
    """

    kind: ClassVar[str] = "article_lstm"
    modality: ClassVar[str] = "text"

    def __init__(
        self,
        modality: Text,
        width: int,
        *,
        words: Annotated[int, Field(ge=UNKNOWN + 1)] = 10_000,
        embedding: Size = 16,
        hidden: Size = 64,
    ) -> None:
        super().__init__()
        self.words = words
        self.embed = nn.Embedding(words, embedding)
        self.lstm = nn.LSTM(embedding, hidden, batch_first=True)
        nn.init.zeros_(self.lstm.get_parameter("bias_hh_l0")).requires_grad_(False)
        self.dense = nn.Linear(hidden, width, bias=False)

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode word numbers, ``arrays["ids"]``: int64 [batch, slot, word]."""
        values = self.dense(self._last_state(arrays["ids"].flatten(0, 1))).unflatten(0, present.shape)
        return Tokens(values.masked_fill(~present[..., None], 0.0), present)

    def _last_state(self, ids: Int[Tensor, "text word"]) -> Float[Tensor, "text state"]:
        # A text without a word still takes one step over padding: packing refuses an empty sequence.
        lengths = (ids != PADDING).sum(dim=1).clamp_min(1)
        known = torch.where(ids < self.words, ids, UNKNOWN)
        packed = pack_padded_sequence(self.embed(known), lengths.cpu(), batch_first=True, enforce_sorted=False)
        _, (last, _) = self.lstm(packed)
        state: Tensor = last[0]
        return state
