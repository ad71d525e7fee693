"""Dense: one ReLU layer over all modalities side by side, taken apart by modality.

Source: the early fusion baseline of Ngiam et al., Multimodal Deep Learning, ICML 2011, as tutorials write it:
concatenate, then one dense layer.
Departures: the layer's matrix is cut into one block a modality, and each block belongs to an encoder, so that
modalities of any widths can be concatenated; the layer's sum over all inputs is the sum of what the blocks give, and
the bias and the ReLU are here. An absent modality is the zero vector, which adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import torch
from torch import nn

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion


class Dense(Fusion):
    """What encoders give is added up, then a bias and a ReLU: the plainest fusion there is.

    After encoders that end in a linear layer without bias (``article_conv``, ``article_lstm``, ``cnn``) it is exactly
    a dense layer over everything they flattened. Modalities meet in a sum before the ReLU.

    Args:
        names: The modalities.
        width: The width of tokens and of the result.
    """

    kind: ClassVar[str] = "dense"

    def __init__(self, names: Sequence[str], width: int) -> None:
        super().__init__(names, width)
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; see ``Fusion.forward``."""
        total = torch.stack([tokens[name].mean() for name in self.names]).sum(dim=0)
        there = torch.stack([tokens[name].any_present for name in self.names]).any(dim=0)
        return Fused(torch.relu(total + self.bias).masked_fill(~there[:, None], 0.0))
