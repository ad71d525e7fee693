"""Recipes for any target: the weights of members for each set of inputs that a row may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from polysight.data.target_kinds.base import Answers
from polysight.ensemble.blend import blend_weights
from polysight.ensemble.member import Shown
from polysight.ensemble.target_member import TargetMember
from polysight.modalities.target_task import TargetTask

#: Fewer rows than this with a set of inputs, and members that look at one of them count alike.
LEAST_ROWS = 30
#: For each target the weight of each member.
TargetWeights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, eq=False)
class TargetCookbook:
    """Weights for each set of shown inputs, and what is said where nothing is shown."""

    prior: Float[np.ndarray, " answer"]
    recipes: Mapping[Shown, TargetWeights]

    def recipe(self, shown: Shown) -> TargetWeights:
        """The weights for exactly these inputs; for a set without, the mean of those for each input alone."""
        if shown in self.recipes:
            return self.recipes[shown]
        alone = [self.recipes[frozenset({name})] for name in sorted(shown)]
        return {
            target: {
                name: float(np.mean([one[target].get(name, 0.0) for one in alone]))
                for name in sorted({name for one in alone for name in one[target]})
            }
            for target in alone[0]
        }

    def members(self) -> set[str]:
        """Every member that some recipe needs."""
        return {name for recipe in self.recipes.values() for weights in recipe.values() for name in weights}

    def to_state(self) -> dict[str, Any]:
        """The cookbook as arrays and JSON."""
        recipes = [{"shown": sorted(shown), "weights": recipe} for shown, recipe in self.recipes.items()]
        return {"prior": self.prior, "recipes": recipes}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> TargetCookbook:
        """The way back from ``to_state``."""
        return cls(state["prior"], {frozenset(one["shown"]): one["weights"] for one in state["recipes"]})


def learn_target_recipes(members: Sequence[TargetMember], task: TargetTask) -> TargetCookbook:
    """Learn weights for every set of inputs (up to five inputs; beyond, all, all but one, each alone)."""
    names, present = task.samples.names, task.samples.present
    sizes = range(1, len(names) + 1) if len(names) <= 5 else (1, len(names) - 1, len(names))
    recipes = {}
    for chosen in (c for size in sizes for c in combinations(names, size)):
        rows = np.logical_and.reduce([present[:, names.index(name)] for name in chosen])
        recipes[frozenset(chosen)] = _learn(members, task, rows, frozenset(chosen))
    return TargetCookbook(task.targets.prior(task.truth), recipes)


def _learn(
    members: Sequence[TargetMember], task: TargetTask, rows: Bool[np.ndarray, " row"], shown: Shown
) -> dict[str, dict[str, float]]:
    judged = {m.name: m.judged(shown) for m in members if shown & set(m.inputs)}
    votes = {name: vote for name, vote in judged.items() if vote is not None}
    alone = [m.name for m in members if set(m.inputs) <= shown and len(m.inputs) == 1]
    learned = {}
    for part in task.targets:
        known = rows & part.known(task.truth)
        if known.sum() < LEAST_ROWS:
            learned[part.target.name] = {name: 1 / len(alone) for name in alone}
            continue
        mine = {name: vote[known][:, part.answers] for name, vote in votes.items()}
        learned[part.target.name] = blend_weights(mine, part.target, task.truth[known][:, part.columns])
    return learned


def blended(weights: TargetWeights, votes: Mapping[str, Answers], task_slices: Mapping[str, slice]) -> Answers:
    """The weighted mean of votes, target by target."""
    parts = [
        np.sum([weight * votes[name][:, task_slices[target]] for name, weight in mine.items()], axis=0)
        for target, mine in weights.items()
    ]
    return np.hstack(parts)
