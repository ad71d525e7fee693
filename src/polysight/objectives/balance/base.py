"""What a balance is: the losses of one batch in, gradients out, so that no modality hides the others."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from polysight.core.gradients import Parameters


@dataclass(frozen=True, eq=False)
class Terms:
    """What a batch costs, and the answers behind it; modalities in sorted order of names.

    Attributes:
        joint: The fused answer's loss and, if asked for, a share of the modalities' own; made small by default.
        fused: The mean loss of the fused answer, with what its fusion adds to it.
        own: The mean loss of each modality's own answer over the rows it is present in, zero where there is none;
            empty where modalities give no answers of their own.
        answers: Each modality's own answer; means nothing where it is absent.
        vectors: One vector a row and modality, before fusion; means nothing where it is absent.
        present: Which modalities are there.
        targets: The class of each row.
    """

    joint: Float[Tensor, ""]
    fused: Float[Tensor, ""]
    own: Float[Tensor, " modality"]
    answers: Float[Tensor, "batch modality class"]
    vectors: Float[Tensor, "batch modality width"]
    present: Bool[Tensor, "batch modality"]
    targets: Int[Tensor, " batch"]

    def every(self) -> Float[Tensor, " term"]:
        """The fused loss and each modality's own, side by side, without gradients."""
        return torch.cat([self.fused.detach()[None], self.own.detach()])


class Backward(Protocol):
    """Adds the gradient of a scalar to the parameters' ``grad``."""

    def __call__(self, loss: Float[Tensor, ""], **options: Any) -> None:
        """Options are those of ``Tensor.backward``."""


@dataclass(frozen=True, eq=False)
class Step:
    """Where a batch stands in the training, and what it may change.

    Attributes:
        number: The optimiser step the batch belongs to, counted from 0 over the whole training.
        count: How many steps the training has.
        encoders: The parameters of each modality's encoder, in sorted order of names.
        rest: All other parameters that are learned: fusion and heads.
        history: The records of the epochs before this one; ``terms`` in them for a balance that watches.
        backward: Adds a loss's gradient to the parameters.
    """

    number: int
    count: int
    encoders: Sequence[Parameters]
    rest: Parameters
    history: Sequence[Mapping[str, Any]]
    backward: Backward


class Balance(ABC):
    """How losses become gradients. Balances are frozen dataclasses: their fields are their options.

    They keep no state: whatever one depends on is in the ``Step``, so that a training that was cut off goes on
    exactly. ``backward`` finds no gradients of this batch and leaves them in ``grad``; clipping, accumulation and
    the optimiser come afterwards.

    Attributes:
        needs_answers: Whether the modalities must have answers of their own.
        watches: Whether each epoch's record must tell the losses of all terms on training and validation rows.
    """

    kind: ClassVar[str]
    needs_answers: ClassVar[bool] = True
    watches: ClassVar[bool] = False

    @abstractmethod
    def backward(self, terms: Terms, step: Step) -> None:
        """Leave the gradients of one batch in the parameters."""
