"""Networks over sequences: a convolutional network looks at each frame, a reader goes through them in time."""

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
from polysight.modalities.image.encoders import ImageConvNet
from polysight.modalities.over_time import Attentive, Reader, Recurrent
from polysight.modalities.sequence.modality import Sequence


class SequenceEncoder(Encoder):
    """Two tokens a sequence: what the reader ends with, and what it attends to.

    Source: J. Donahue et al., "Long-term recurrent convolutional networks for visual recognition and description",
    CVPR 2015.
    Departures: a small network for frames, learned from the training sequences alone; attention beside the last state.

    Args:
        modality: The settled sequence modality; its size and frames shape the network.
        width: The width of tokens.
        channels: Channels of the first stage of the network that looks at frames.
        hidden: The width of what is read over time.
        dropout: The share of the summaries that is dropped in training.
    """

    modality: ClassVar[str] = "sequence"
    sight = Sight("frames", entry="look.stem", maps="look.stages", flat=True)

    def __init__(
        self, modality: Sequence, width: int, *, channels: int = 16, hidden: int = 64, dropout: float = 0.2
    ) -> None:
        super().__init__()
        if hidden < 1:
            raise ConfigError("hidden must be at least 1", where=self.kind)
        # Where slots hold one frame each, all of them are one sequence.
        self.together = modality.frames == 1
        slots = max(1, len(modality.columns))
        self.look = ImageConvNet(modality, hidden, channels=channels)
        self.enter = nn.Linear(len(self.look.project) * hidden, hidden)
        self.read = self._reader(hidden, slots if self.together else modality.sampling.frames)
        self.dropout = nn.Dropout(dropout)
        self.project = nn.ModuleList([nn.Linear(self.read.width, width) for _ in range(self.read.summaries)])
        self.normalise = nn.LayerNorm(width)
        # What tells the columns apart: they share everything else.
        self.column = nn.Parameter(torch.zeros(1 if self.together else slots, 1, width))

    @abstractmethod
    def _reader(self, hidden: int, longest: int) -> Reader:
        """What goes through the frames in time."""

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode ``frames`` (uint8 [batch, slot, frame, size, size, 3]), of which the first ``length`` are there."""
        known = self.looked_at(arrays, present)
        states = self._states(arrays["frames"], known)
        if self.together:
            states, known = _moved_up(states.flatten(1, 2), known.flatten(1, 2))
            states, known = states[:, None], known[:, None]
        summaries = self.dropout(self.read(states.flatten(0, 1), known.flatten(0, 1)))
        projected = torch.stack([layer(summaries[:, i]) for i, layer in enumerate(self.project)], dim=1)
        values = self.normalise(projected).unflatten(0, known.shape[:2]) + self.column
        there = known.any(dim=2)
        tokens = values.masked_fill(~there[..., None, None], 0.0)
        return Tokens(tokens.flatten(1, 2), there.repeat_interleave(tokens.shape[2], dim=1))

    def looked_at(
        self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]
    ) -> Bool[Tensor, "batch slot frame"]:
        """The frames that are there."""
        length = arrays["length"]
        known = torch.arange(arrays["frames"].shape[2], device=length.device) < length[..., None]
        return known & present[..., None]

    def _states(
        self, frames: UInt8[Tensor, "batch slot frame size size 3"], known: Bool[Tensor, "batch slot frame"]
    ) -> Float[Tensor, "batch slot frame state"]:
        """A vector for each frame that is there; zeros elsewhere."""
        states = self.enter.weight.new_zeros((*known.shape, self.enter.out_features))
        if known.any():
            images = frames[known][:, None]
            seen = self.look({"pixels": images}, images.new_ones((len(images), 1), dtype=torch.bool))
            states = states.to(seen.values.dtype)
            states[known] = torch.relu(self.enter(seen.values.flatten(1))).to(states.dtype)
        return states


class SequenceLSTM(SequenceEncoder):
    """A convolutional network for each frame, and an LSTM over the frames: its last state, and the ones attended to.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; J. Donahue et al., "Long-term recurrent
    convolutional networks for visual recognition and description", CVPR 2015.
    """

    kind: ClassVar[str] = "sequence_lstm"

    def _reader(self, hidden: int, longest: int) -> Reader:
        return Recurrent(hidden, hidden)


class SequenceGRU(SequenceEncoder):
    """A convolutional network for each frame, and a gated recurrent unit over the frames.

    Source: Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, EMNLP 2014.
    """

    kind: ClassVar[str] = "sequence_gru"

    def _reader(self, hidden: int, longest: int) -> Reader:
        return Recurrent(hidden, hidden, nn.GRU)


class SequenceTransformer(SequenceEncoder):
    """A convolutional network for each frame, and a small transformer over the frames.

    Source: Vaswani et al., Attention Is All You Need, NIPS 2017.
    """

    kind: ClassVar[str] = "sequence_transformer"

    def _reader(self, hidden: int, longest: int) -> Reader:
        return Attentive(hidden, hidden, longest)


def _moved_up(
    states: Float[Tensor, "sequence time state"], known: Bool[Tensor, "sequence time"]
) -> tuple[Float[Tensor, "sequence time state"], Bool[Tensor, "sequence time"]]:
    """The states that are there first, in their order, so that no gap is read."""
    order = torch.argsort((~known).to(torch.uint8), dim=1, stable=True)
    return states.gather(1, order[..., None].expand_as(states)), known.gather(1, order)
