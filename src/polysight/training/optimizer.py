"""What an optimiser is: how weights follow gradients; the learning rate of a step is its schedule's business."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import torch
from pydantic import Field
from torch import nn


@dataclass(frozen=True, kw_only=True)
class Optimizer(ABC):
    """Options of a torch optimiser.

    Attributes:
        learning_rate: The learning rate a schedule's shares are of.
        weight_decay: How strongly matrices and kernels are pulled to zero; norms, biases and other vectors are not.
        clip: The largest norm of a gradient; longer ones are shortened to it.
    """

    kind: ClassVar[str]

    learning_rate: Annotated[float, Field(gt=0)]
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    clip: Annotated[float, Field(gt=0)] = 1.0

    @abstractmethod
    def build(self, network: nn.Module) -> torch.optim.Optimizer:
        """The torch optimiser of a network's parameters."""

    def groups(self, network: nn.Module) -> list[dict[str, Any]]:
        """The parameters that decay and those that do not."""
        learned = [parameter for parameter in network.parameters() if parameter.requires_grad]
        return [
            {"params": [p for p in learned if p.ndim >= 2], "weight_decay": self.weight_decay},
            {"params": [p for p in learned if p.ndim < 2], "weight_decay": 0.0},
        ]
