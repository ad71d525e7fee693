"""ModalityGraph: modalities are the nodes of a graph and tell each other what they know, along learned edges.

Source: Velickovic et al., Graph Attention Networks, ICLR 2018, with the scores of Brody, Alon, Yahav, How Attentive
are Graph Attention Networks?, ICLR 2022.
Departures: the graph is complete over the modalities present, each also hearing itself; every edge has a learned
vector of its own in the scores; one head; messages are added to a node; the mean over nodes is the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion
from polysight.fusion.masking import masked_softmax
from polysight.fusion.normed_means import NormedMeans


class ModalityGraph(Fusion):
    """A graph network over modality nodes.

    Args:
        names: The modalities.
        width: The width of tokens and of the result.
        rounds: How often messages are passed.
    """

    kind: ClassVar[str] = "graph"

    def __init__(self, names: Sequence[str], width: int, *, rounds: Annotated[int, Field(ge=1)] = 2) -> None:
        super().__init__(names, width)
        count = len(self.names)
        self.means = NormedMeans(self.names, width)
        self.edges = nn.Parameter(torch.randn(count, count, width) * 0.02)
        self.rounds = nn.ModuleList([_Round(width) for _ in range(rounds)])
        self.norm = nn.LayerNorm(width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; a modality's weight is the mean attention it gets from those present in the last round."""
        nodes, present = self.means(tokens)
        for one in self.rounds:
            nodes, looks = one(nodes, self.edges, present)
        return Fused(Tokens(self.norm(nodes), present).mean(), Tokens(looks, present).mean())


class _Round(nn.Module):
    """Each node hears every node that is there, as far as the edge between them lets it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.hears = nn.Linear(width, width)
        self.tells = nn.Linear(width, width)
        self.score = nn.Linear(width, 1, bias=False)

    def forward(
        self,
        nodes: Float[Tensor, "batch modality width"],
        edges: Float[Tensor, "modality modality width"],
        present: Bool[Tensor, "batch modality"],
    ) -> tuple[Float[Tensor, "batch modality width"], Float[Tensor, "batch modality modality"]]:
        told = self.tells(nodes)
        pairs = functional.leaky_relu(self.hears(nodes)[:, :, None] + told[:, None] + edges, 0.2)
        looks = masked_softmax(self.score(pairs)[..., 0], present[:, None, :], dim=2)
        return nodes + functional.elu(looks @ told), looks
