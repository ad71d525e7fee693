"""What a decision fusion is: what each modality answers by itself in, one answer a sample out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


@dataclass(frozen=True, eq=False)
class Opinion:
    """What one modality answers for a batch.

    Attributes:
        logits: Its score of each class; whatever stands there where it is absent must never reach a result.
        present: Which samples have the modality.
    """

    logits: Float[Tensor, "batch class"]
    present: Bool[Tensor, " batch"]


@dataclass(frozen=True, eq=False)
class Decision:
    """What a decision fusion gives.

    Attributes:
        logits: The score of each class, whose softmax are the probabilities; exactly zero where nothing is present.
        weights: How much each modality counted for each sample, in sorted order of names, for methods that
            have such weights; zero where absent.
    """

    logits: Float[Tensor, "batch class"]
    weights: Float[Tensor, "batch modality"] | None = None


class DecisionFusion(nn.Module, ABC):
    """The answers of several modalities in, one answer out, whatever is missing.

    The laws (``polysight.fusion.decision_contract`` checks them): finite for every mask; what is not present has no
    influence; nothing present gives exactly zero logits; where all that are present prefer the same class, so does
    the decision; the order of modalities does not matter in ``forward``; parameters are created in sorted order of
    names; rows are independent; the gradient reaches each present modality; saving and loading changes nothing. They
    hold for one modality as for any number.

    Args:
        names: The modalities.
        classes: The number of classes.
    """

    kind: ClassVar[str]

    def __init__(self, names: Sequence[str], classes: int) -> None:
        super().__init__()
        self.names = tuple(sorted(names))
        self.classes = classes

    @abstractmethod
    def forward(self, opinions: Mapping[str, Opinion]) -> Decision:
        """Decide for a batch; ``opinions`` holds exactly the modalities named at construction."""

    def _stacked(
        self, opinions: Mapping[str, Opinion]
    ) -> tuple[Float[Tensor, "batch modality class"], Bool[Tensor, "batch modality"]]:
        """All logits, exactly zero where absent, and which are there."""
        present = torch.stack([opinions[name].present for name in self.names], dim=1)
        logits = torch.stack([opinions[name].logits for name in self.names], dim=1)
        return logits.masked_fill(~present[..., None], 0.0), present
