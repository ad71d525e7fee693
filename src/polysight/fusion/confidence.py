"""Confidence: late fusion in which a modality counts as much, sample by sample, as it is sure.

Source: Zhang, Wu, Zhang, Hu, Fu, Zhou, Peng, Provable Dynamic Fusion for Low-Quality Multimodal Data, ICML 2023,
with the energy score of Liu, Wang, Owens, Li, Energy-based Out-of-distribution Detection, NeurIPS 2020.
Departures: a softmax over the modalities present of a learned rising line in the confidence, instead of the line
itself, so that weights are positive and sum to one; without the regulariser that compares confidence with the
history of a sample's losses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar

import torch
from pydantic import Field
from torch import nn

from polysight.fusion.decision import Decision, DecisionFusion, Opinion
from polysight.fusion.masking import masked_softmax


class Confidence(DecisionFusion):
    """Late fusion by confidence: each logit weighs as much as its modality is sure.

    Confidence is minus the energy: ``T log sum exp(logit / T)``.

    Args:
        names: The modalities.
        classes: The number of classes.
        temperature: T, above zero; the higher, the more classes the confidence looks at.
    """

    kind: ClassVar[str] = "confidence"

    def __init__(self, names: Sequence[str], classes: int, *, temperature: Annotated[float, Field(gt=0)] = 1.0) -> None:
        super().__init__(names, classes)
        self.temperature = temperature
        # The slope of each modality is the exponential of its parameter: more confidence never weighs less.
        self.log_slopes = nn.Parameter(torch.zeros(len(self.names)))
        self.offsets = nn.Parameter(torch.zeros(len(self.names)))

    def forward(self, opinions: Mapping[str, Opinion]) -> Decision:
        """Decide for a batch; the weights sum to one over the modalities present."""
        logits, present = self._stacked(opinions)
        confidence = self.temperature * (logits / self.temperature).logsumexp(dim=2)
        weights = masked_softmax(self.log_slopes.exp() * confidence + self.offsets, present, dim=1)
        return Decision((weights[..., None] * logits).sum(dim=1), weights)
