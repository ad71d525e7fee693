"""Losses of a network's outputs for each kind of target: squared or Huber errors, binary and plain cross-entropy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from polysight.core.registry import Registry

TARGET_LOSSES = Registry(
    "target_loss",
    {
        "binary_cross_entropy": "polysight.objectives.target_losses:BinaryCrossEntropy",
        "huber": "polysight.objectives.target_losses:Huber",
        "softmax_cross_entropy": "polysight.objectives.target_losses:SoftmaxCrossEntropy",
        "squared": "polysight.objectives.target_losses:Squared",
    },
)

#: The loss each kind of target has where none is named.
DEFAULTS = {
    "classification": "softmax_cross_entropy",
    "multilabel": "binary_cross_entropy",
    "regression": "huber",
}


class TargetLoss(ABC):
    """A loss of each sample of one target. Frozen dataclasses: their fields are their options.

    Attributes:
        suits: The kind of target it is for.
        noise: What a squared error over twice a variance is to it: uncertainty weighting halves such losses.
    """

    kind: ClassVar[str]
    suits: ClassVar[str]
    noise: ClassVar[float] = 1.0

    @abstractmethod
    def __call__(
        self, outputs: Float[Tensor, "batch answer"], truth: Float[Tensor, "batch column"]
    ) -> Float[Tensor, " batch"]:
        """The loss of each sample, not averaged; no truth is missing."""


@dataclass(frozen=True)
class Squared(TargetLoss):
    """Squared errors of standardised amounts."""

    kind: ClassVar[str] = "squared"
    suits: ClassVar[str] = "regression"
    noise: ClassVar[float] = 0.5

    def __call__(
        self, outputs: Float[Tensor, "batch answer"], truth: Float[Tensor, "batch column"]
    ) -> Float[Tensor, " batch"]:
        """See ``TargetLoss``."""
        return (outputs - truth).square().sum(dim=1)


@dataclass(frozen=True)
class Huber(TargetLoss):
    """Squared errors up to ``delta`` standard deviations, beyond them growing by their size: outliers pull less.

    Source: Huber, "Robust Estimation of a Location Parameter", Annals of Mathematical Statistics 1964.

    Attributes:
        delta: Where the square ends, in standard deviations of the amounts.
    """

    kind: ClassVar[str] = "huber"
    suits: ClassVar[str] = "regression"
    noise: ClassVar[float] = 0.5

    delta: float = 1.0

    def __call__(
        self, outputs: Float[Tensor, "batch answer"], truth: Float[Tensor, "batch column"]
    ) -> Float[Tensor, " batch"]:
        """See ``TargetLoss``; twice Huber's own, so that small errors cost what they do in ``squared``."""
        return 2 * functional.huber_loss(outputs, truth, reduction="none", delta=self.delta).sum(dim=1)


@dataclass(frozen=True)
class BinaryCrossEntropy(TargetLoss):
    """One sigmoid a label; the mean over labels."""

    kind: ClassVar[str] = "binary_cross_entropy"
    suits: ClassVar[str] = "multilabel"

    def __call__(
        self, outputs: Float[Tensor, "batch answer"], truth: Float[Tensor, "batch column"]
    ) -> Float[Tensor, " batch"]:
        """See ``TargetLoss``."""
        return functional.binary_cross_entropy_with_logits(outputs, truth, reduction="none").mean(dim=1)


@dataclass(frozen=True)
class SoftmaxCrossEntropy(TargetLoss):
    """Minus the log of the probability given to the true class, with softened targets.

    Attributes:
        label_smoothing: The share of each target spread evenly over all classes, 0 to below 1.
    """

    kind: ClassVar[str] = "softmax_cross_entropy"
    suits: ClassVar[str] = "classification"

    label_smoothing: float = 0.05

    def __call__(
        self, outputs: Float[Tensor, "batch answer"], truth: Float[Tensor, "batch column"]
    ) -> Float[Tensor, " batch"]:
        """See ``TargetLoss``."""
        codes = truth[:, 0].to(torch.int64)
        return functional.cross_entropy(outputs, codes, reduction="none", label_smoothing=self.label_smoothing)


def answers_of(kind: str, outputs: Float[Tensor, "batch answer"]) -> Float[Tensor, "batch answer"]:
    """Outputs of a network as answers to a kind of target; amounts stay standardised."""
    activations = {"classification": lambda x: x.softmax(dim=1), "multilabel": torch.sigmoid}
    return activations.get(kind, lambda x: x)(outputs)
