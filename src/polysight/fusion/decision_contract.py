"""The laws every decision fusion keeps, as one public check: a new one gets its tests from a single call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from polysight.fusion.decision import Decision, DecisionFusion, Opinion
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

CLASSES = 4

Make = MakeModule[DecisionFusion]


def check_decision_fusion(cls: type[DecisionFusion], **options: Any) -> None:
    """Check that a decision fusion keeps the laws named in ``DecisionFusion``, for one to five modalities.

    Args:
        cls: Its class, constructed as ``cls(names, 4, **options)``.
        **options: Options of its constructor.

    Raises:
        AssertionError: A law is broken; the message names it.
    """

    def plain(names: tuple[str, ...]) -> DecisionFusion:
        return cls(names, CLASSES, **options)

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
        # Logits as sure as single precision lets them be; sums must not overflow.
        for scale in (1.0, 1e3):
            logits = fusion(_opinions(names, present, scale)).logits
            holds(logits.shape == (ROWS, CLASSES), fusion, "gives one score a class", f"got {tuple(logits.shape)}")
            holds(bool(logits.isfinite().all()), fusion, "finite for every mask", f"present: {present}")


@torch.no_grad()
def _absent_content_has_no_influence(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in masks(len(names)):
        opinions = _opinions(names, present)
        expected = fusion(opinions)
        for filler in (1e3, float("nan"), float("inf")):
            filled = {
                n: Opinion(o.logits.masked_fill(~o.present[:, None], filler), o.present) for n, o in opinions.items()
            }
            holds(_same(fusion(filled), expected), fusion, "absent content has no influence", f"absent held {filler}")


@torch.no_grad()
def _nothing_present_gives_zeros(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    logits = fusion(_opinions(names, (False,) * len(names))).logits
    holds(bool((logits == 0).all()), fusion, "nothing present gives exactly zeros", f"largest {logits.abs().max()}")


@torch.no_grad()
def _unanimity_decides(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    preferred = torch.arange(ROWS) % CLASSES
    lift = 5.0 * torch.nn.functional.one_hot(preferred, CLASSES)
    for present in masks(len(names)):
        opinions = {n: Opinion(o.logits + lift, o.present) for n, o in _opinions(names, present).items()}
        there = torch.stack([opinion.present for opinion in opinions.values()]).any(dim=0)
        agrees = fusion(opinions).logits.argmax(dim=1) == preferred
        holds(bool((agrees | ~there).all()), fusion, "what all prefer is decided", f"present: {present}")


@torch.no_grad()
def _order_of_modalities_is_irrelevant(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    opinions = _opinions(names, (True,) * len(names))
    turned = {name: opinions[name] for name in reversed(names)}
    holds(_same(fusion(turned), fusion(opinions)), fusion, "order of modalities is irrelevant")


@torch.no_grad()
def _rows_are_independent(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    opinions = _opinions(names, (True,) * len(names))
    together = fusion(opinions).logits
    for row in range(ROWS):
        alone = fusion({n: Opinion(o.logits[[row]], o.present[[row]]) for n, o in opinions.items()}).logits[0]
        holds(torch.allclose(alone, together[row], atol=1e-5), fusion, "rows are independent", f"row {row}")


def _gradient_reaches_each_present_modality(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in masks(len(names)):
        opinions = _opinions(names, present)
        for opinion in opinions.values():
            opinion.logits.requires_grad_()
        decided = fusion(opinions).logits
        # A decision that learns nothing and hears nobody has no gradient at all.
        if decided.requires_grad:
            (decided * torch.randn(ROWS, CLASSES)).sum().backward()
        for name, opinion in opinions.items():
            gradient = opinion.logits.grad
            reached = torch.zeros(ROWS, dtype=torch.bool) if gradient is None else (gradient != 0).any(dim=1)
            check_gradient(opinion.present, reached, fusion, name)


@torch.no_grad()
def _saving_and_loading_changes_nothing(make: Make, names: tuple[str, ...]) -> None:
    fusion, loaded = reloaded(make, names)
    opinions = _opinions(names, (True,) * len(names))
    holds(_same(loaded(opinions), fusion(opinions)), fusion, "saving and loading changes nothing")


@torch.no_grad()
def _weights_are_zero_where_absent(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in masks(len(names)):
        opinions = _opinions(names, present)
        there = torch.stack([opinions[name].present for name in sorted(names)], dim=1)
        check_weights(fusion(opinions).weights, there, fusion)


#: What is checked for each number of modalities.
LAWS: tuple[Callable[[Make, tuple[str, ...]], None], ...] = (
    _finite_for_every_mask,
    _absent_content_has_no_influence,
    _nothing_present_gives_zeros,
    _unanimity_decides,
    _order_of_modalities_is_irrelevant,
    _rows_are_independent,
    _gradient_reaches_each_present_modality,
    _saving_and_loading_changes_nothing,
    _weights_are_zero_where_absent,
)


def _opinions(names: tuple[str, ...], present: tuple[bool, ...], scale: float = 1.0) -> dict[str, Opinion]:
    """Random logits; of several modalities that are there, each is absent in one row."""
    generator = torch.Generator().manual_seed(1)
    opinions = {}
    for i, (name, there) in enumerate(zip(names, present, strict=True)):
        logits = scale * torch.randn(ROWS, CLASSES, generator=generator)
        mask = torch.full((ROWS,), there)
        mask[i % ROWS] &= len(names) == 1
        opinions[name] = Opinion(logits, mask)
    return opinions


def _same(a: Decision, b: Decision) -> bool:
    return close(a.logits, b.logits) and (a.weights is None or b.weights is None or close(a.weights, b.weights))
