"""Plain convolutional networks as tutorials draw them: convolutions and max-pooling, flattened into a dense layer.

Source: LeCun, Bottou, Bengio, Haffner, Gradient-Based Learning Applied to Document Recognition, 1998, in the form that
Keras tutorials gave it.
Departures: pooling stands before the ReLU, which gives the same numbers from a quarter of the work; what is flattened
goes through the image's block of a dense layer whose other blocks, bias and ReLU are elsewhere (fusion ``dense``).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Annotated, ClassVar

import torch
from jaxtyping import Bool, Float, UInt8
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from polysight.core.errors import ConfigError
from polysight.core.tokens import Tokens
from polysight.modalities.encoder import Encoder, Sight
from polysight.modalities.image.modality import Image

#: Images convolved at a time: the maps of one of 224 x 224 take 6 MB, and prediction brings more rows than training.
PORTION = 32

Side = Annotated[int, Field(ge=8, le=1024)]
Channels = Annotated[int, Field(ge=1)]


class Flattened(Encoder):
    """Blocks of convolution, max-pooling and ReLU, flattened; one token a slot, with no norm and no bias.

    Pixels are divided by 255. All weights start as PyTorch starts them.
    """

    modality: ClassVar[str] = "image"

    def __init__(self, side: int, width: int) -> None:
        super().__init__()
        self.side = side
        self.convolutions = self._convolutions()
        last = f"convolutions.{len(self.convolutions) - 1}"
        self.sight = Sight("pixels", entry="convolutions.0", maps=last, flat=True)
        with torch.no_grad():
            flat = self._maps(torch.zeros(1, 3, side, side)).numel()
        self.dense = nn.Linear(flat, width, bias=False)
        # Pixels come with channels last, and so both convolutions and flattening copy nothing.
        self.convolutions.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode ``pixels`` (uint8 [batch, slot, size, size, 3])."""
        portions = torch.split(arrays["pixels"].flatten(0, 1), PORTION)
        values = torch.cat([self._encode(portion) for portion in portions]).reshape(
            *present.shape, self.dense.out_features
        )
        return Tokens(values.masked_fill(~present[..., None], 0.0), present)

    @abstractmethod
    def _convolutions(self) -> nn.ModuleList:
        """The convolutions, in order."""

    def _encode(self, pixels: UInt8[Tensor, "image size size 3"]) -> Float[Tensor, "image width"]:
        scaled = pixels.permute(0, 3, 1, 2).to(self.dense.weight.dtype) / 255
        if scaled.shape[2] != self.side:
            scaled = functional.interpolate(scaled, (self.side, self.side), mode="bilinear", antialias=True)
        values: Tensor = self.dense(self._maps(scaled).permute(0, 2, 3, 1).flatten(1))
        return values

    def _maps(self, images: Float[Tensor, "image 3 side side"]) -> Float[Tensor, "image channel height width_px"]:
        maps = images
        for convolution in self.convolutions:
            maps = torch.relu(functional.max_pool2d(convolution(maps), 2))
        return maps


class ArticleConv(Flattened):
    """The article's image branch: a convolution of 32 filters of 3 x 3 without padding, max-pooling, flattened.

    At 224 x 224 that is 394,272 numbers, so that the dense layer after it holds nearly all weights of the network.

    Args:
        modality: The settled image modality.
        width: The width of the token: the units of the dense layer.
        size: Pixels of each side the network looks at, 8 to 1024; images read at another size are resized.
        channels: The number of filters.
    """

    kind: ClassVar[str] = "article_conv"

    def __init__(self, modality: Image, width: int, *, size: Side = 224, channels: Channels = 32) -> None:
        self.channels = channels
        super().__init__(size, width)

    def _convolutions(self) -> nn.ModuleList:
        return nn.ModuleList([nn.Conv2d(3, self.channels, 3)])


class CNN(Flattened):
    """Blocks of a 3 x 3 convolution with padding and max-pooling, flattened: the article's other network.

    Args:
        modality: The settled image modality; its size is the network's.
        width: The width of the token: the units of the dense layer.
        channels: The filters of each block.

    Raises:
        ConfigError: There is no block, or more blocks than the image can be halved.
    """

    kind: ClassVar[str] = "cnn"

    def __init__(self, modality: Image, width: int, *, channels: tuple[Channels, ...] = (32, 64)) -> None:
        if not channels or modality.side < 2 ** len(channels):
            raise ConfigError(
                f"{len(channels)} blocks do not fit an image of {modality.side} pixels", where=f"{self.kind}.channels"
            )
        self.channels = tuple(channels)
        super().__init__(modality.side, width)

    def _convolutions(self) -> nn.ModuleList:
        inward = (3, *self.channels[:-1])
        return nn.ModuleList([nn.Conv2d(i, o, 3, padding=1) for i, o in zip(inward, self.channels, strict=True)])
