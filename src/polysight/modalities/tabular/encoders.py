"""Networks that read table columns: scaled numbers, missing indicators and level vectors through a small MLP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from polysight.core.errors import NotFittedError
from polysight.core.tokens import Tokens
from polysight.modalities.encoder import Encoder, Sight
from polysight.modalities.tabular.coding import FIRST
from polysight.modalities.tabular.modality import Tabular


class TabularMLP(Encoder):
    """One token for the whole table.

    Source: the MLP baseline of Gorishniy et al., Revisiting Deep Learning Models for Tabular Data, 2021.

    Args:
        modality: The fitted modality; its columns and levels give the sizes.
        width: The width of the token.
        embedding: The width of the vector of each category.
        hidden: The width of the hidden layer.
        dropout: The share of hidden units left out in training.

    Raises:
        NotFittedError: The modality has not seen training rows yet.
    """

    kind: ClassVar[str] = "tabular_mlp"
    modality: ClassVar[str] = "tabular"
    sight = Sight("numbers", entry="layers")

    #: Where the codes of each column start among the vectors.
    start: Int[Tensor, " categorical"]

    def __init__(
        self, modality: Tabular, width: int, *, embedding: int = 8, hidden: int = 128, dropout: float = 0.2
    ) -> None:
        super().__init__()
        if modality.levels is None:
            raise NotFittedError("tabular_mlp needs a fitted Tabular", fix="call fit with the training rows first")
        sizes = torch.tensor([FIRST + len(known) for known in modality.levels], dtype=torch.int64)
        # One set of vectors for all columns; each column's codes start where the one before ends.
        self.register_buffer("start", sizes.cumsum(0) - sizes, persistent=False)
        self.embed = nn.Embedding(int(sizes.sum()), embedding)
        nn.init.normal_(self.embed.weight, std=embedding**-0.5)
        self.numeric, self.embedding = len(modality.numeric), embedding
        inputs = 2 * self.numeric + embedding * len(modality.levels)
        self.layers = nn.Sequential(
            nn.Linear(inputs, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, width), nn.LayerNorm(width)
        )

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode ``numbers`` and ``missing`` [batch, numeric] and ``categories`` [batch, categorical]."""
        vectors = self.embed(arrays["categories"] + self.start).flatten(1)
        cells = torch.cat([arrays["numbers"], arrays["missing"].to(vectors.dtype), vectors], dim=1)
        return Tokens(self.layers(cells)[:, None], present)

    def gathered(self, values: Float[Tensor, "row component"]) -> Float[Tensor, "row column"]:
        """One number a column, numeric ones first: of its value and whether it is missing, or of its level's vector."""
        numbers, missing = values[:, : self.numeric], values[:, self.numeric : 2 * self.numeric]
        vectors = values[:, 2 * self.numeric :].reshape(len(values), -1, self.embedding).sum(dim=2)
        return torch.cat([numbers + missing, vectors], dim=1)
