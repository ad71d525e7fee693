"""VolumeConvNet: a small convolutional network in three dimensions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import torch
from jaxtyping import Bool, Float, UInt8
from torch import Tensor, nn

from polysight.core.errors import ConfigError
from polysight.core.tokens import Tokens
from polysight.modalities.encoder import Encoder, Sight
from polysight.modalities.volume.modality import Volume

#: Sides of the grid are halved until they are no longer than this.
_SMALL = 6


class VolumeEncoder(Encoder):
    """One token a scan, from its voxels and its size.

    Args:
        width: The width of tokens.
    """

    modality: ClassVar[str] = "volume"

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width

    @abstractmethod
    def encode(
        self, voxels: UInt8[Tensor, "scan slice height width_px"], size: Float[Tensor, "scan 6"]
    ) -> Float[Tensor, "scan width"]:
        """Encode scans that are there."""

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode ``voxels`` (uint8 [batch, slot, slice, height, width]) and ``size``; one token a slot."""
        voxels, size, there = arrays["voxels"].flatten(0, 1), arrays["size"].flatten(0, 1), present.flatten()
        if self.training:
            # Absent scans must not enter the statistics of batch normalisation either.
            values = size.new_zeros(len(voxels), self.width)
            if there.any():
                encoded = self.encode(voxels[there], size[there])
                values = values.to(encoded.dtype).index_put((there.nonzero()[:, 0],), encoded)
        else:
            values = self.encode(voxels, size).masked_fill(~there[:, None], 0.0)
        return Tokens(values.reshape(*present.shape, self.width), present)


class VolumeConvNet(VolumeEncoder):
    """Residual stages that halve a volume, long sides first, and means and peaks of what is left: one token a scan.

    Scans have far fewer slices than rows: each stage halves only the sides that are about as long as the longest,
    so that places of the map become cubes. How large the scan was goes in beside the map.

    Source: He et al., "Deep residual learning for image recognition", CVPR 2016 (blocks).
    Departures: three dimensions, one block a stage, strides that depend on the grid, peaks beside means.

    Args:
        modality: The fitted volume modality; its grid shapes the strides.
        width: The width of tokens.
        channels: Channels of the first stage; each stage doubles them, up to eight times as many.
        dropout: The share of the pooled values that is dropped in training.
    """

    kind: ClassVar[str] = "volume_convnet"
    sight = Sight("voxels", entry="stages", maps="stages", flat=True)

    def __init__(self, modality: Volume, width: int, *, channels: int = 8, dropout: float = 0.2) -> None:
        super().__init__(width)
        if channels < 1:
            raise ConfigError("channels must be at least 1", where=self.kind)
        stages: list[nn.Module] = []
        inward, outward = 1, channels
        for stride in strides_of(modality.grid):
            stages.append(Residual3d(inward, outward, stride))
            inward, outward = outward, min(2 * outward, 8 * channels)
        self.stages = nn.Sequential(*stages)
        self.project = nn.Sequential(nn.Dropout(dropout), nn.Linear(2 * inward + 6, width), nn.LayerNorm(width))

    def encode(
        self, voxels: UInt8[Tensor, "scan slice height width_px"], size: Float[Tensor, "scan 6"]
    ) -> Float[Tensor, "scan width"]:
        """Means and peaks of the last map."""
        maps = self.stages(voxels[:, None].to(size.dtype) / 127.5 - 1.0).flatten(2)
        return self.project(torch.cat([maps.mean(dim=2), maps.amax(dim=2), size], dim=1))


class Residual3d(nn.Module):
    """Two convolutions, the first with the stride, beside a shortcut that averages."""

    def __init__(self, inward: int, outward: int, stride: tuple[int, int, int]) -> None:
        super().__init__()
        self.first = nn.Sequential(
            nn.Conv3d(inward, outward, 3, stride=stride, padding=1, bias=False), nn.BatchNorm3d(outward), nn.ReLU()
        )
        self.second = nn.Sequential(nn.Conv3d(outward, outward, 3, padding=1, bias=False), nn.BatchNorm3d(outward))
        self.shortcut = nn.Sequential(
            nn.AvgPool3d(stride, ceil_mode=True), nn.Conv3d(inward, outward, 1, bias=False), nn.BatchNorm3d(outward)
        )

    def forward(self, maps: Float[Tensor, "scan channel slice height width_px"]) -> Tensor:
        """Smaller by the stride, more channels."""
        result: Tensor = nn.functional.relu(self.second(self.first(maps)) + self.shortcut(maps))
        return result


def strides_of(grid: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    """The stride of each stage: sides more than half as long as the longest are halved, until all are small.

    Example:
        >>> strides_of((8, 48, 48))
        [(1, 2, 2), (1, 2, 2), (2, 2, 2)]
    """
    sides = list(grid)
    strides: list[tuple[int, int, int]] = []
    while max(sides) > _SMALL or not strides:
        stride = [2 if 2 * side > max(sides) else 1 for side in sides]
        sides = [-(-side // step) for side, step in zip(sides, stride, strict=True)]
        strides.append((stride[0], stride[1], stride[2]))
    return strides
