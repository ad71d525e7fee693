"""Mean: the mean of the modalities that are there.

Source: Havaei, Guizard, Chapados, Bengio, HeMIS: Hetero-Modal Image Segmentation, MICCAI 2016.
Departures: the mean alone, without the variance beside it; modalities are layer-normalised first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion
from polysight.fusion.masking import equal_weights
from polysight.fusion.normed_means import NormedMeans


class Mean(Fusion):
    """Every modality that is there counts the same; the least that more elaborate methods must beat.

    Modalities meet in a sum only, so that a linear head sees no interaction between them.

    Args:
        names: The modalities.
        width: The width of tokens and of the result.
    """

    kind: ClassVar[str] = "mean"

    def __init__(self, names: Sequence[str], width: int) -> None:
        super().__init__(names, width)
        self.means = NormedMeans(self.names, width)

    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; the weights are equal over the modalities present."""
        means, present = self.means(tokens)
        weights = equal_weights(present, means.dtype)
        return Fused((weights[..., None] * means).sum(dim=1), weights)
