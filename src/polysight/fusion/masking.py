"""Softmax over what is there: absent entries get exactly zero, and a row of nothing is all zeros."""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def masked_softmax(scores: Float[Tensor, "*shape"], present: Bool[Tensor, "*shape"], *, dim: int) -> Tensor:
    """Softmax along ``dim`` over the entries that are present.

    Args:
        scores: Any finite scores; what absent entries hold does not matter.
        present: Which entries take part; broadcasts against ``scores``.
        dim: The axis that sums to one.

    Returns:
        Weights of the shape of ``scores``: zero where absent, and all zero (not NaN) where nothing is present.
    """
    lowest = torch.finfo(scores.dtype).min
    return scores.masked_fill(~present, lowest).softmax(dim=dim).masked_fill(~present, 0.0)


def equal_weights(present: Bool[Tensor, "batch item"], dtype: torch.dtype) -> Float[Tensor, "batch item"]:
    """The same weight for everything that is present, together one; all zero where nothing is."""
    return present.to(dtype) / present.sum(dim=1, keepdim=True).clamp_min(1)
