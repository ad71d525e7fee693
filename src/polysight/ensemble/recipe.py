"""Recipes: how members' votes become one answer, separately for each set of inputs a row has.

First each modality gets an *expert*: a greedy average of the members that look at it alone. The experts give a
product of experts. Then experts, product and the members that look at several inputs are candidates of a greedy
average, and a temperature makes the result as sure as it is right. All of it is learned on out-of-fold votes of
rows that have at least the inputs of the recipe, shown only those; so a row without its audio is answered by
what worked best without audio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from polysight.ensemble.greedy import GreedySelection
from polysight.ensemble.member import Member, Shown
from polysight.ensemble.product import ProductOfExperts
from polysight.learners.calibration import TemperatureScaling

#: Fewer rows than this with all inputs of a recipe, and exponents and weights are not learned for it.
LEAST_ROWS = 30

Votes = Mapping[str, Float[np.ndarray, "row class"]]


@dataclass(frozen=True, eq=False)
class Recipe:
    """The way to answer rows that have exactly some inputs.

    Attributes:
        experts: For each shown input, the weights of the members that look at it alone.
        exponents: The exponent of each expert in the product.
        weights: The weights of the candidates: members, ``<input> expert``, ``product of experts``.
        temperature: Calibration of the result.
    """

    experts: Mapping[str, Mapping[str, float]]
    exponents: Mapping[str, float]
    weights: Mapping[str, float]
    temperature: float = 1.0

    @property
    def members(self) -> set[str]:
        """The members whose votes are needed."""
        needed = {name for name in self.weights if name != PRODUCT and not name.endswith(_EXPERT)}
        experts = set(self.experts) if PRODUCT in self.weights else set()
        experts |= {name.removesuffix(_EXPERT) for name in self.weights if name.endswith(_EXPERT)}
        return needed | {member for expert in experts for member in self.experts[expert]}

    def answer(self, votes: Votes, prior: Float[np.ndarray, " class"]) -> Float[np.ndarray, "row class"]:
        """Combine the members' votes."""
        experts = {
            name: np.sum([weight * votes[member] for member, weight in weights.items()], axis=0)
            for name, weights in self.experts.items()
            if all(member in votes for member in weights)
        }
        candidates = _candidates(votes, experts, ProductOfExperts(prior, self.exponents))
        mean = np.sum([weight * candidates[name] for name, weight in self.weights.items()], axis=0)
        return TemperatureScaling(self.temperature).transform(mean)

    def to_state(self) -> dict[str, Any]:
        """The recipe as JSON."""
        return {
            "experts": {name: dict(weights) for name, weights in self.experts.items()},
            "exponents": dict(self.exponents),
            "weights": dict(self.weights),
            "temperature": self.temperature,
        }


#: The candidate that multiplies the experts of all shown inputs.
PRODUCT = "product of experts"
_EXPERT = " expert"


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
        recipes = {
            frozenset(r["shown"]): Recipe(r["experts"], r["exponents"], r["weights"], r["temperature"])
            for r in state["recipes"]
        }
        return cls(state["prior"], recipes)


def learn_recipes(
    members: Sequence[Member],
    codes: Int[np.ndarray, " row"],
    present: Bool[np.ndarray, "row modality"],
    names: Sequence[str],
    prior: Float[np.ndarray, " class"],
) -> Cookbook:
    """Learn a recipe for every set of inputs (up to five inputs; beyond, all, all but one, each alone)."""
    sizes = range(1, len(names) + 1) if len(names) <= 5 else (1, len(names) - 1, len(names))
    recipes = {}
    for chosen in (c for size in sizes for c in combinations(names, size)):
        shown = frozenset(chosen)
        rows = np.logical_and.reduce([present[:, names.index(name)] for name in chosen])
        recipes[shown] = _learn(members, codes, rows, shown, prior)
    return Cookbook(prior, recipes)


def _learn(
    members: Sequence[Member],
    codes: Int[np.ndarray, " row"],
    rows: Bool[np.ndarray, " row"],
    shown: Shown,
    prior: Float[np.ndarray, " class"],
) -> Recipe:
    alone = {name: [m.name for m in members if m.inputs == (name,)] for name in sorted(shown)}
    if rows.sum() < LEAST_ROWS:
        experts = {name: {member: 1 / len(mine) for member in mine} for name, mine in alone.items()}
        return Recipe(experts, {}, {_whole(shown): 1.0})
    judged = {m.name: m.judged(shown) for m in members if shown & set(m.inputs)}
    votes = {name: vote[rows] for name, vote in judged.items() if vote is not None}
    truth = codes[rows]
    chosen = {name: GreedySelection().fit({m: votes[m] for m in mine}, truth) for name, mine in alone.items()}
    answers = {name: selection.transform(votes) for name, selection in chosen.items()}
    product = ProductOfExperts(prior)
    if len(answers) > 1:
        product.fit(answers, truth)
    candidates = _candidates(votes, answers, product)
    final = GreedySelection().fit(candidates, truth)
    return Recipe(
        experts={name: selection.weights_ for name, selection in chosen.items()},
        exponents=getattr(product, "exponents_", {}),
        weights=final.weights_,
        temperature=TemperatureScaling().fit(final.transform(candidates), truth).temperature_,
    )


def _whole(shown: Shown) -> str:
    """The candidate that uses everything shown."""
    return PRODUCT if len(shown) > 1 else f"{next(iter(shown))}{_EXPERT}"


def _candidates(votes: Votes, experts: Votes, product: ProductOfExperts) -> dict[str, Float[np.ndarray, "row class"]]:
    candidates = dict(votes) | {f"{name}{_EXPERT}": expert for name, expert in experts.items()}
    if len(experts) > 1:
        candidates[PRODUCT] = product.transform(experts)
    return candidates
