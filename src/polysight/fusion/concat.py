"""Concat: the mean token of each modality, side by side, through a small network.

Source: the early fusion baseline of Ngiam et al., Multimodal Deep Learning, ICML 2011.
Departures: each mean is layer-normalised, so that no modality wins by its scale; an absent modality is a
learned vector, which a zero (a possible mean) could not be told from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import nn

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion


class Concat(Fusion):
    """Means side by side, then two layers.

    Args:
        names: The modalities.
        width: The width of tokens and of the result.
        hidden: The width of the hidden layer (default: twice ``width``).
        dropout: How often a hidden unit is dropped in training, 0 to 1.
    """

    kind: ClassVar[str] = "concat"

    def __init__(self, names: Sequence[str], width: int, *, hidden: int | None = None, dropout: float = 0.1) -> None:
        super().__init__(names, width)
        hidden = hidden or 2 * width
        self.norms = nn.ModuleList([nn.LayerNorm(width) for _ in self.names])
        self.absent = nn.Parameter(torch.zeros(len(self.names), width))
        self.network = nn.Sequential(
            nn.Linear(len(self.names) * width, hidden),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, width),
        )

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; see ``Fusion.forward``."""
        present = torch.stack([tokens[name].any_present for name in self.names], dim=1)
        means = [norm(tokens[name].mean()) for name, norm in zip(self.names, self.norms, strict=True)]
        seen = torch.where(present[..., None], torch.stack(means, dim=1), self.absent)
        values = self.network(seen.flatten(1))
        return Fused(values.masked_fill(~present.any(dim=1, keepdim=True), 0.0))
