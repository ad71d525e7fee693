"""The laws every fusion keeps, as one public check: a new fusion gets its tests from a single call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Bool
from torch import Tensor

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion
from polysight.fusion.decision import DecisionFusion
from polysight.fusion.decision_contract import check_decision_fusion
from polysight.fusion.lawbook import (
    NAMES,
    ROWS,
    check_gradient,
    check_weights,
    close,
    holds,
    masks,
    parameters_follow_sorted_names,
    randomised,
    reloaded,
)
from polysight.fusion.lawbook import Make as MakeModule

WIDTH = 16

Make = MakeModule[Fusion]


def check_fusion(cls: type[Fusion] | type[DecisionFusion], **options: Any) -> None:
    """Check that a fusion keeps the laws named in ``Fusion``, for one to five modalities.

    Args:
        cls: The fusion's class, constructed as ``cls(names, 16, **options)``. A ``DecisionFusion`` has laws of its
            own: it goes to ``check_decision_fusion``.
        **options: Options of its constructor.

    Raises:
        AssertionError: A law is broken; the message names it.
    """
    if issubclass(cls, DecisionFusion):
        check_decision_fusion(cls, **options)
        return

    def plain(names: tuple[str, ...]) -> Fusion:
        return cls(names, WIDTH, **options)

    make = randomised(plain)
    with torch.random.fork_rng(devices=[]):
        parameters_follow_sorted_names(plain)
        for count in range(1, len(NAMES) + 1):
            for law in LAWS:
                law(make, NAMES[:count])


@torch.no_grad()
def _finite_for_every_mask(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in masks(len(names)):
        fused = fusion(_batch(names, present))
        holds(fused.values.shape == (ROWS, WIDTH), fusion, "gives one vector a sample", f"got {fused.values.shape}")
        holds(bool(fused.values.isfinite().all()), fusion, "finite for every mask", f"present: {present}")
        if fused.penalty is not None:
            shape = tuple(fused.penalty.shape)
            holds(shape == (ROWS,), fusion, "a penalty is one number a sample", f"got {shape}")
            holds(bool(fused.penalty.isfinite().all()), fusion, "a penalty is finite", f"present: {present}")


@torch.no_grad()
def _absent_content_has_no_influence(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in masks(len(names)):
        batch = _batch(names, present)
        expected = fusion(batch)
        for filler in (1e3, float("nan"), float("inf")):
            filled = {
                n: Tokens(t.values.masked_fill(~t.present[..., None], filler), t.present) for n, t in batch.items()
            }
            holds(_same(fusion(filled), expected), fusion, "absent content has no influence", f"absent held {filler}")


@torch.no_grad()
def _nothing_present_gives_zeros(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    values = fusion(_batch(names, (False,) * len(names))).values
    holds(bool((values == 0).all()), fusion, "nothing present gives exactly zeros", f"largest {values.abs().max()}")


@torch.no_grad()
def _order_of_modalities_is_irrelevant(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    batch = _batch(names, (True,) * len(names))
    turned = {name: batch[name] for name in reversed(names)}
    holds(_same(fusion(turned), fusion(batch)), fusion, "order of modalities is irrelevant")


@torch.no_grad()
def _rows_are_independent(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    batch = _batch(names, (True,) * len(names))
    together = fusion(batch).values
    for row in range(ROWS):
        alone = fusion({n: Tokens(t.values[[row]], t.present[[row]]) for n, t in batch.items()}).values[0]
        holds(torch.allclose(alone, together[row], atol=1e-5), fusion, "rows are independent", f"row {row}")


def _gradient_reaches_each_present_modality(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in masks(len(names)):
        batch = _batch(names, present)
        for tokens in batch.values():
            tokens.values.requires_grad_()
        (fusion(batch).values * torch.randn(ROWS, WIDTH)).sum().backward()
        for name, tokens in batch.items():
            gradient = tokens.values.grad
            reached = torch.zeros(ROWS, dtype=torch.bool) if gradient is None else (gradient != 0).any(dim=(1, 2))
            check_gradient(tokens.any_present, reached, fusion, name)


@torch.no_grad()
def _saving_and_loading_changes_nothing(make: Make, names: tuple[str, ...]) -> None:
    fusion, loaded = reloaded(make, names)
    batch = _batch(names, (True,) * len(names))
    holds(_same(loaded(batch), fusion(batch)), fusion, "saving and loading changes nothing")


@torch.no_grad()
def _weights_are_zero_where_absent(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in masks(len(names)):
        batch = _batch(names, present)
        there = torch.stack([batch[name].any_present for name in sorted(names)], dim=1)
        check_weights(fusion(batch).weights, there, fusion)


#: What is checked for each number of modalities.
LAWS: tuple[Callable[[Make, tuple[str, ...]], None], ...] = (
    _finite_for_every_mask,
    _absent_content_has_no_influence,
    _nothing_present_gives_zeros,
    _order_of_modalities_is_irrelevant,
    _rows_are_independent,
    _gradient_reaches_each_present_modality,
    _saving_and_loading_changes_nothing,
    _weights_are_zero_where_absent,
)


def _batch(names: tuple[str, ...], present: tuple[bool, ...]) -> dict[str, Tokens]:
    """Random tokens, one to three a modality; in a modality that is there, some tokens and one row are absent."""
    generator = torch.Generator().manual_seed(1)
    batch = {}
    for i, (name, there) in enumerate(zip(names, present, strict=True)):
        count = 1 + i % 3
        values = torch.randn(ROWS, count, WIDTH, generator=generator)
        mask: Bool[Tensor, "batch token"] = torch.rand(ROWS, count, generator=generator) < 0.7
        mask[:, 0] = True
        mask[i % ROWS] = len(names) == 1
        batch[name] = Tokens(values, mask & there)
    return batch


def _same(a: Fused, b: Fused) -> bool:
    return close(a.values, b.values) and (a.weights is None or b.weights is None or close(a.weights, b.weights))
