"""What the contract suites of fusions share: names, masks, and how a broken law is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

M = TypeVar("M", bound=nn.Module)
#: Builds the module under test for some modalities.
Make = Callable[[tuple[str, ...]], M]

#: Names as tables have them: unsorted, with a dot, with a name torch modules use themselves, in Chinese.
NAMES = ("text", "image.front", "type", "audio", "图像")
ROWS = 6


def masks(count: int) -> Iterator[tuple[bool, ...]]:
    """Every way in which ``count`` modalities may be there or not."""
    return product((False, True), repeat=count)


def randomised(make: Make[M]) -> Make[M]:
    """Modules whose every parameter is random, the same each time: zeros of an initialisation must not hide a leak."""

    def made(names: tuple[str, ...]) -> M:
        torch.manual_seed(0)
        module = make(names).eval()
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.normal_(std=0.3)
        return module

    return made


def reloaded(make: Make[M], names: tuple[str, ...]) -> tuple[M, M]:
    """A module, and another whose parameters were zero before it loaded the state of the first."""
    module, loaded = make(names), make(names)
    with torch.no_grad():
        for parameter in loaded.parameters():
            parameter.zero_()
    loaded.load_state_dict(module.state_dict())
    return module, loaded


def parameters_follow_sorted_names(make: Make[M]) -> None:
    """The same seed gives the same parameters, however the names were ordered."""
    torch.manual_seed(0)
    module = make(NAMES)
    torch.manual_seed(0)
    turned = make(NAMES[::-1]).state_dict()
    for name, value in module.state_dict().items():
        same = name in turned and torch.equal(turned[name], value)
        holds(same, module, "parameters are created in sorted order of names", name)


def check_weights(
    weights: Float[Tensor, "batch modality"] | None, there: Float[Tensor, "batch modality"], module: nn.Module
) -> None:
    """Weights, where there are some: one a modality, positive where it is present, zero where it is absent."""
    if weights is None:
        return
    holds(weights.shape == there.shape, module, "weights are one a modality", f"got {tuple(weights.shape)}")
    holds(bool(((weights > 0) == there).all()), module, "weights are positive where present, zero where absent")


def check_gradient(there: Tensor, reached: Tensor, module: nn.Module, name: str) -> None:
    """The gradient reaches exactly the rows in which a modality is present."""
    holds(bool((reached | ~there).all()), module, "gradient reaches each present modality", name)
    holds(not bool((reached & ~there).any()), module, "no gradient reaches what is absent", name)


def close(a: Float[Tensor, "..."], b: Float[Tensor, "..."]) -> bool:
    """Equal but for the order of additions."""
    return torch.allclose(a, b, atol=1e-6)


def holds(kept: bool, module: nn.Module, law: str, detail: str = "") -> None:
    """Say which law a module breaks, unless it is kept.

    Raises:
        AssertionError: It is not.
    """
    if not kept:
        raise AssertionError(f"{type(module).__name__} breaks a law: {law}" + (f" ({detail})" if detail else ""))
