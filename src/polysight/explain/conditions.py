"""Conditions: what a rule asks of a row - whether an input is there, how large a fact of it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from polysight.data.samples import Samples
from polysight.modalities.base import Modality
from polysight.modalities.facts import Fact

#: The fact that an input is there at all.
PRESENT = Fact("present", yes_no=True)
_LIMITS = ("above", "most", "unknown", "known")


@dataclass(frozen=True)
class Asked:
    """A fact of one input."""

    input: str
    fact: Fact


@dataclass(frozen=True)
class Condition:
    """A fact that lies between two numbers.

    Attributes:
        asked: The fact.
        above: It is more than this; None: than anything.
        most: It is at most this; None: anything.
        unknown: Whether the condition also holds where the fact is unknown.
        known: Whether it holds where the fact is known, and between the numbers.
    """

    asked: Asked
    above: float | None = None
    most: float | None = None
    unknown: bool = False
    known: bool = True

    def at_most(self, value: float, *, unknown: bool) -> Condition:
        """The condition with one more limit above; an infinite one is none."""
        if value == np.inf:
            return replace(self, unknown=self.unknown & unknown)
        return replace(self, most=value if self.most is None else min(self.most, value), unknown=self.unknown & unknown)

    def more_than(self, value: float, *, unknown: bool) -> Condition:
        """The condition with one more limit below; an infinite one leaves only what is unknown."""
        if value == np.inf:
            return replace(self, unknown=self.unknown & unknown, known=False)
        above = value if self.above is None else max(self.above, value)
        return replace(self, above=above, unknown=self.unknown & unknown)

    def holds(self, values: Float[np.ndarray, " row"]) -> Bool[np.ndarray, " row"]:
        """In which rows it holds, given the fact of each (NaN where it is unknown)."""
        # Trees look at single precision.
        seen = values.astype(np.float32)
        inside = np.full(len(seen), self.known)
        if self.above is not None:
            inside &= seen > self.above
        if self.most is not None:
            inside &= seen <= self.most
        return np.where(np.isnan(seen), self.unknown, inside)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        limits = {name: getattr(self, name) for name in _LIMITS}
        return {"input": self.asked.input, **self.asked.fact.to_json(), **limits}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Condition:
        """The way back from ``to_json``."""
        fact = {name: value for name, value in plain.items() if name not in ("input", *_LIMITS)}
        return cls(Asked(plain["input"], Fact.from_json(fact)), **{name: plain[name] for name in _LIMITS})


def facts_of(samples: Samples, inputs: Mapping[str, Modality]) -> tuple[Asked, ...]:
    """What can be asked of rows like these: of each input whether it is there, and what its modality declares."""
    asked = []
    for name, view in samples.views.items():
        asked.append(Asked(name, PRESENT))
        there = np.flatnonzero(view.any_present)
        if len(there):
            asked += [Asked(name, fact) for fact in inputs[name].facts(view.take(there))]
    return tuple(asked)


def measured(samples: Samples, inputs: Mapping[str, Modality], asked: Sequence[Asked]) -> Float[np.ndarray, "row fact"]:
    """Each fact of each row; NaN where it is unknown."""
    table = np.empty((len(samples), len(asked)))
    for place, one in enumerate(asked):
        view = samples.views[one.input]
        there = one.fact == PRESENT
        table[:, place] = view.any_present if there else inputs[one.input].measured(view, one.fact)
    return table
