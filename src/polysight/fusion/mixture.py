"""Mixture: a router chooses for each sample which experts answer, and each expert whom it listens to.

Source: Shazeer et al., Outrageously Large Neural Networks: The Sparsely-Gated Mixture-of-Experts Layer, ICLR 2017;
the sparse gates and the balance term, Fedus, Zoph, Shazeer, Switch Transformers, JMLR 2022; routing between ways of
fusing, Xue, Marculescu, Dynamic Multimodal Fusion, CVPR workshops 2023.
Departures: each expert sees the modalities scaled by weights of its own, a softmax over those present, which makes
the weights of modalities known; all experts are computed, also those that do not count; no noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor, nn

from polysight.core.errors import ConfigError
from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion
from polysight.fusion.masking import masked_softmax
from polysight.fusion.normed_means import NormedMeans


class Mixture(Fusion):
    """Dynamic fusion: a mixture of experts routed sample by sample.

    Args:
        names: The modalities.
        width: The width of tokens and of the result.
        experts: The number of experts.
        top_k: How many of them answer for a sample; None lets all answer.
        hidden: The width of an expert's hidden layer (default: ``width``).
        balance: The weight of the term that spreads samples over experts, where only some answer.

    Raises:
        ConfigError: ``top_k`` is more than there are experts.
    """

    kind: ClassVar[str] = "mixture"

    def __init__(
        self,
        names: Sequence[str],
        width: int,
        *,
        experts: Annotated[int, Field(ge=1)] = 4,
        top_k: Annotated[int, Field(ge=1)] | None = None,
        hidden: Annotated[int, Field(ge=1)] | None = None,
        balance: Annotated[float, Field(ge=0)] = 0.01,
    ) -> None:
        super().__init__(names, width)
        if top_k is not None and top_k > experts:
            raise ConfigError(
                f"{top_k} of {experts} experts cannot answer",
                where="fusion.mixture.top_k",
                fix=f"choose at most {experts}, or more experts",
            )
        self.top_k, self.balance = top_k, balance
        seen, hidden = len(self.names) * width, hidden or width
        self.means = NormedMeans(self.names, width)
        self.router = nn.Linear(seen, experts)
        self.listening = nn.Linear(seen, experts * len(self.names))
        self.experts = nn.ModuleList(
            [nn.Sequential(nn.Linear(seen, hidden), nn.GELU(), nn.Linear(hidden, width)) for _ in range(experts)]
        )

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; a modality's weight is what the experts that answer give it, each by its gate."""
        means, present = self.means(tokens)
        seen, something = means.flatten(1), present.any(dim=1, keepdim=True)
        chances = self.router(seen).softmax(dim=1)
        gates = chances if self.top_k is None else _largest(chances, self.top_k)
        scores = self.listening(seen).unflatten(1, (len(self.experts), len(self.names)))
        listened = masked_softmax(scores, present[:, None, :], dim=2)
        answers = [expert((listened[:, e, :, None] * means).flatten(1)) for e, expert in enumerate(self.experts)]
        values = torch.einsum("be,bew->bw", gates, torch.stack(answers, dim=1)).masked_fill(~something, 0.0)
        weights = torch.einsum("be,bem->bm", gates / gates.sum(dim=1, keepdim=True), listened)
        return Fused(values, weights, self._penalty(chances, gates, something))

    def _penalty(
        self,
        chances: Float[Tensor, "batch expert"],
        gates: Float[Tensor, "batch expert"],
        something: Bool[Tensor, "batch 1"],
    ) -> Float[Tensor, " batch"] | None:
        """Experts times the share of samples each answers times its chance: least where all have the same."""
        if self.top_k is None or not self.balance:
            return None
        answering = ((gates > 0) & something).to(chances.dtype).sum(dim=0)
        shares = answering / answering.sum().clamp_min(1)
        return self.balance * len(self.experts) * (chances * shares * something).sum(dim=1)


def _largest(chances: Float[Tensor, "batch expert"], count: int) -> Float[Tensor, "batch expert"]:
    """The largest chances as they are (so that the router learns even where one expert answers), zero elsewhere."""
    kept = chances.topk(count, dim=1)
    return torch.zeros_like(chances).scatter(1, kept.indices, kept.values)
