"""VolumeSlices: a volume as its slices, each read by a network of the plane, attention over all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

import torch
from jaxtyping import Bool, Float, UInt8
from torch import Tensor, nn

from polysight.core.errors import ConfigError
from polysight.modalities.encoder import Sight
from polysight.modalities.image.encoders import Residual
from polysight.modalities.volume.encoders import VolumeEncoder
from polysight.modalities.volume.modality import Volume


class VolumeSlices(VolumeEncoder):
    """2.5-D: each slice with its two neighbours as the three channels of a picture, then attention over slices.

    Far cheaper than convolutions in three dimensions, and what matters is often plain on a few slices.

    Source: Roth et al., "A new 2.5D representation for lymph node detection", MICCAI 2014 (neighbours as channels);
    Ilse et al., "Attention-based deep multiple instance learning", ICML 2018 (attention).
    Departures: attention sees where in the volume a slice lies; several heads.

    Args:
        modality: The fitted volume modality; its grid shapes the network.
        width: The width of tokens.
        channels: Channels of the stem; the last stage has four times as many.
        heads: How many slices are picked, each softly and for reasons of its own.
        dropout: The share of the pooled values that is dropped in training.
    """

    kind: ClassVar[str] = "volume_slices"
    sight = Sight("voxels", entry="plane", maps="plane", flat=True)

    def __init__(
        self, modality: Volume, width: int, *, channels: int = 12, heads: int = 2, dropout: float = 0.2
    ) -> None:
        super().__init__(width)
        if channels < 1 or heads < 1:
            raise ConfigError("channels and heads must be at least 1", where=self.kind)
        halvings = max(0, round(math.log2(max(modality.grid[1:]) / 32)))
        stem: list[nn.Module] = []
        for number in range(max(1, halvings)):
            stride = 2 if halvings else 1
            convolution = nn.Conv2d(3 if number == 0 else channels, channels, 3, stride=stride, padding=1, bias=False)
            stem += [convolution, nn.BatchNorm2d(channels), nn.ReLU()]
        self.plane = nn.Sequential(*stem, Residual(channels, 2 * channels), Residual(2 * channels, 4 * channels))
        hidden = 4 * channels
        self.place = nn.Parameter(torch.zeros(modality.grid[0], hidden))
        self.attention = nn.Sequential(nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, heads))
        self.project = nn.Sequential(nn.Dropout(dropout), nn.Linear(heads * hidden + 6, width), nn.LayerNorm(width))

    def encode(
        self, voxels: UInt8[Tensor, "scan slice height width_px"], size: Float[Tensor, "scan 6"]
    ) -> Float[Tensor, "scan width"]:
        """Slices that attention picks, side by side."""
        scaled = voxels.to(size.dtype) / 127.5 - 1.0
        padded = torch.cat([scaled[:, :1], scaled, scaled[:, -1:]], dim=1)
        pictures = torch.stack([padded[:, :-2], scaled, padded[:, 2:]], dim=2)
        slices = self.plane(pictures.flatten(0, 1)).mean(dim=(2, 3)).unflatten(0, scaled.shape[:2])
        shares = self.attention(slices + self.place).softmax(dim=1)
        picked = torch.einsum("bsh,bsc->bhc", shares, slices).flatten(1)
        return self.project(torch.cat([picked, size], dim=1))

    def looked_at(
        self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]
    ) -> Bool[Tensor, "batch slot slice"]:
        """Every slice is a picture of its own."""
        return torch.ones(arrays["voxels"].shape[:3], dtype=torch.bool, device=present.device)
