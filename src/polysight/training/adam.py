"""Adam: gradients scaled by running means of themselves and of their squares.

Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, ICLR 2015.
Departures: none from the paper; without its bias correction, as Adam is sometimes written, the first step would be
``(1 - b1) / sqrt(1 - b2)`` = 3.16 times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from pydantic import Field
from torch import nn

from polysight.training.optimizer import Optimizer


@dataclass(frozen=True, kw_only=True)
class Adam(Optimizer):
    """Adam; weight decay is a term of the loss, and so scaled by the moments as gradients are.

    Attributes:
        learning_rate: The learning rate a schedule's shares are of.
        betas: How slowly the two moments forget, 0 to below 1.
    """

    kind: ClassVar[str] = "adam"

    learning_rate: Annotated[float, Field(gt=0)] = 2e-3
    betas: tuple[Annotated[float, Field(ge=0, lt=1)], Annotated[float, Field(ge=0, lt=1)]] = (0.9, 0.999)

    def build(self, network: nn.Module) -> torch.optim.Adam:
        """The torch optimiser of a network's parameters."""
        return torch.optim.Adam(self.groups(network), lr=self.learning_rate, betas=self.betas, foreach=True)
