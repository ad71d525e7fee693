"""Voices: who said what about one row, and how it became the answer - a model taken apart as a tree.

The root is the answer. Its parts are what was combined into it, and so on down to the members' encoders.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class Voice:
    """What a model, or a part of one, says of one row.

    Attributes:
        name: The member, the way of combining, or the input whose encoder it is.
        inputs: The inputs it heard.
        probabilities: What it said: a probability a class or label, or an amount.
        weight: How much it counted in what it is part of: its weight in a mean, its exponent in a product, its weight
            in a fusion. None where it has no such number.
        how: How its parts became what it said: ``mean``, ``product``, ``stacking``, ``fusion`` or another combiner;
            empty where there is nothing inside to show.
        parts: What it was made of.
        facts: What else there is to say, as JSON holds it.
    """

    name: str
    inputs: tuple[str, ...]
    probabilities: Float[np.ndarray, " class"]
    weight: float | None = None
    how: str = ""
    parts: tuple[Voice, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def weighing(self, weight: float | None) -> Voice:
        """The same with another weight."""
        return replace(self, weight=weight)

    def to_json(self, written: Callable[[Float[np.ndarray, " class"]], Mapping[str, Any]]) -> dict[str, Any]:
        """The tree as JSON holds it.

        Args:
            written: What was said, as JSON holds it.
        """
        told: dict[str, Any] = {"name": self.name, "inputs": list(self.inputs), **written(self.probabilities)}
        if self.weight is not None:
            told["weight"] = self.weight
        if self.parts:
            told |= {"how": self.how, "parts": [part.to_json(written) for part in self.parts]}
        return told | dict(self.facts)


def mean_voice(voices: Sequence[Voice]) -> Voice:
    """The mean of voices of models that differ only in the rows they learned from; so of their parts, by name."""
    first = voices[0]
    named = [{part.name: part for part in voice.parts} for voice in voices]
    shared = [name for name in named[0] if all(name in parts for parts in named)]
    weights = [voice.weight for voice in voices if voice.weight is not None]
    return replace(
        first,
        probabilities=np.mean([voice.probabilities for voice in voices], axis=0),
        weight=float(np.mean(weights)) if len(weights) == len(voices) else None,
        parts=tuple(mean_voice([parts[name] for parts in named]) for name in shared),
    )
