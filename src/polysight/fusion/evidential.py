"""Evidential: each modality brings evidence for each class, and doubt where it has little; evidence multiplies.

Source: Han, Zhang, Fu, Zhou, Trusted Multi-View Classification, ICLR 2021 (Dempster's reduced rule over Dirichlet
opinions), after Sensoy, Kaplan, Kandemir, Evidential Deep Learning to Quantify Classification Uncertainty, NeurIPS
2018.
Departures: the rule in closed form over all modalities at once. Belief over doubt of an opinion is evidence over the
number of classes, e / K, and the rule makes it, for two opinions, (1 + e1 / K)(1 + e2 / K) - 1 (the conflict cancels);
so logarithms add, and an absent modality, all doubt, adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch.nn import functional

from polysight.fusion.decision import Decision, DecisionFusion, Opinion


class Evidential(DecisionFusion):
    """Trusted multi-view classification: opinions about the class, combined by Dempster's reduced rule.

    The logits of the decision are the logarithms of the fused Dirichlet's parameters. Their softmax is its mean, and
    ``K / sum(exp(logits))`` is the doubt that remains, 0 to 1 (one where nothing is present). Train it with the
    objective ``evidential``, which reads them so; with ``cross_entropy`` it learns by the likelihood of the mean.

    Args:
        names: The modalities.
        classes: The number of classes, K.
    """

    kind: ClassVar[str] = "evidential"

    def forward(self, opinions: Mapping[str, Opinion]) -> Decision:
        """Decide for a batch; a modality's weight is its share of the belief (one minus doubt) that all bring."""
        logits, present = self._stacked(opinions)
        evidence = functional.softplus(logits).masked_fill(~present[..., None], 0.0)
        # 1 + K (exp(s) - 1), in a form that neither overflows nor loses small evidence.
        s = (evidence / self.classes).log1p().sum(dim=1)
        alphas = s + torch.log1p(-(self.classes - 1) * torch.expm1(-s))
        strength = evidence.sum(dim=2)
        belief = strength / (strength + self.classes)
        weights = belief / belief.sum(dim=1, keepdim=True).clamp_min(torch.finfo(belief.dtype).tiny)
        return Decision(alphas, weights)
