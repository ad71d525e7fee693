"""Average: a running mean of a network's weights, which often answers better than the weights of the last step.

Source: Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992; exponential, and with the
first steps forgotten sooner, as in Szegedy et al., Rethinking the Inception Architecture, CVPR 2016 and its code.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn


class Average:
    """An exponential moving average of a network's parameters and of its running statistics.

    Args:
        network: The network that is trained; the average starts as a copy of it.
        decay: How much of the average a step leaves, 0 to below 1; in the first steps less.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network)
        self.decay = decay

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """Take in the weights after a step (counted from 0 over the whole training)."""
        kept = min(self.decay, (1 + step) / (10 + step))
        current: Mapping[str, Tensor] = network.state_dict()
        for name, mean in self.network.state_dict().items():
            if mean.is_floating_point():
                mean.lerp_(current[name], 1 - kept)
            else:
                mean.copy_(current[name])

    def to_state(self) -> dict[str, Any]:
        """The averaged weights as arrays."""
        return {name: value.cpu().numpy() for name, value in self.network.state_dict().items()}
