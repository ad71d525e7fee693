"""DecisionNetwork: an encoder and a head for each modality, and a fusion of what the heads answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import nn

from polysight.core.tokens import Tokens
from polysight.fusion.decision import DecisionFusion, Opinion
from polysight.fusion.normed_means import NormedMeans
from polysight.learners.network import EncodedNetwork, Output
from polysight.modalities.encoder import Encoder


class DecisionNetwork(EncodedNetwork):
    """Tokens of each modality, classified by a head of its own; the answers fused.

    What a modality answers alone is the decision with no other there, so that it can be compared with the answer.

    Args:
        encoders: One encoder a modality, all of the same width.
        fusion: A decision fusion of these modalities.
        width: The width of tokens.
        modality_dropout: See ``EncodedNetwork``.
    """

    heads_train_alone: ClassVar[bool] = False

    def __init__(
        self, encoders: Mapping[str, Encoder], fusion: DecisionFusion, width: int, *, modality_dropout: float = 0.2
    ) -> None:
        super().__init__(encoders, width, fusion.classes, modality_dropout)
        self.fusion = fusion
        # Normed, because an unusual row would else make a head as sure as it is unusual.
        self.means = NormedMeans(self.names, width)
        self.heads = nn.ModuleList([nn.Linear(width, fusion.classes) for _ in self.names])

    def answer(self, tokens: Mapping[str, Tokens]) -> Output:
        """Classify tokens; see ``EncodedNetwork.answer``."""
        means, present = self.means(tokens)
        logits = {name: head(means[:, i]) for i, (name, head) in enumerate(zip(self.names, self.heads, strict=True))}
        shown = self._shown(tokens)
        decision = self.fusion({name: Opinion(logits[name], shown[name].any_present) for name in self.names})
        alone = []
        for i in range(len(self.names)):
            only = present & (torch.arange(len(self.names), device=present.device) == i)
            answers = {name: Opinion(logits[name], only[:, j]) for j, name in enumerate(self.names)}
            alone.append(self.fusion(answers).logits)
        return Output(decision.logits, torch.stack(alone, dim=1), present, decision.weights, means)
