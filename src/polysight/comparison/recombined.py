"""Recombined: a trained network asked about rows whose inputs come from different rows; encoders run once."""

from __future__ import annotations

import copy
from collections.abc import Mapping

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from polysight.core.tokens import Tokens
from polysight.data.samples import Samples
from polysight.learners.network import EncodedNetwork
from polysight.learners.neural import PREDICTION_ROWS, NeuralClassifier
from polysight.training.batches import Batch, Rows


class Recombined:
    """Answers of a fitted ``NeuralClassifier`` to rows put together from the inputs of others.

    Args:
        learner: The fitted learner.
        samples: The rows whose inputs are put together.
    """

    @torch.no_grad()
    def __init__(self, learner: NeuralClassifier, samples: Samples) -> None:
        network = learner.network_.eval()
        device = next(network.parameters()).device
        self.prior = learner.prior_
        self.names = network.names
        parts = []
        for start in range(0, len(samples), PREDICTION_ROWS):
            portion = samples.take(np.arange(start, min(start + PREDICTION_ROWS, len(samples))))
            parts.append(network.encode(Rows.of(portion, learner.modalities_).batch(slice(None)).to(device)))
        self.tokens = {name: _joined([part[name] for part in parts]) for name in self.names}
        self.network = _after_encoders(network)

    @torch.no_grad()
    def __call__(self, picks: Mapping[str, Int[np.ndarray, " pair"]]) -> Float[np.ndarray, "pair class"]:
        """Logits where each input comes from the row named for it; the logarithm of the prior where none is there.

        Inputs the network does not look at are passed over.
        """
        arrays, present = {}, {}
        for name, tokens in self.tokens.items():
            rows = torch.from_numpy(np.ascontiguousarray(picks[name])).to(tokens.values.device)
            arrays[name] = {"values": tokens.values[rows]}
            present[name] = tokens.present[rows]
        output = self.network(Batch(arrays, present))
        there = output.present.any(dim=1, keepdim=True).cpu().numpy()
        return np.where(there, output.logits.double().cpu().numpy(), np.log(self.prior))


class _Encoded(nn.Module):
    """In place of an encoder: tokens that are there already."""

    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch token"]) -> Tokens:
        return Tokens(arrays["values"], present)


def _after_encoders(network: EncodedNetwork) -> EncodedNetwork:
    """The same network, with the same weights, that takes tokens."""
    rest = copy.copy(network)
    rest._modules = {**network._modules, "encoders": nn.ModuleList([_Encoded() for _ in network.names])}
    return rest


def _joined(parts: list[Tokens]) -> Tokens:
    return Tokens(torch.cat([part.values for part in parts]), torch.cat([part.present for part in parts]))
