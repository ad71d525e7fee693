"""What an encoder is: a network from one modality's arrays to Tokens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from jaxtyping import Bool
from torch import Tensor, nn

from polysight.core.tokens import Tokens


class Encoder(nn.Module, ABC):
    """Arrays of one modality in, tokens out.

    Constructors take ``(modality, width, **options)``: the fitted modality, whose learned sizes
    (vocabulary, columns) shape the network, and the token width.
    """

    kind: ClassVar[str]
    modality: ClassVar[str]

    @abstractmethod
    def forward(self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]) -> Tokens:
        """Encode a batch.

        Args:
            arrays: What ``Modality.transform`` gives, as tensors of the same dtype (uint8 stays uint8).
            present: The view's presence, one column a slot.

        Returns:
            Tokens of the encoder's width; tokens of absent slots are not present, and what absent slots hold
            has no influence on anything that is.
        """


def parameters_of(module: nn.Module) -> int:
    """How many numbers a module learns."""
    return sum(p.numel() for p in module.parameters() if p.requires_grad)
