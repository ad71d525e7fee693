"""FiLM: each modality is scaled and shifted, feature by feature, as the others say.

Source: Perez, Strub, de Vries, Dumoulin, Courville, FiLM: Visual Reasoning with a General Conditioning
Layer, AAAI 2018.
Departures: one vector a modality instead of feature maps; every modality is conditioned on all others (an absent
one says nothing), and the mean of those present is the result; GELU after the modulation instead of ReLU, which
could leave a modality without gradient.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import nn
from torch.nn import functional

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion
from polysight.fusion.normed_means import NormedMeans


class FiLM(Fusion):
    """Feature-wise linear modulation of each modality by the others.

    A modality that is alone is modulated by the learned constants that remain.

    Args:
        names: The modalities.
        width: The width of tokens and of the result.
    """

    kind: ClassVar[str] = "film"

    def __init__(self, names: Sequence[str], width: int) -> None:
        super().__init__(names, width)
        count = len(self.names)
        self.means = NormedMeans(self.names, width)
        self.contents = nn.ModuleList([nn.Linear(width, width) for _ in self.names])
        # Each sees the others side by side; its own place holds zeros, so that layers exist for one modality too.
        self.conditions = nn.ModuleList([nn.Linear(count * width, 2 * width) for _ in self.names])

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; see ``Fusion.forward``."""
        means, present = self.means(tokens)
        modulated = []
        for i, (content, condition) in enumerate(zip(self.contents, self.conditions, strict=True)):
            others = torch.cat([means[:, :i], torch.zeros_like(means[:, [i]]), means[:, i + 1 :]], dim=1)
            scale, shift = condition(others.flatten(1)).chunk(2, dim=1)
            modulated.append(functional.gelu((1 + scale) * content(means[:, i]) + shift))
        return Fused(Tokens(torch.stack(modulated, dim=1), present).mean())
