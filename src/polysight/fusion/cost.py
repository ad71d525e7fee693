"""What a fusion costs: the numbers it learns, and the floating-point operations of one row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from polysight.core.tokens import Tokens
from polysight.fusion.base import Fusion
from polysight.fusion.decision import DecisionFusion, Opinion

#: The sizes counted: numbers of modalities, widths of tokens, tokens a modality, and classes.
MODALITIES, WIDTHS, TOKENS, CLASSES = (2, 3, 4), (64, 128), 4, 10


@dataclass(frozen=True)
class Cost:
    """What a fusion of some size costs.

    Attributes:
        modalities: The number of modalities.
        size: What else the cost depends on, such as ``width 64``.
        parameters: How many numbers it learns.
        flops: The floating-point operations of its matrix products for one row (a product and a sum are two);
            additions, softmaxes and other work on single numbers are not counted.
    """

    modalities: int
    size: str
    parameters: int
    flops: int


def costs_of(cls: type[Fusion] | type[DecisionFusion]) -> list[Cost]:
    """Count by building the fusion with its default options and running one row through it."""
    with torch.random.fork_rng(devices=[]):
        if issubclass(cls, DecisionFusion):
            return [_decision_cost(cls, count) for count in MODALITIES]
        return [_cost(cls, count, width) for count in MODALITIES for width in WIDTHS]


def _cost(cls: type[Fusion], count: int, width: int) -> Cost:
    names = [str(i) for i in range(count)]
    tokens = {name: Tokens(torch.randn(1, TOKENS, width), torch.ones(1, TOKENS, dtype=torch.bool)) for name in names}
    fusion = cls(names, width).eval().requires_grad_(False)
    return Cost(count, f"width {width}", _parameters(fusion), _flops(fusion, tokens))


def _decision_cost(cls: type[DecisionFusion], count: int) -> Cost:
    names = [str(i) for i in range(count)]
    opinions = {name: Opinion(torch.randn(1, CLASSES), torch.ones(1, dtype=torch.bool)) for name in names}
    fusion = cls(names, CLASSES).eval().requires_grad_(False)
    return Cost(count, f"{CLASSES} classes", _parameters(fusion), _flops(fusion, opinions))


def _parameters(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _flops(module: nn.Module, rows: Any) -> int:
    with FlopCounterMode(display=False) as counter:
        module(rows)
    return counter.get_total_flops()
