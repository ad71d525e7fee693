"""AudioConvNet: a small convolutional network over log-mel spectrograms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from polysight.core.tokens import Tokens
from polysight.modalities.audio.modality import Audio
from polysight.modalities.encoder import Encoder, Sight

#: How many frames (and bands) one place of the last feature map stands for.
STRIDE = 8


class AudioConvNet(Encoder):
    """Convolutions that keep pitch and time apart at the end, and attention over time: one token a clip.

    Bands are measured against their own mean over the clip (cepstral mean normalisation), which removes the
    microphone, the room and much of the speaker. The last convolution spans all of the mel axis, because a
    formant means something at its own frequency only; over time, learned attention pools, because a word may
    stand anywhere.

    Source: S. Furui, "Cepstral analysis technique for automatic speaker verification", 1981 (mean
    normalisation); K. Okabe, "Attentive statistics pooling", 2018 (attention over time).
    Departures: several attention heads, means only.

    Args:
        modality: The settled audio modality, whose bands shape the network.
        width: The width of tokens.
        channels: Channels of the first layer; the last has four times as many.
        heads: How many places in time are pooled separately.
        dropout: The share of the pooled values that is dropped in training.
    """

    kind: ClassVar[str] = "audio_convnet"
    modality: ClassVar[str] = "audio"
    # Bands come around their own mean, so that zeros are a clip without a change in it.
    sight = Sight("logmel", entry="scale", maps="body")

    def __init__(
        self, modality: Audio, width: int, *, channels: int = 24, heads: int = 4, dropout: float = 0.2
    ) -> None:
        super().__init__()
        self.width = width
        bands = -(-modality.spectrogram.bands // STRIDE)
        self.scale = nn.BatchNorm2d(1)
        self.body = nn.Sequential(
            *_layer(1, channels, kernel=5, stride=2),
            *_layer(channels, 2 * channels, stride=2),
            *_layer(2 * channels, 4 * channels, stride=2),
            *_layer(4 * channels, 4 * channels),
        )
        hidden = 4 * channels
        self.across_bands = nn.Sequential(
            nn.Conv2d(4 * channels, hidden, (bands, 1), bias=False), nn.BatchNorm2d(hidden), nn.ReLU()
        )
        self.attention = nn.Conv1d(hidden, heads, 1)
        self.project = nn.Sequential(nn.Dropout(dropout), nn.Linear(heads * hidden, width))
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode a batch; in training, absent slots do not even reach the batch statistics."""
        logmel, length = arrays["logmel"], arrays["length"]
        if not self.training:
            clips = self._encode(logmel.flatten(0, 1), length.flatten())
            values = clips.reshape(*present.shape, self.width).masked_fill(~present[..., None], 0.0)
            return Tokens(values, present)
        values = logmel.new_zeros((*present.shape, self.width))
        if present.any():
            values[present] = self._encode(logmel[present], length[present]).to(values.dtype)
        return Tokens(values, present)

    def _encode(
        self, logmel: Float[Tensor, "clip band frame"], length: Int[Tensor, " clip"]
    ) -> Float[Tensor, "clip width"]:
        filled = torch.arange(logmel.shape[2], device=logmel.device) < length.clamp_min(1)[:, None]
        centred = _without_mean(logmel, filled[:, None, :])
        maps = self.across_bands(self.body(self.scale(centred[:, None]))).squeeze(2)
        attention = self.attention(maps).masked_fill(~filled[:, None, ::STRIDE], float("-inf")).softmax(dim=2)
        return self.project((attention @ maps.transpose(1, 2)).flatten(1))


def _layer(channels: int, out: int, kernel: int = 3, stride: int = 1) -> list[nn.Module]:
    return [
        nn.Conv2d(channels, out, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(out),
        nn.ReLU(inplace=True),
    ]


def _without_mean(
    logmel: Float[Tensor, "clip band frame"], filled: Bool[Tensor, "clip 1 frame"]
) -> Float[Tensor, "clip band frame"]:
    """Each band minus its mean over the clip's frames; zero beyond the clip's end."""
    mean = (logmel * filled).sum(dim=2, keepdim=True) / filled.sum(dim=2, keepdim=True)
    return (logmel - mean) * filled
