"""SGD: steps against the gradient, carried on by momentum.

Source: Robbins and Monro, A Stochastic Approximation Method, 1951; Nesterov's momentum as in Sutskever, Martens, Dahl,
Hinton, On the Importance of Initialization and Momentum in Deep Learning, ICML 2013.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

import torch
from pydantic import Field
from torch import nn

from polysight.core.errors import ConfigError
from polysight.training.optimizer import Optimizer


@dataclass(frozen=True, kw_only=True)
class SGD(Optimizer):
    """Stochastic gradient descent; with ``momentum=0`` weights move by ``-learning_rate * gradient``.

    Attributes:
        learning_rate: The learning rate a schedule's shares are of.
        momentum: The share of the last step that is taken again, 0 to below 1.
        nesterov: Whether the gradient is looked at where momentum leads.
    """

    kind: ClassVar[str] = "sgd"

    learning_rate: Annotated[float, Field(gt=0)] = 0.1
    momentum: Annotated[float, Field(ge=0, lt=1)] = 0.9
    nesterov: bool = True

    def __post_init__(self) -> None:
        """Check the options together.

        Raises:
            ConfigError: Nesterov's momentum without momentum.
        """
        if self.nesterov and not self.momentum:
            raise ConfigError(
                "there is no momentum to look ahead along", where="optimizer.nesterov", fix="set nesterov=False"
            )

    def build(self, network: nn.Module) -> torch.optim.SGD:
        """The torch optimiser of a network's parameters."""
        return torch.optim.SGD(
            self.groups(network), lr=self.learning_rate, momentum=self.momentum, nesterov=self.nesterov, foreach=True
        )
