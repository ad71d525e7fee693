"""Networks over sensor series: convolutions over time, or a recurrent network over short windows of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from polysight.core.errors import ConfigError, NotFittedError
from polysight.core.tokens import Tokens
from polysight.modalities.encoder import Encoder, Sight
from polysight.modalities.over_time import Recurrent, TemporalAttention
from polysight.modalities.series.modality import Series


class SeriesEncoder(Encoder):
    """Two tokens a slot; what lies beyond the end of a series is zero, and stays zero after each layer."""

    modality: ClassVar[str] = "series"

    def __init__(self, modality: Series, width: int, summary: int) -> None:
        super().__init__()
        if modality.channels is None or modality.steps is None:
            raise NotFittedError(f"{self.kind} needs a settled series", fix="call settle first")
        self.width = width
        self.project = nn.ModuleList([nn.Linear(summary, width) for _ in range(2)])
        self.normalise = nn.LayerNorm(width)
        # What tells the columns apart: they share everything else.
        self.column = nn.Parameter(torch.zeros(max(1, len(modality.columns)), 1, width))

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode ``values`` [batch, slot, channel, time], of which ``length`` [batch, slot] steps are there."""
        values, length = arrays["values"], arrays["length"]
        tokens = values.new_zeros((*present.shape, 2, self.width))
        if self.training:
            # Absent slots must not enter the statistics of batch normalisation either.
            if present.any():
                columns = self.column.expand(present.shape[0], -1, -1, -1)[present]
                tokens[present] = (self._tokens(values[present], length[present]) + columns).to(tokens.dtype)
        else:
            there = values.masked_fill(~present[..., None, None], 0.0)
            ends = length.masked_fill(~present, 0)
            encoded = self._tokens(there.flatten(0, 1), ends.flatten()).reshape(tokens.shape) + self.column
            tokens = encoded.masked_fill(~present[..., None, None], 0.0)
        return Tokens(tokens.flatten(1, 2), present.repeat_interleave(2, dim=1))

    def _tokens(self, values: Float[Tensor, "series channel time"], length: Int[Tensor, " series"]) -> Tensor:
        summaries = self._summaries(values, length)
        projected = [layer(summaries[:, i]) for i, layer in enumerate(self.project)]
        return self.normalise(torch.stack(projected, dim=1))

    def gathered(self, values: Float[Tensor, "series channel time"]) -> Float[Tensor, "series channel time"]:
        """As they are: channels have names of their own."""
        return values

    @abstractmethod
    def _summaries(
        self, values: Float[Tensor, "series channel time"], length: Int[Tensor, " series"]
    ) -> Float[Tensor, "series 2 summary"]:
        """Two summaries of each series."""


class SeriesConvNet(SeriesEncoder):
    """A residual network over time: the states attended to, and the strongest of them.

    Source: Z. Wang, W. Yan, T. Oates, "Time series classification from scratch with deep neural networks", IJCNN
    2017 (residual networks over time).
    Departures: strides, attention and maximum instead of the mean over time, and series that end early.

    Args:
        modality: The settled series modality, whose channels and steps shape the network.
        width: The width of tokens.
        hidden: Channels of the first stage; the second has twice as many.
        dropout: The share of the summaries that is dropped in training.
    """

    kind: ClassVar[str] = "series_convnet"
    sight = Sight("values", entry="stages.0.convolve")

    def __init__(self, modality: Series, width: int, *, hidden: int = 48, dropout: float = 0.2) -> None:
        if hidden < 1:
            raise ConfigError("hidden must be at least 1", where=self.kind)
        super().__init__(modality, width, 2 * hidden)
        steps, channels = modality.steps or 1, len(modality.channels or ())
        self.stages = nn.ModuleList(
            [
                _Stage(channels, hidden, kernel=7, stride=2 if steps >= 128 else 1),
                _Stage(hidden, hidden, kernel=5, stride=2 if steps >= 32 else 1),
                _Stage(hidden, 2 * hidden, kernel=3, stride=2 if steps >= 64 else 1),
                _Stage(2 * hidden, 2 * hidden, kernel=3, stride=1),
            ]
        )
        self.attend = TemporalAttention(2 * hidden)
        self.dropout = nn.Dropout(dropout)

    def _summaries(
        self, values: Float[Tensor, "series channel time"], length: Int[Tensor, " series"]
    ) -> Float[Tensor, "series 2 summary"]:
        maps, ends = values, length
        for stage in self.stages:
            maps, ends = stage(maps, ends)
        known = _known(ends.clamp_min(1), maps.shape[2])
        strongest = maps.masked_fill(~known[:, None], -torch.inf).amax(dim=2)
        attended = self.attend(maps.transpose(1, 2), known)
        return self.dropout(torch.stack([attended, strongest], dim=1))


class SeriesLSTM(SeriesEncoder):
    """An LSTM over short windows of a series: its last state, and the states attended to.

    Source: see ``Recurrent``.

    Args:
        modality: The settled series modality.
        width: The width of tokens.
        hidden: The width of the network.
        dropout: The share of the summaries that is dropped in training.
    """

    kind: ClassVar[str] = "series_lstm"

    def __init__(self, modality: Series, width: int, *, hidden: int = 64, dropout: float = 0.2) -> None:
        if hidden < 1:
            raise ConfigError("hidden must be at least 1", where=self.kind)
        super().__init__(modality, width, hidden)
        # Windows bring long series to some hundred steps, which is as far as a recurrent network remembers.
        stride = max(1, (modality.steps or 1) // 64)
        self.window = _Stage(len(modality.channels or ()), hidden, kernel=2 * stride + 3, stride=stride)
        self.read = Recurrent(hidden, hidden)
        self.dropout = nn.Dropout(dropout)

    def _summaries(
        self, values: Float[Tensor, "series channel time"], length: Int[Tensor, " series"]
    ) -> Float[Tensor, "series 2 summary"]:
        maps, ends = self.window(values, length)
        return self.dropout(self.read(maps.transpose(1, 2), _known(ends, maps.shape[2])))


class _Stage(nn.Module):
    """A convolution beside a shortcut where the sizes are the same; zero beyond each series' end."""

    def __init__(self, inward: int, outward: int, *, kernel: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.convolve = nn.Conv1d(inward, outward, kernel, stride, kernel // 2, bias=False)
        self.normalise = nn.BatchNorm1d(outward)
        self.residual = inward == outward and stride == 1

    def forward(
        self, maps: Float[Tensor, "series channel time"], ends: Int[Tensor, " series"]
    ) -> tuple[Float[Tensor, "series channel time"], Int[Tensor, " series"]]:
        changed = torch.relu(self.normalise(self.convolve(maps)))
        changed = changed + maps if self.residual else changed
        ends = torch.div(ends + self.stride - 1, self.stride, rounding_mode="floor")
        return changed.masked_fill(~_known(ends, changed.shape[2])[:, None], 0.0), ends


def _known(ends: Int[Tensor, " series"], steps: int) -> Bool[Tensor, "series time"]:
    return torch.arange(steps, device=ends.device) < ends[:, None]
