"""What an encoder is: a network from one modality's arrays to Tokens."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from polysight.core.tokens import Tokens


@dataclass(frozen=True)
class Sight:
    """Where explanations may look into an encoder; modules are named as ``nn.Module.get_submodule`` takes them.

    Attributes:
        array: The array whose places everything is about.
        entry: The module whose first argument is that array as real numbers, which integrated gradients follow.
        maps: The last module whose output, [place, channel, ...], still lies on the array's axes; empty: none does.
        flat: Whether "nothing to see" is the mean over all places (of a picture its mean colour), not zeros.
    """

    array: str
    entry: str
    maps: str = ""
    flat: bool = False


class Encoder(nn.Module, ABC):
    """Arrays of one modality in, tokens out.

    Constructors take ``(modality, width, **options)``: the fitted modality, whose learned sizes
    (vocabulary, columns) shape the network, and the token width.
    """

    kind: ClassVar[str]
    modality: ClassVar[str]
    #: Where explanations may look; None offers them nothing.
    sight: Sight | None = None

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

    def looked_at(
        self, arrays: Mapping[str, Tensor], present: Bool[Tensor, "batch slot"]
    ) -> Bool[Tensor, "batch slot *more"]:
        """Which parts of the array in ``sight`` its modules are shown when not training, one after the other."""
        return torch.ones_like(present)

    def gathered(self, values: Float[Tensor, "place channel *more"]) -> Float[Tensor, "place *parts"]:
        """Numbers about the entry's input, summed over what is no place of its own."""
        return values.sum(dim=1)


def parameters_of(module: nn.Module) -> int:
    """How many numbers a module learns."""
    return sum(p.numel() for p in module.parameters() if p.requires_grad)
