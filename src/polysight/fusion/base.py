"""What a fusion is: tokens of several modalities in, one vector a sample out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from jaxtyping import Float
from torch import Tensor, nn

from polysight.core.tokens import Tokens


@dataclass(frozen=True, eq=False)
class Fused:
    """What a fusion gives.

    Attributes:
        values: One vector a sample; exactly zero where nothing is present.
        weights: How much each modality counted for each sample, in sorted order of names, for methods that
            have such weights; zero where absent.
        penalty: What each sample adds to the loss in training, already weighted, for methods that need such a
            term (its mean over a batch may look at the batch as a whole; ``values`` never do).
    """

    values: Float[Tensor, "batch width"]
    weights: Float[Tensor, "batch modality"] | None = None
    penalty: Float[Tensor, " batch"] | None = None


class Fusion(nn.Module, ABC):
    """Several modalities in, one vector out, whatever is missing.

    The laws (``polysight.fusion.contract`` checks them): finite for every mask; what is not present has no
    influence; nothing present gives exactly zeros; the order of modalities does not matter in ``forward``;
    parameters are created in sorted order of names; rows are independent; the gradient reaches each present
    modality; saving and loading changes nothing. They hold for one modality as for any number: a fusion of one is
    what its layers do to that one, and never an error. Sequences and single vectors are both tokens, so that a fusion
    made for sequences takes a vector as a sequence of one.

    Args:
        names: The modalities.
        width: The width of tokens and of the result.
    """

    kind: ClassVar[str]

    def __init__(self, names: Sequence[str], width: int) -> None:
        super().__init__()
        self.names = tuple(sorted(names))
        self.width = width

    @abstractmethod
    def forward(self, tokens: Mapping[str, Tokens]) -> Fused:
        """Fuse a batch; ``tokens`` holds exactly the modalities named at construction."""
