"""Gradients of a step: how long they are, modality by modality, and how they are shortened."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils import clip_grads_with_norm_, get_total_norm

Parameters = Sequence[nn.Parameter]


def clip_gradients(groups: Sequence[Parameters], longest: float) -> Float[Tensor, " group"]:
    """Shorten the gradient of all groups together to a norm; what comes back is each group's norm before.

    The same as ``clip_grad_norm_`` of all parameters, whose one number would not tell where a gradient went wrong.
    """
    norms = torch.stack([_norm(group) for group in groups])
    total = torch.linalg.vector_norm(norms)
    clip_grads_with_norm_([p for group in groups for p in group], longest, total)
    return norms


def set_aside(parameters: Parameters) -> list[Tensor | None]:
    """The gradients so far; the parameters have none afterwards."""
    gradients = [parameter.grad for parameter in parameters]
    for parameter in parameters:
        parameter.grad = None
    return gradients


def add_back(parameters: Parameters, gradients: Sequence[Tensor | None]) -> None:
    """Add gradients that were set aside to those the parameters have now."""
    for parameter, earlier in zip(parameters, gradients, strict=True):
        if parameter.grad is None:
            parameter.grad = earlier
        elif earlier is not None:
            parameter.grad += earlier


def _norm(group: Parameters) -> Float[Tensor, ""]:
    gradients = [parameter.grad for parameter in group if parameter.grad is not None]
    if gradients:
        return get_total_norm(gradients)
    return torch.zeros((), device=group[0].device if group else None)
