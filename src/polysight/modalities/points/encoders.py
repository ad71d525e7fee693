"""PointNet: every point through the same small network, then the largest answer of all points."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import ClassVar

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from polysight.core.errors import ConfigError
from polysight.core.tokens import Tokens
from polysight.modalities.encoder import Encoder
from polysight.modalities.points.modality import Points


class PointNet(Encoder):
    """One token a cloud; the order of points plays no part.

    Source: Qi et al., "PointNet: Deep learning on point sets for 3D classification and segmentation", CVPR 2017.
    Departures: no networks that turn the cloud upright first; means beside the largest answers; where the cloud lies
    and how large it is goes in beside them.

    Args:
        modality: The fitted points modality.
        width: The width of tokens.
        channels: Channels of the first layer of each point; the last has eight times as many.
        dropout: The share of the pooled values that is dropped in training.
    """

    kind: ClassVar[str] = "pointnet"
    modality: ClassVar[str] = "points"

    def __init__(self, modality: Points, width: int, *, channels: int = 32, dropout: float = 0.2) -> None:
        super().__init__()
        if channels < 1:
            raise ConfigError("channels must be at least 1", where=self.kind)
        widths = (4, channels, 2 * channels, 8 * channels)
        layers: list[nn.Module] = []
        for inward, outward in pairwise(widths):
            layers += [nn.Conv1d(inward, outward, 1, bias=False), nn.BatchNorm1d(outward), nn.ReLU()]
        self.each = nn.Sequential(*layers)
        self.project = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * widths[-1] + 5, width), nn.LayerNorm(width))
        self.width = width

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode ``points`` (float32 [batch, slot, point, 4]) and ``place``; one token a slot."""
        points, place, there = arrays["points"].flatten(0, 1), arrays["place"].flatten(0, 1), present.flatten()
        if self.training:
            # Absent clouds must not enter the statistics of batch normalisation either.
            values = place.new_zeros(len(points), self.width)
            if there.any():
                encoded = self._encode(points[there], place[there])
                values = values.to(encoded.dtype).index_put((there.nonzero()[:, 0],), encoded)
        else:
            values = self._encode(points, place).masked_fill(~there[:, None], 0.0)
        return Tokens(values.reshape(*present.shape, self.width), present)

    def _encode(
        self, points: Float[Tensor, "cloud point 4"], place: Float[Tensor, "cloud 5"]
    ) -> Float[Tensor, "cloud width"]:
        answers = self.each(points.transpose(1, 2))
        return self.project(torch.cat([answers.amax(dim=2), answers.mean(dim=2), place], dim=1))
