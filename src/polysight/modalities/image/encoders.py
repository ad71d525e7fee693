"""A small convolutional network for images of any size."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, Protocol

import torch
from jaxtyping import Bool, Float, UInt8
from torch import Tensor, nn

from polysight.core.errors import ConfigError
from polysight.core.tokens import Tokens
from polysight.modalities.encoder import Encoder, Sight


class Squares(Protocol):
    """What gives square images: an image input, or one that has frames."""

    @property
    def side(self) -> int:
        """Pixels of each side."""


class ImageConvNet(Encoder):
    """A residual network that learns from a thousand images: a few tokens an image, one for each part and one for all.

    The stem halves the image until some 32 pixels are left (28 -> 28, 64 -> 32, 128 -> 32, 224 -> 28), two
    residual stages halve it twice more, and the map is pooled to ``grid`` x ``grid`` parts. Each part has a
    projection of its own, so that the place of a thing survives the mean over tokens.

    Source: He et al., "Deep residual learning for image recognition", CVPR 2016 (blocks).
    Departures: a stem that depends on the size, one block a stage, grid pooling.

    Args:
        modality: The settled image modality; its size shapes the stem.
        width: The width of tokens.
        channels: Channels of the first stage; each stage doubles them.
        grid: Parts each way; an image gives ``grid ** 2 + 1`` tokens.
    """

    kind: ClassVar[str] = "image_convnet"
    modality: ClassVar[str] = "image"
    sight = Sight("pixels", entry="stem", maps="stages", flat=True)

    def __init__(self, modality: Squares, width: int, *, channels: int = 16, grid: int = 2) -> None:
        super().__init__()
        if channels < 1 or grid < 1:
            raise ConfigError("channels and grid must be at least 1", where=self.kind)
        halvings = max(0, round(math.log2(modality.side / 32)))
        stem = [_convolution(3, channels, stride=2 if halvings else 1)]
        stem += [_convolution(channels, channels, stride=2) for _ in range(halvings - 1)]
        self.stem = nn.Sequential(*stem)
        self.stages = nn.Sequential(Residual(channels, 2 * channels), Residual(2 * channels, 4 * channels))
        self.parts = nn.AdaptiveAvgPool2d(grid)
        self.project = nn.Parameter(torch.empty(grid**2 + 1, 4 * channels, width))
        nn.init.normal_(self.project, std=(4 * channels) ** -0.5)
        self.norm = nn.LayerNorm(width)
        # Convolutions are fastest with channels last, which is also how pixels come.
        for part in (self.stem, self.stages):
            part.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode ``pixels`` (uint8 [batch, slot, size, size, 3]); each slot gives its tokens, one after the other."""
        pixels = arrays["pixels"].flatten(0, 1)
        there = present.flatten()
        count, width = self.project.shape[0], self.project.shape[2]
        if self.training:
            # Absent images must not enter the statistics of batch normalisation either.
            values = self.project.new_zeros(len(pixels), count, width)
            if there.any():
                encoded = self._encode(pixels[there])
                values = values.to(encoded.dtype).index_put((there.nonzero()[:, 0],), encoded)
        else:
            values = self._encode(pixels).masked_fill(~there[:, None, None], 0.0)
        slots = present.shape[1]
        return Tokens(values.reshape(-1, slots * count, width), present.repeat_interleave(count, dim=1))

    def _encode(self, pixels: UInt8[Tensor, "image size size 3"]) -> Float[Tensor, "image token width"]:
        # Channels are last in memory already, which is the layout convolutions are fastest in.
        scaled = pixels.permute(0, 3, 1, 2).to(self.project.dtype) / 127.5 - 1.0
        features = self.stages(self.stem(scaled))
        parts = self.parts(features).flatten(2).transpose(1, 2)
        pooled = torch.cat([features.mean(dim=(2, 3))[:, None], parts], dim=1)
        return self.norm(torch.einsum("itc,tcw->itw", pooled, self.project))


class Residual(nn.Module):
    """Two convolutions, the first halving the map, beside a shortcut that averages."""

    def __init__(self, inward: int, outward: int) -> None:
        super().__init__()
        self.first = _convolution(inward, outward, stride=2)
        self.second = nn.Sequential(nn.Conv2d(outward, outward, 3, padding=1, bias=False), nn.BatchNorm2d(outward))
        self.shortcut = nn.Sequential(
            nn.AvgPool2d(2, ceil_mode=True), nn.Conv2d(inward, outward, 1, bias=False), nn.BatchNorm2d(outward)
        )

    def forward(self, maps: Float[Tensor, "image channel height width_px"]) -> Float[Tensor, "image outward half half"]:
        """Half the size, more channels."""
        result: Tensor = nn.functional.relu(self.second(self.first(maps)) + self.shortcut(maps))
        return result


def _convolution(inward: int, outward: int, *, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inward, outward, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(outward), nn.ReLU()
    )
