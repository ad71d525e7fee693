"""GradientBlending: losses weighted by how much each one's learning carries over to rows not trained on.

Source: Wang, Tran, Feiszli, What Makes Training Multi-modal Classification Networks Hard, CVPR 2020 (online version).
Departures: the losses of a span of epochs are those of the joint training itself, not of trial trainings of each
modality from the same start; a loss that got no better on validation rows has weight zero.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

import numpy as np
import torch
from jaxtyping import Float
from pydantic import Field

from polysight.core.errors import ConfigError
from polysight.objectives.balance.base import Balance, Step, Terms


@dataclass(frozen=True)
class GradientBlending(Balance):
    """Weights ``gain / overfitting^2`` of the fused and each modality's own loss, found after each span of epochs.

    Attributes:
        every: The epochs of a span; before the end of the second epoch all losses weigh the same.
    """

    kind: ClassVar[str] = "g_blending"
    watches: ClassVar[bool] = True

    every: Annotated[int, Field(ge=1)] = 5

    def backward(self, terms: Terms, step: Step) -> None:
        """The gradients of the weighted sum; the weights sum to one.

        Raises:
            ConfigError: There are no validation rows.
        """
        weights = torch.as_tensor(self.weights(step.history, 1 + len(terms.own)), dtype=terms.own.dtype)
        losses = torch.cat([terms.fused[None], terms.own])
        step.backward((weights.to(losses.device) * losses).sum())

    def weights(self, history: Sequence[Mapping[str, Any]], count: int) -> Float[np.ndarray, " term"]:
        """The weights after the epochs of a history: the fused answer's first, then each modality's.

        Args:
            history: Epochs with ``terms``: training and validation losses of each term.
            count: The number of terms.

        Raises:
            ConfigError: There are no validation losses.
        """
        if history and history[-1]["terms"]["validation"] is None:
            raise ConfigError(
                "gradient blending weighs losses by rows not trained on, and there are none",
                where="balance",
                fix="set validation_fraction=0.15, or choose another balance (polysight info balance)",
            )
        weights = np.full(count, 1.0 / count)
        for end in range(self.every, len(history), self.every):
            found = blending_weights(history[end - self.every]["terms"], history[end]["terms"])
            weights = weights if found is None else found
        return weights


def blending_weights(
    before: Mapping[str, Sequence[float]], after: Mapping[str, Sequence[float]]
) -> Float[np.ndarray, " term"] | None:
    """``gain / overfitting^2``, summing to one; None where nothing got better.

    Gain is what the validation loss fell by; overfitting, what the gap between validation and training grew by.

    Args:
        before: ``training`` and ``validation`` losses of each term at the start of a span.
        after: The same at its end.
    """
    (t0, v0), (t1, v1) = [(np.asarray(x["training"]), np.asarray(x["validation"])) for x in (before, after)]
    gain = np.maximum(v0 - v1, 0.0)
    # A gap that did not grow at all would have all the weight; a hundredth of a nat is noise.
    overfitting = np.maximum(np.abs((v1 - t1) - (v0 - t0)), 0.01)
    raw = gain / overfitting**2
    return raw / raw.sum() if raw.sum() > 0 else None
