"""AdamW with warm-up and a cosine to zero; norms, biases and other vectors do not decay.

Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, ICLR 2019; the cosine, SGDR, ICLR 2017.
Departures: the learning rate is a function of the step alone, so that a schedule has no state to save.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from pydantic import Field
from torch import nn


@dataclass(frozen=True)
class AdamW:
    """AdamW: gradients scaled by their moments, weights decayed apart from them, a warm-up and a cosine to zero.

    Attributes:
        learning_rate: The highest learning rate, reached at the end of the warm-up.
        weight_decay: How strongly matrices and kernels are pulled to zero.
        warmup: The share of all steps in which the learning rate rises from zero, 0 to 1.
        clip: The largest norm of a gradient; longer ones are shortened to it.
    """

    kind: ClassVar[str] = "adamw"

    learning_rate: Annotated[float, Field(gt=0)] = 2e-3
    weight_decay: Annotated[float, Field(ge=0)] = 0.02
    warmup: Annotated[float, Field(ge=0, le=1)] = 0.1
    clip: Annotated[float, Field(gt=0)] = 1.0

    def build(self, network: nn.Module) -> torch.optim.AdamW:
        """The torch optimiser of a network's parameters."""
        learned = [parameter for parameter in network.parameters() if parameter.requires_grad]
        groups = [
            {"params": [p for p in learned if p.ndim >= 2], "weight_decay": self.weight_decay},
            {"params": [p for p in learned if p.ndim < 2], "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=self.learning_rate, foreach=True)

    def learning_rate_at(self, step: int, steps: int) -> float:
        """The learning rate of a step (counted from 0) out of all."""
        rising = self.warmup * steps
        if step < rising:
            return self.learning_rate * (step + 1) / (rising + 1)
        done = (step - rising) / max(steps - rising, 1)
        return self.learning_rate * 0.5 * (1 + math.cos(math.pi * done))
