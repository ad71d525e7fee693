"""Curves: what training said about itself, epoch by epoch, from the events of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

#: The quantities that are drawn.
QUANTITIES = ("loss", "validation_loss", "validation_accuracy")


@dataclass
class Curve:
    """One member's training: for each quantity and fold, the points (epoch, value)."""

    member: str
    lines: dict[str, dict[str, list[tuple[float, float]]]] = field(
        default_factory=lambda: {name: {} for name in QUANTITIES}
    )


def curves_of(events: Iterable[Mapping[str, Any]]) -> list[Curve]:
    """Curves by member, in the order they began.

    An ``epoch`` event that does not say whose it is belongs to the fold that started last. Those of a plain model that
    is fitted for comparison only are left out.
    """
    curves: dict[str, Curve] = {}
    outer, member, fold, plain = "", "", "", False
    for event in events:
        name = event.get("event")
        plain = (plain or name == "plain_started") and name != "plain_finished"
        if plain:
            continue
        if name == "outer_fold_started":
            outer = f"{event.get('fold', '')}."
        if name in ("fold_started", "member_started"):
            member, fold = str(event.get("member", "")), str(event.get("fold", ""))
        if name == "epoch":
            owner = str(event.get("member", member))
            line = outer + str(event.get("fold", fold))
            _add(curves.setdefault(owner, Curve(owner)), line, event)
    return list(curves.values())


def _add(curve: Curve, fold: str, event: Mapping[str, Any]) -> None:
    epoch = event.get("epoch")
    if not isinstance(epoch, int | float):
        return
    for name in QUANTITIES:
        value = event.get(name)
        if isinstance(value, int | float) and isfinite(value):
            curve.lines[name].setdefault(fold, []).append((float(epoch), float(value)))
