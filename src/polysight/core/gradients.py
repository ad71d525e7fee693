"""Gradients of parameters: how long they are, shortened, set aside and added back."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils import clip_grads_with_norm_

Parameters = Sequence[nn.Parameter]


def clip_gradients(parameters: Parameters, longest: float) -> Float[Tensor, " parameter"]:
    """Shorten the gradient of all parameters together to a norm; what comes back is each one's norm before.

    The same as ``clip_grad_norm_``, whose one number would not tell where a gradient went wrong, in as many steps.
    Parameters without a gradient are left out of what comes back.
    """
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    norms = torch.stack(torch._foreach_norm(gradients))
    clip_grads_with_norm_(parameters, longest, torch.linalg.vector_norm(norms))
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
