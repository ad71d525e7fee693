"""Facts: simple things to say of a cell in words - how bright, how long, whether a word is in it - as numbers.

What a model does is put into readable rules in terms of them. A fact is data, so that rules can be kept and asked of
other rows; what it means, the modality knows that named it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from polysight.data.view import View


@dataclass(frozen=True, order=True)
class Fact:
    """One thing to say of a cell.

    Attributes:
        measure: What is measured: ``brightness``, ``duration``, ``contains``, ``is``...
        column: The table's column.
        value: What it is measured of, where a column has several such things: the word, the level, the channel.
        unit: What the number counts: ``%``, ``s``, ``mm``...; empty for a plain number.
        yes_no: Whether it is true (1) or not (0), rather than more or less.
    """

    measure: str
    column: str = ""
    value: str = ""
    unit: str = ""
    yes_no: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Fact:
        """The way back from ``to_json``."""
        return cls(**plain)


@dataclass(frozen=True)
class Measure:
    """How a fact is measured.

    Attributes:
        of: The modality, a view, a slot and the fact's ``value`` to a number (or truth value) a row.
        unit: See ``Fact``.
        yes_no: See ``Fact``.
    """

    of: Callable[[Any, View, int, str], np.ndarray]
    unit: str = ""
    yes_no: bool = False

    def fact(self, name: str, column: str, value: str = "") -> Fact:
        """The fact that this measures."""
        return Fact(name, column, value, self.unit, self.yes_no)


def brightness(_: Any, view: View, slot: int, __: str, *, array: str) -> Float[np.ndarray, " row"]:
    """The mean of the 8-bit values of an array in percent of white."""
    pixels = view.arrays[array][:, slot]
    return np.array([float(pixels[row].mean(dtype=np.float64)) for row in range(len(pixels))]) / 2.55


def contrast(_: Any, view: View, slot: int, __: str, *, array: str) -> Float[np.ndarray, " row"]:
    """The standard deviation of the 8-bit values of an array in percent of white."""
    pixels = view.arrays[array][:, slot]
    return np.array([float(pixels[row].std(dtype=np.float64)) for row in range(len(pixels))]) / 2.55
