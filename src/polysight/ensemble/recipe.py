"""Recipes: how members' votes become one answer, separately for each set of inputs a row has.

``recipe_learning`` says how they are found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from polysight.ensemble.combiner import Votes
from polysight.ensemble.out_of_fold import Shown
from polysight.ensemble.product import ProductOfExperts
from polysight.ensemble.stacking import Stacking
from polysight.explain.voice import Voice
from polysight.learners.calibration import TemperatureScaling


@dataclass(frozen=True, eq=False)
class Recipe:
    """The way to answer rows that have exactly some inputs.

    Attributes:
        experts: For each shown input, the weights of the members that look at it alone.
        exponents: The exponent of each expert in the product.
        weights: The weights of the candidates: members, ``<input> expert``, ``product of experts``, ``stacking``.
        temperature: Calibration of the result.
        stacking: The fitted stacking, where it has weight.
        judged: What experts, product and stacking that did not see them answered to the training rows the weights were
            chosen on (zeros elsewhere); dropped when saved.
        refused: Why a candidate was not tried, by candidate; dropped when saved.
    """

    experts: Mapping[str, Mapping[str, float]]
    exponents: Mapping[str, float]
    weights: Mapping[str, float]
    temperature: float = 1.0
    stacking: Stacking | None = None
    judged: Votes = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def members(self) -> set[str]:
        """The members whose votes are needed."""
        named = set(self.weights) | (set(self.stacking.members_) if self.stacking is not None else set())
        experts = set(self.experts) if PRODUCT in named else set()
        experts |= {name.removesuffix(EXPERT) for name in named if name.endswith(EXPERT)}
        alone = {name for name in named - {PRODUCT, STACKING} if not name.endswith(EXPERT)}
        return alone | {member for expert in experts for member in self.experts[expert]}

    def answer(self, votes: Votes, prior: Float[np.ndarray, " class"]) -> Float[np.ndarray, "row class"]:
        """Combine the members' votes; votes of experts, product or stacking may be given, and then count as given."""
        return TemperatureScaling(self.temperature).transform(self.combine(votes, prior))

    def combine(self, votes: Votes, prior: Float[np.ndarray, " class"]) -> Float[np.ndarray, "row class"]:
        """The answer before calibration."""
        experts = experts_of(votes, self.experts)
        candidates = candidates_of(votes, experts, ProductOfExperts(prior, self.exponents))
        if self.stacking is not None and STACKING not in candidates:
            candidates[STACKING] = self.stacking.transform({n: candidates[n] for n in self.stacking.members_})
        mean: Float[np.ndarray, "row class"]
        mean = np.sum([weight * candidates[name] for name, weight in self.weights.items()], axis=0)
        return mean

    def apart(self, voices: Mapping[str, Voice], prior: Float[np.ndarray, " class"]) -> Voice:
        """The answer to one row as a tree: what the final average is made of, down to the members.

        Args:
            voices: What the members say of the row.
            prior: The class shares of the training rows.
        """
        votes = {name: voice.probabilities[None] for name, voice in voices.items()}
        said = experts_of(votes, self.experts)
        known = dict(voices)
        for name, answer in said.items():
            parts = tuple(known[member].weighing(weight) for member, weight in self.experts[name].items())
            known[f"{name}{EXPERT}"] = Voice(f"{name}{EXPERT}", (name,), answer[0], how="mean", parts=parts)
        everything = tuple(sorted({name for voice in voices.values() for name in voice.inputs}))
        if len(said) > 1:
            product = ProductOfExperts(prior, self.exponents)
            parts = tuple(known[f"{name}{EXPERT}"].weighing(product.weight_of(name)) for name in said)
            known[PRODUCT] = Voice(PRODUCT, everything, product.transform(said)[0], how="product", parts=parts)
        if self.stacking is not None:
            parts = tuple(known[name] for name in self.stacking.members_)
            answer = self.stacking.transform({part.name: part.probabilities[None] for part in parts})
            known[STACKING] = Voice(STACKING, everything, answer[0], how="stacking", parts=parts)
        final = sorted(self.weights.items(), key=lambda item: -item[1])
        return Voice(
            "ensemble",
            everything,
            self.answer(votes, prior)[0],
            how="mean",
            parts=tuple(known[name].weighing(weight) for name, weight in final),
            facts={"temperature": self.temperature},
        )

    def to_state(self) -> dict[str, Any]:
        """The recipe as JSON."""
        return {
            "experts": {name: dict(weights) for name, weights in self.experts.items()},
            "exponents": dict(self.exponents),
            "weights": dict(self.weights),
            "temperature": self.temperature,
            "stacking": None if self.stacking is None else self.stacking.to_state(),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Recipe:
        """The way back from ``to_state``."""
        stacking = None if state["stacking"] is None else Stacking.from_state(state["stacking"])
        return cls(state["experts"], state["exponents"], state["weights"], state["temperature"], stacking)


#: The candidate that multiplies the experts of all shown inputs.
PRODUCT = "product of experts"
#: The candidate that is a linear model of experts and of members that look at several inputs.
STACKING = "stacking"
EXPERT = " expert"


@dataclass(frozen=True, eq=False)
class Cookbook:
    """A recipe for each set of shown inputs, and the prior for rows in which nothing is shown."""

    prior: Float[np.ndarray, " class"]
    recipes: Mapping[Shown, Recipe] = field(default_factory=dict)

    def recipe(self, shown: Shown) -> Recipe:
        """The recipe for exactly these inputs; for a set that none was learned for, the plain product of experts."""
        if shown in self.recipes:
            return self.recipes[shown]
        experts = {name: self.recipes[frozenset({name})].experts[name] for name in sorted(shown)}
        return Recipe(experts, {}, {PRODUCT: 1.0})

    def to_state(self) -> dict[str, Any]:
        """The cookbook as arrays and JSON."""
        recipes = [{"shown": sorted(shown), **recipe.to_state()} for shown, recipe in self.recipes.items()]
        return {"prior": self.prior, "recipes": recipes}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Cookbook:
        """The way back from ``to_state``."""
        recipes = {frozenset(recipe["shown"]): Recipe.from_state(recipe) for recipe in state["recipes"]}
        return cls(state["prior"], recipes)


def experts_of(votes: Votes, weights: Mapping[str, Mapping[str, float]]) -> dict[str, Float[np.ndarray, "row class"]]:
    """The weighted mean of each input's members, where all of them voted."""
    return {
        name: np.sum([weight * votes[member] for member, weight in mine.items()], axis=0)
        for name, mine in weights.items()
        if all(member in votes for member in mine)
    }


def candidates_of(votes: Votes, experts: Votes, product: ProductOfExperts) -> dict[str, Float[np.ndarray, "row class"]]:
    """What a final average chooses from: votes, experts and, of several experts, their product."""
    candidates = {f"{name}{EXPERT}": expert for name, expert in experts.items()}
    if len(experts) > 1:
        candidates[PRODUCT] = product.transform(experts)
    return candidates | dict(votes)
