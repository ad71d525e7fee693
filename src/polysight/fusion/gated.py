"""Gated: each modality proposes a vector, and gates that see all of them decide unit by unit whom to believe.

Source: Arevalo, Solorio, Montes-y-Gomez, Gonzalez, Gated Multimodal Units for Information Fusion, ICLR workshop 2017.
Departures: an absent modality's gate is closed, and the gates see zeros in its place; the gates of the
modalities that are there compete through a softmax (for two modalities the paper's tied gates z and 1 - z;
``gates="sigmoid"`` gives its independent gates for more than two).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion
from polysight.fusion.masking import masked_softmax

Gates = Literal["softmax", "sigmoid"]


class Gated(Fusion):
    """The gated multimodal unit over mean tokens.

    Args:
        names: The modalities.
        width: The width of tokens and of the result.
        gates: ``softmax``: the gates of a unit sum to one over the modalities present; ``sigmoid``: each on its own.
    """

    kind: ClassVar[str] = "gated"

    def __init__(self, names: Sequence[str], width: int, *, gates: Gates = "softmax") -> None:
        super().__init__(names, width)
        self.open = _GATES[gates]
        self.proposals = nn.ModuleList([nn.Linear(width, width) for _ in self.names])
        self.scores = nn.Linear(len(self.names) * width, len(self.names) * width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; the weight of a modality is the mean of its gates over units."""
        present = torch.stack([tokens[name].any_present for name in self.names], dim=1)
        means = [tokens[name].mean() for name in self.names]
        proposals = [torch.tanh(layer(mean)) for layer, mean in zip(self.proposals, means, strict=True)]
        scores = self.scores(torch.cat(means, dim=1)).unflatten(1, (len(self.names), self.width))
        gates = self.open(scores, present[..., None])
        return Fused((gates * torch.stack(proposals, dim=1)).sum(dim=1), gates.mean(dim=2))


def _softmax(
    scores: Float[Tensor, "batch modality width"], present: Bool[Tensor, "batch modality 1"]
) -> Float[Tensor, "batch modality width"]:
    return masked_softmax(scores, present, dim=1)


def _sigmoid(
    scores: Float[Tensor, "batch modality width"], present: Bool[Tensor, "batch modality 1"]
) -> Float[Tensor, "batch modality width"]:
    return scores.sigmoid().masked_fill(~present, 0.0)


_GATES = {"softmax": _softmax, "sigmoid": _sigmoid}
