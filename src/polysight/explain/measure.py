"""Measure: how values of an explanation are written and drawn: shares of one, or amounts in a unit of their own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import ClassVar

from polysight.evaluation.verdict import percent

#: Digits of the largest difference of amounts that are written.
DIGITS = 3
#: Smaller differences, as shares of the amounts themselves, come from the order in which numbers are added.
ROUNDING = 1e-9
#: With more decimals, or from so large a number on, amounts are written with an exponent.
MOST_DECIMALS, LARGEST = 9, 1e15


class Measure(ABC):
    """What values are measured in.

    Attributes:
        from_zero: Whether charts begin at zero, so that bars show whole values; else these are marks.
    """

    from_zero: ClassVar[bool]

    @property
    @abstractmethod
    def hardly(self) -> float:
        """A difference below this hardly matters."""

    @abstractmethod
    def whole(self, value: float) -> str:
        """A value as text."""

    @abstractmethod
    def difference(self, value: float) -> str:
        """A difference of two values as text, with its sign."""

    @abstractmethod
    def beside(self, other: float, value: float) -> str:
        """Another value, as it is set beside that of the answer."""

    @abstractmethod
    def ends(self, values: Sequence[float]) -> tuple[float, float]:
        """From where to where a chart of such values goes."""


@dataclass(frozen=True)
class Probability(Measure):
    """Shares of one: values in percent, differences in points."""

    from_zero: ClassVar[bool] = True

    @property
    def hardly(self) -> float:
        """Half a point."""
        return 0.005

    def whole(self, value: float) -> str:
        """In percent."""
        return percent(value)

    def difference(self, value: float) -> str:
        """In points."""
        return f"{100 * value:+.1f}" if abs(value) >= 0.0005 else "0"

    def beside(self, other: float, value: float) -> str:
        """As it is."""
        return percent(other)

    def ends(self, values: Sequence[float]) -> tuple[float, float]:
        """From none to all, and further where values of single steps do."""
        return min(0.0, *values), max(1.0, *values)


@dataclass(frozen=True)
class InUnits(Measure):
    """Amounts in the unit of what is predicted, all with as many decimals as the largest difference calls for.

    Attributes:
        largest: The largest difference there is to write.
        size: About how large the amounts are.
    """

    from_zero: ClassVar[bool] = False

    largest: float
    size: float

    @property
    def hardly(self) -> float:
        """A fiftieth of the largest difference, and whatever is but rounding."""
        return max(self.largest / 50, ROUNDING * self.size)

    def whole(self, value: float) -> str:
        """The amount."""
        return self._text(value, "")

    def difference(self, value: float) -> str:
        """The amount with its sign."""
        text = self._text(value, "+")
        return text if any(digit in text for digit in "123456789") else "0"

    def beside(self, other: float, value: float) -> str:
        """By how much it differs."""
        return self.difference(other - value)

    def ends(self, values: Sequence[float]) -> tuple[float, float]:
        """From the least to the largest, with some room on both sides."""
        room = 0.06 * (max(values) - min(values)) or 1.0
        return min(values) - room, max(values) + room

    def _text(self, value: float, sign: str) -> str:
        # Of no difference at all, but for rounding, the amount itself says how many decimals there are.
        scale = self.largest if self.largest > ROUNDING * self.size else self.size
        decimals = max(0, DIGITS - 1 - floor(log10(scale))) if scale > 0 else 0
        exponent = decimals > MOST_DECIMALS or self.size >= LARGEST
        return f"{value:{sign}.{DIGITS + 1}g}" if exponent else f"{value:{sign}z,.{decimals}f}"
