"""What objectives learn from how many training rows each class has."""

from __future__ import annotations

from dataclasses import field
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from polysight.core.errors import NotFittedError


def from_counts() -> Any:
    """A dataclass field for what ``Objective.prepare`` works out: one number a class; state, not configuration."""
    return field(default=None, repr=False, metadata={"learned": True})


def seen(counts: Int[np.ndarray, " class"]) -> Float[np.ndarray, " class"]:
    """Counts with none below one: a class that a fold does not have still needs a finite weight."""
    return np.maximum(np.asarray(counts, dtype=np.float64), 1.0)


def as_tensor(values: tuple[float, ...] | None, like: Float[Tensor, "batch class"]) -> Float[Tensor, " class"]:
    """One number a class, on the device and in the precision of some scores.

    Raises:
        NotFittedError: ``prepare`` was not called.
    """
    if values is None:
        raise NotFittedError(
            "the objective does not know the classes' counts", fix="use what objective.prepare(counts) returns"
        )
    return torch.tensor(values, dtype=like.dtype, device=like.device)
