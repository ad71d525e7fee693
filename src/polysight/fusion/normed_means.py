"""NormedMeans: one vector a modality - the mean of its tokens, layer-normalised, zero where it is absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from polysight.core.tokens import Tokens


class NormedMeans(nn.Module):
    """The first step of fusions that see one vector a modality; the norms keep any from winning by its scale.

    Args:
        names: The modalities, in the order of the result.
        width: The width of tokens.
    """

    def __init__(self, names: Sequence[str], width: int) -> None:
        super().__init__()
        self.names = tuple(names)
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in self.names])

    def forward(
        self, tokens: Mapping[str, Tokens]
    ) -> tuple[Float[Tensor, "batch modality width"], Bool[Tensor, "batch modality"]]:
        """The vectors, and which are there."""
        present = torch.stack([tokens[name].any_present for name in self.names], dim=1)
        means = [norm(tokens[name].mean()) for name, norm in zip(self.names, self.norms, strict=True)]
        return torch.stack(means, dim=1).masked_fill(~present[..., None], 0.0), present
