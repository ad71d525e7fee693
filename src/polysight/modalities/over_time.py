"""Readers: networks that take states in the order of time, of different lengths, and sum each sequence up."""

from __future__ import annotations

from abc import ABC, abstractmethod

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from polysight.core.errors import ConfigError
from polysight.modalities.self_attention import SelfAttention, positions

States = Float[Tensor, "sequence time state"]
#: Which moments there are; they come first, and what lies beyond them has no influence.
Known = Bool[Tensor, "sequence time"]


class Reader(nn.Module, ABC):
    """States over time in, a few summaries of each sequence out.

    Attributes:
        width: The width of a summary.
        summaries: How many there are.
    """

    width: int
    summaries: int = 2

    @abstractmethod
    def forward(self, states: States, known: Known) -> Float[Tensor, "sequence summary width"]:
        """Sum up each sequence; one without a single moment gives finite numbers that mean nothing."""


class TemporalAttention(nn.Module):
    """The mean of states over time, weighted by what each state says of its own weight.

    Source: Yang et al., Hierarchical Attention Networks, NAACL 2016 (one level of it).

    Args:
        width: The width of the states.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1)

    def forward(self, states: States, known: Known) -> Float[Tensor, "sequence state"]:
        """The weighted mean over the known moments."""
        # A sequence without a moment looks at its first place, which holds padding: no softmax is empty.
        first = torch.arange(known.shape[1], device=known.device) == 0
        weights = self.score(states).squeeze(2).masked_fill(~(known | first), -torch.inf).softmax(dim=1)
        return torch.einsum("st,stw->sw", weights, states)


class Recurrent(Reader):
    """A recurrent network read to the end of each sequence: its last state, and the states attended to.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory, 1997, with the forget gate of Gers, Schmidhuber and
    Cummins, Learning to Forget, 2000.

    Args:
        inward: The width of the states that come in.
        hidden: The width of the network's own.
        cell: ``nn.LSTM`` (input, forget and output gates) or ``nn.GRU``.
    """

    def __init__(self, inward: int, hidden: int, cell: type[nn.LSTM] | type[nn.GRU] = nn.LSTM) -> None:
        super().__init__()
        self.width = hidden
        self.cell = cell(inward, hidden, batch_first=True)
        self.attend = TemporalAttention(hidden)

    def forward(self, states: States, known: Known) -> Float[Tensor, "sequence summary width"]:
        """The last state of each sequence, then the attended one."""
        # A sequence without a moment takes one step over padding: packing refuses an empty one.
        lengths = known.sum(dim=1).clamp_min(1).cpu()
        packed = pack_padded_sequence(states, lengths, batch_first=True, enforce_sorted=False)
        steps, last = self.cell(packed)
        over_time, _ = pad_packed_sequence(steps, batch_first=True, total_length=states.shape[1])
        # Of an LSTM the last state comes beside the last content of its cells.
        ended = last[0][0] if isinstance(last, tuple) else last[0]
        return torch.stack([ended, self.attend(over_time, known)], dim=1)


class Attentive(Reader):
    """A small transformer over time: the mean of its states, and the states attended to.

    Source: Vaswani et al., Attention Is All You Need, NIPS 2017.
    Departures: norms first, and positions with a learned scale, as in ``text_transformer``.

    Args:
        inward: The width of the states that come in.
        hidden: The width of the network's own, a multiple of ``heads``, and even.
        longest: The most moments there may be.
        depth: The number of blocks.
        heads: The number of attention heads.
        dropout: How often a component is hidden in training.

    Raises:
        ConfigError: Sizes that do not fit each other.
    """

    #: Sines and cosines of each position.
    waves: Float[Tensor, "time state"]

    def __init__(
        self, inward: int, hidden: int, longest: int, *, depth: int = 2, heads: int = 4, dropout: float = 0.1
    ) -> None:
        super().__init__()
        if depth < 1 or heads < 1 or hidden % heads or hidden % 2:
            raise ConfigError(
                f"states of {hidden} cannot have {heads} heads and {depth} blocks",
                where="encoder",
                fix="choose an even width that is a multiple of heads, and a depth of at least 1",
            )
        self.width = hidden
        self.enter = nn.Linear(inward, hidden)
        self.register_buffer("waves", positions(longest, hidden), persistent=False)
        self.loudness = nn.Parameter(torch.tensor(0.1))
        self.blocks = nn.ModuleList([SelfAttention(hidden, heads, dropout) for _ in range(depth)])
        self.norm = nn.LayerNorm(hidden)
        self.attend = TemporalAttention(hidden)

    def forward(self, states: States, known: Known) -> Float[Tensor, "sequence summary width"]:
        """The mean state of each sequence, then the attended one."""
        first = torch.arange(known.shape[1], device=known.device) == 0
        # Every sequence has one place to look at: no softmax is empty.
        seen = known | first
        states = self.enter(states) + self.loudness * self.waves[: states.shape[1]]
        for block in self.blocks:
            states = block(states, seen)
        states = self.norm(states)
        mean = states.masked_fill(~seen[..., None], 0.0).sum(dim=1) / seen.sum(dim=1, keepdim=True)
        return torch.stack([mean, self.attend(states, known)], dim=1)
