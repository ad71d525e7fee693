"""EarlyStopping: remember the weights that did best on validation rows, and when to give up hoping for better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from torch import Tensor, nn


@dataclass
class EarlyStopping:
    """The best epoch so far, by a loss on validation rows.

    Attributes:
        patience: How many epochs without a better one end the training; None never does.
        epoch: The best epoch, counted from 1; 0 before the first.
        loss: Its validation loss.
        weights: A copy of its weights, in memory.
    """

    patience: int | None = None
    epoch: int = 0
    loss: float = math.inf
    weights: Mapping[str, Tensor] = field(default_factory=dict, repr=False)

    def update(self, epoch: int, loss: float, network: nn.Module) -> None:
        """Keep the weights of this epoch if it is the best."""
        if loss < self.loss:
            self.epoch, self.loss = epoch, loss
            self.weights = {name: value.detach().clone() for name, value in network.state_dict().items()}

    def exhausted(self, epoch: int) -> bool:
        """Whether patience is at its end after this epoch."""
        return self.patience is not None and self.epoch > 0 and epoch - self.epoch >= self.patience

    def restore(self, network: nn.Module) -> None:
        """Put the best weights back; does nothing where there was no validation."""
        if self.weights:
            network.load_state_dict(self.weights)

    def to_state(self) -> dict[str, Any]:
        """The best epoch as a tree of arrays and JSON."""
        weights = {name: value.cpu().numpy() for name, value in self.weights.items()}
        return {"epoch": self.epoch, "loss": self.loss if weights else None, "weights": weights}
