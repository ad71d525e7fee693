"""Weights: a network's numbers as arrays, and a network with the numbers it was saved with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np
import torch
from torch import nn

from polysight.core.errors import CorruptError
from polysight.training.device import choose_device

N = TypeVar("N", bound=nn.Module)


def weights_of(network: nn.Module) -> dict[str, np.ndarray]:
    """Parameters and buffers by name."""
    return {name: value.cpu().numpy() for name, value in network.state_dict().items()}


def restored(assembled: Callable[[], N], weights: Mapping[str, np.ndarray], device: str) -> N:
    """A network with saved weights.

    Args:
        assembled: Puts the untrained network together.
        weights: What ``weights_of`` gave.
        device: What the model was told to run on; one trained on another machine answers on what this one has.

    Raises:
        CorruptError: The weights do not fit the network.
    """
    with torch.random.fork_rng(devices=[]):
        network = assembled()
    try:
        network.load_state_dict({name: torch.as_tensor(value) for name, value in weights.items()})
    except RuntimeError as error:
        raise CorruptError(f"the weights do not fit the network: {error}") from None
    return network.to(choose_device("cpu" if device == "cpu" else "auto"))
