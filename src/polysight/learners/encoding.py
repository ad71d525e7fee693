"""Encoding: what the encoders of a network give for some rows; of an input that hardly changes, only once.

A question about parts of a row holds its other inputs, and a network asked hundreds of them would see the same scan
hundreds of times.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from polysight.core.tokens import Tokens
from polysight.data.samples import Samples
from polysight.learners.network import EncodedNetwork
from polysight.modalities.base import Modality
from polysight.training.batches import Rows


def encoded(network: EncodedNetwork, samples: Samples, modalities: Mapping[str, Modality]) -> dict[str, Tokens]:
    """The tokens of each modality of a network, of all rows.

    Args:
        network: The network, in the mode it is to run in.
        samples: The rows.
        modalities: The fitted modality of each input the network knows.
    """
    device, count = next(network.parameters()).device, len(samples)
    views, places = dict(samples.views), {}
    for name in views:
        first, which = samples.only([name]).distinct()
        if 2 * len(first) <= count and count:
            views[name], places[name] = views[name].take(first), which
    tokens = network.encode(Rows.of(Samples(views), modalities).batch(slice(None)).to(device))
    # Rows in which an input is not even known are all alike.
    places |= {name: np.zeros(count, dtype=np.intp) for name in tokens if name not in views}
    return {name: _spread(of_one, places.get(name)) for name, of_one in tokens.items()}


def _spread(tokens: Tokens, places: np.ndarray | None) -> Tokens:
    if places is None:
        return tokens
    where = torch.as_tensor(places, device=tokens.values.device)
    return Tokens(tokens.values[where], tokens.present[where])
