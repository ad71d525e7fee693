"""The laws every fusion keeps, as one public check: a new fusion gets its tests from a single call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fused, Fusion

#: Names as tables have them: unsorted, with a dot, with a name torch modules use themselves, in Chinese.
NAMES = ("text", "image.front", "type", "audio", "图像")
WIDTH = 16
ROWS = 6

Make = Callable[[tuple[str, ...]], Fusion]


def check_fusion(cls: type[Fusion], **options: Any) -> None:
    """Check that a fusion keeps the laws named in ``Fusion``, for one to five modalities.

    Args:
        cls: The fusion's class, constructed as ``cls(names, 16, **options)``.
        **options: Options of its constructor.

    Raises:
        AssertionError: A law is broken; the message names it.
    """

    def make(names: tuple[str, ...]) -> Fusion:
        """A fusion whose every parameter is random: zeros of an initialisation must not hide a leak."""
        torch.manual_seed(0)
        fusion = cls(names, WIDTH, **options).eval()
        with torch.no_grad():
            for parameter in fusion.parameters():
                parameter.normal_(std=0.3)
        return fusion

    with torch.random.fork_rng(devices=[]):
        _parameters_follow_sorted_names(lambda names: cls(names, WIDTH, **options))
        for count in range(1, len(NAMES) + 1):
            for law in LAWS:
                law(make, NAMES[:count])


def _finite_for_every_mask(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in _masks(len(names)):
        fused = fusion(_batch(names, present))
        _holds(fused.values.shape == (ROWS, WIDTH), fusion, "gives one vector a sample", f"got {fused.values.shape}")
        _holds(bool(fused.values.isfinite().all()), fusion, "finite for every mask", f"present: {present}")


def _absent_content_has_no_influence(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in _masks(len(names)):
        batch = _batch(names, present)
        expected = fusion(batch)
        for filler in (1e3, float("nan"), float("inf")):
            filled = {
                n: Tokens(t.values.masked_fill(~t.present[..., None], filler), t.present) for n, t in batch.items()
            }
            _holds(_same(fusion(filled), expected), fusion, "absent content has no influence", f"absent held {filler}")


def _nothing_present_gives_zeros(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    values = fusion(_batch(names, (False,) * len(names))).values
    _holds(bool((values == 0).all()), fusion, "nothing present gives exactly zeros", f"largest {values.abs().max()}")


def _order_of_modalities_is_irrelevant(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    batch = _batch(names, (True,) * len(names))
    turned = {name: batch[name] for name in reversed(names)}
    _holds(_same(fusion(turned), fusion(batch)), fusion, "order of modalities is irrelevant")


def _rows_are_independent(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    batch = _batch(names, (True,) * len(names))
    together = fusion(batch).values
    for row in range(ROWS):
        alone = fusion({n: Tokens(t.values[[row]], t.present[[row]]) for n, t in batch.items()}).values[0]
        _holds(torch.allclose(alone, together[row], atol=1e-5), fusion, "rows are independent", f"row {row}")


def _gradient_reaches_each_present_modality(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in _masks(len(names)):
        batch = _batch(names, present)
        for tokens in batch.values():
            tokens.values.requires_grad_()
        (fusion(batch).values * torch.randn(ROWS, WIDTH)).sum().backward()
        for name, tokens in batch.items():
            gradient = tokens.values.grad
            reached = torch.zeros(ROWS, dtype=torch.bool) if gradient is None else (gradient != 0).any(dim=(1, 2))
            there = tokens.any_present
            _holds(bool((reached | ~there).all()), fusion, "gradient reaches each present modality", name)
            _holds(not bool((reached & ~there).any()), fusion, "no gradient reaches what is absent", name)


def _saving_and_loading_changes_nothing(make: Make, names: tuple[str, ...]) -> None:
    fusion, batch = make(names), _batch(names, (True,) * len(names))
    loaded = make(names)
    with torch.no_grad():
        for parameter in loaded.parameters():
            parameter.zero_()
    loaded.load_state_dict(fusion.state_dict())
    _holds(_same(loaded(batch), fusion(batch)), fusion, "saving and loading changes nothing")


def _weights_are_zero_where_absent(make: Make, names: tuple[str, ...]) -> None:
    fusion = make(names)
    for present in _masks(len(names)):
        batch = _batch(names, present)
        weights = fusion(batch).weights
        if weights is None:
            return
        there = torch.stack([batch[name].any_present for name in sorted(names)], dim=1)
        _holds(weights.shape == there.shape, fusion, "weights are one a modality", f"got {tuple(weights.shape)}")
        _holds(bool(((weights > 0) == there).all()), fusion, "weights are positive where present, zero where absent")


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


def _parameters_follow_sorted_names(make: Make) -> None:
    torch.manual_seed(0)
    fusion = make(NAMES)
    torch.manual_seed(0)
    turned = make(NAMES[::-1]).state_dict()
    for name, value in fusion.state_dict().items():
        same = name in turned and torch.equal(turned[name], value)
        _holds(same, fusion, "parameters are created in sorted order of names", name)


def _masks(count: int) -> Iterator[tuple[bool, ...]]:
    return product((False, True), repeat=count)


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
    return _close(a.values, b.values) and (a.weights is None or b.weights is None or _close(a.weights, b.weights))


def _close(a: Float[Tensor, "..."], b: Float[Tensor, "..."]) -> bool:
    return torch.allclose(a, b, atol=1e-6)


def _holds(kept: bool, fusion: Fusion, law: str, detail: str = "") -> None:
    if not kept:
        raise AssertionError(f"{type(fusion).__name__} breaks a law: {law}" + (f" ({detail})" if detail else ""))
