"""AdamW: gradients scaled by their moments, weights decayed apart from them.

Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR 2019.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from pydantic import Field
from torch import nn

from polysight.training.optimizer import Optimizer


@dataclass(frozen=True, kw_only=True)
class AdamW(Optimizer):
    """Adam with weight decay that is not scaled by the moments.

    Attributes:
        learning_rate: The learning rate a schedule's shares are of.
        weight_decay: How strongly matrices and kernels are pulled to zero.
        betas: How slowly the two moments forget, 0 to below 1.
    """

    kind: ClassVar[str] = "adamw"

    learning_rate: Annotated[float, Field(gt=0)] = 2e-3
    weight_decay: Annotated[float, Field(ge=0)] = 0.02
    betas: tuple[Annotated[float, Field(ge=0, lt=1)], Annotated[float, Field(ge=0, lt=1)]] = (0.9, 0.999)

    def build(self, network: nn.Module) -> torch.optim.AdamW:
        """The torch optimiser of a network's parameters."""
        return torch.optim.AdamW(self.groups(network), lr=self.learning_rate, betas=self.betas, foreach=True)
