"""TensorProduct: the outer product of all modalities - every interaction between them, each with its own weight.

Source: Zadeh, Chen, Poria, Cambria, Morency, Tensor Fusion Network for Multimodal Sentiment Analysis, EMNLP 2017.
Departures: each modality is layer-normalised and brought to a small inner width first, because the product has
(inner + 1) to the power of the number of modalities entries, and through tanh, because the product of many large
numbers loses digits; one layer after it. An absent modality is a zero beside the constant 1, which leaves the product
of the others as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

from pydantic import Field
from torch import nn
from torch.nn import functional

from polysight.core.errors import ConfigError
from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion
from polysight.fusion.normed_means import NormedMeans

#: The most weights the layer after the product may have (64 MiB in single precision).
LARGEST = 2**24
#: The most entries of the product where nobody chose the inner width, and the widest such width (the paper's).
ENTRIES, WIDEST = 2**12, 32


class TensorProduct(Fusion):
    """Tensor fusion: one weight for every interaction of features of all modalities.

    Args:
        names: The modalities.
        width: The width of tokens and of the result.
        inner: The width each modality has in the product (default: the widest up to 32 with which the product has
            at most 4,096 entries: 32 for two modalities, 15 for three, 7 for four).
        dropout: How often an entry of the product is dropped in training, 0 to 1.

    Raises:
        ConfigError: The product would have too many entries for these modalities and widths.
    """

    kind: ClassVar[str] = "tensor"

    def __init__(
        self,
        names: Sequence[str],
        width: int,
        *,
        inner: Annotated[int, Field(ge=1)] | None = None,
        dropout: Annotated[float, Field(ge=0, le=1)] = 0.1,
    ) -> None:
        super().__init__(names, width)
        inner = inner or _widest(WIDEST, len(self.names), ENTRIES) or 1
        entries = _entries_that_fit(inner, len(self.names), width)
        self.means = NormedMeans(self.names, width)
        self.inner = nn.ModuleList([nn.Linear(width, inner) for _ in self.names])
        self.dropout = nn.Dropout(dropout)
        self.interactions = nn.Linear(entries, width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; see ``Fusion.forward``."""
        means, present = self.means(tokens)
        product = means.new_ones(len(means), 1)
        for i, layer in enumerate(self.inner):
            one = functional.pad(layer(means[:, i]).tanh().masked_fill(~present[:, [i]], 0.0), (0, 1), value=1.0)
            product = (product[:, :, None] * one[:, None, :]).flatten(1)
        values = self.interactions(self.dropout(product))
        return Fused(values.masked_fill(~present.any(dim=1, keepdim=True), 0.0))


def _entries_that_fit(inner: int, count: int, width: int) -> int:
    entries = (inner + 1) ** count
    if entries * width <= LARGEST:
        return entries
    fits = _widest(inner, count, LARGEST // width)
    smaller = f"set inner to at most {fits}, or use" if fits else "use"
    raise ConfigError(
        f"the product of {count} modalities of inner width {inner} has {entries:,} entries, "
        f"and the layer after it {entries * width:,} weights; {LARGEST:,} are allowed",
        where="fusion.tensor",
        fix=f"{smaller} low_rank, which sees the same interactions through a few factors",
    )


def _widest(most: int, count: int, entries: int) -> int:
    """The widest inner width up to ``most`` whose product has at most so many entries; zero where none has."""
    return next((inner for inner in range(most, 0, -1) if (inner + 1) ** count <= entries), 0)
