"""Encoded rows: what the encoders of a network make of samples, an input at a time.

An encoder's answer does not depend on what else a row has. Inside ``core.memo.remembering`` it is therefore computed
once, however many sets of inputs the same rows are then asked about.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from polysight.core.memo import remembered
from polysight.core.tokens import Tokens
from polysight.data.samples import Samples
from polysight.data.view import View
from polysight.learners.network import EncodedNetwork
from polysight.modalities.base import Modality
from polysight.training.batches import Rows

#: Rows a step of prediction.
PREDICTION_ROWS = 128


def encoded(network: EncodedNetwork, samples: Samples, modalities: Mapping[str, Modality]) -> dict[str, Tokens]:
    """The tokens of each modality of a network that is not being trained; absent where samples do not have it.

    Args:
        network: A network whose weights change no more.
        samples: The rows, with at least one of its modalities.
        modalities: The fitted modalities.
    """
    there = [name for name in network.names if name in samples.views]
    found = {name: Tokens(*_encoded(network, name, samples.views[name], modalities)) for name in there}
    nothing = network.absent(len(samples))
    return {name: found.get(name, nothing) for name in network.names}


def _encoded(
    network: EncodedNetwork, name: str, view: View, modalities: Mapping[str, Modality]
) -> tuple[Tensor, Tensor]:
    """Values and presence of the tokens of one modality."""
    if view.origin is not None:
        values, present = _encoded(network, name, view.origin.view, modalities)
        rows = torch.from_numpy(view.origin.rows).to(values.device)
        shown = torch.from_numpy(view.any_present).to(values.device)
        return values[rows], present[rows] & shown[:, None]
    return remembered((network, name, view.fingerprint()), lambda: _in_portions(network, name, view, modalities))


def _in_portions(
    network: EncodedNetwork, name: str, view: View, modalities: Mapping[str, Modality]
) -> tuple[Tensor, Tensor]:
    device = next(network.parameters()).device
    parts = []
    for start in range(0, max(len(view), 1), PREDICTION_ROWS):
        rows = np.arange(start, min(start + PREDICTION_ROWS, len(view)))
        portion = view if len(rows) == len(view) else view.take(rows)
        batch = Rows.of(Samples({name: portion}), modalities).batch(slice(None)).to(device)
        parts.append(network.encode(batch)[name])
    if len(parts) == 1:
        return parts[0].values, parts[0].present
    return torch.cat([part.values for part in parts]), torch.cat([part.present for part in parts])
