"""Learning recipes: what to make of members' votes, separately for each set of inputs a row may have.

First each modality gets an *expert*: a greedy average of the members that look at it alone. The experts give a
product of experts. Then experts, product and the members that look at several inputs are candidates of a greedy
average, and a temperature makes the result as sure as it is right. All of it is learned on out-of-fold votes of
rows that have at least the inputs of the recipe, shown only those; so a row without its audio is answered by
what worked best without audio.

Whatever has parameters looks best to the rows they were fitted on. So experts, product and - where there are rows
enough - stacking are judged by answers of ones fitted on other folds of the votes, whole groups together, as members
are by votes of models that never saw the row. Log-loss on new rows, without and with that: experts and product .473 and
.460 on two folds of houses_price, .148 and .135 on mfeat6 with 100 rows, .217 both on a fold of flipkart_1050, .510 and
.523 on avmnist with 300 rows of three speakers; stacking on top .4697 instead of .4727 on houses_price, .2126 instead
of .2165 on flipkart_1050. No clear gain were a stop within one standard error (.515 on avmnist), bags (.506 on avmnist,
.220 on flipkart_1050, .154 on mfeat6), or a temperature fitted on other folds than the weights (debiased calibration
error .040 instead of .039 on avmnist, .012 instead of .010 on mfeat6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from jaxtyping import Bool, Float, Int

from polysight.core.errors import DataError
from polysight.data.splits import folds
from polysight.ensemble.combiner import Refusal, Votes
from polysight.ensemble.greedy import GreedySelection
from polysight.ensemble.member import Member
from polysight.ensemble.out_of_fold import Shown
from polysight.ensemble.product import ProductOfExperts
from polysight.ensemble.recipe import EXPERT, PRODUCT, STACKING, Cookbook, Recipe, candidates_of, experts_of
from polysight.ensemble.stacking import Stacking
from polysight.learners.calibration import TemperatureScaling
from polysight.modalities.inputs import Task

#: Fewer rows than this with all inputs of a recipe, and exponents and weights are not learned for it.
LEAST_ROWS = 30
#: Folds of the votes in which experts and product answer rows they were not fitted on.
JUDGING_FOLDS = 5
#: With more rows than this a few parameters do not overfit: experts and product are judged as they are.
MANY_ROWS = 2_000


def learn_recipes(members: Sequence[Member], task: Task, prior: Float[np.ndarray, " class"]) -> Cookbook:
    """Learn a recipe for every set of inputs (up to five inputs; beyond, all, all but one, each alone)."""
    names, present = task.samples.names, task.samples.present
    sizes = range(1, len(names) + 1) if len(names) <= 5 else (1, len(names) - 1, len(names))
    recipes = {}
    for chosen in (c for size in sizes for c in combinations(names, size)):
        rows = np.logical_and.reduce([present[:, names.index(name)] for name in chosen])
        recipes[frozenset(chosen)] = _learn(members, task, rows, frozenset(chosen), prior)
    return Cookbook(prior, recipes)


def _learn(
    members: Sequence[Member],
    task: Task,
    rows: Bool[np.ndarray, " row"],
    shown: Shown,
    prior: Float[np.ndarray, " class"],
) -> Recipe:
    alone = {name: [m.name for m in members if m.inputs == (name,)] for name in sorted(shown)}
    if rows.sum() < LEAST_ROWS:
        plain = {name: {member: 1 / len(mine) for member in mine} for name, mine in alone.items()}
        reason = f"not tried: {int(rows.sum())} rows have every input, {LEAST_ROWS} are needed"
        return Recipe(plain, {}, {_whole(shown): 1.0}, refused={STACKING: reason})
    judged = {m.name: m.judged(shown) for m in members if shown & set(m.inputs)}
    votes = {name: vote[rows] for name, vote in judged.items() if vote is not None}
    truth, groups = task.codes[rows], None if task.groups is None else task.groups[rows]
    experts = _experts(votes, alone, truth, prior)
    candidates = _judged(votes, alone, truth, groups, prior)
    used = {member for mine in alone.values() for member in mine}
    stacking = _stack({n: vote for n, vote in candidates.items() if n not in used | {PRODUCT}}, truth, groups, prior)
    if isinstance(stacking, Stacking) and stacking.left_out_ is not None:
        candidates[STACKING] = stacking.left_out_
    final = GreedySelection().fit(candidates, truth)
    return Recipe(
        experts=experts.weights,
        exponents=experts.exponents,
        weights=final.weights_,
        temperature=TemperatureScaling().fit(final.transform(candidates), truth).temperature_,
        stacking=stacking if isinstance(stacking, Stacking) and STACKING in final.weights_ else None,
        judged={name: _among(rows, vote) for name, vote in candidates.items() if name not in votes},
        refused={} if isinstance(stacking, Stacking) else {STACKING: f"not tried: {stacking.reason}"},
    )


@dataclass(frozen=True)
class _Experts:
    """What is learned before the final average: members' weights in each expert, and experts' exponents."""

    weights: dict[str, dict[str, float]]
    exponents: dict[str, float]

    def candidates(self, votes: Votes, prior: Float[np.ndarray, " class"]) -> dict[str, Float[np.ndarray, "row class"]]:
        """Votes, experts and their product."""
        return candidates_of(votes, experts_of(votes, self.weights), ProductOfExperts(prior, self.exponents))


def _experts(
    votes: Votes,
    alone: Mapping[str, Sequence[str]],
    codes: Int[np.ndarray, " row"],
    prior: Float[np.ndarray, " class"],
) -> _Experts:
    chosen = {name: GreedySelection().fit({m: votes[m] for m in mine}, codes) for name, mine in alone.items()}
    answers = {name: selection.transform(votes) for name, selection in chosen.items()}
    product = ProductOfExperts(prior)
    if len(answers) > 1:
        product.fit(answers, codes)
    weights = {name: selection.weights_ for name, selection in chosen.items()}
    return _Experts(weights, getattr(product, "exponents_", {}))


def _judged(
    votes: Votes,
    alone: Mapping[str, Sequence[str]],
    codes: Int[np.ndarray, " row"],
    groups: Int[np.ndarray, " row"] | None,
    prior: Float[np.ndarray, " class"],
) -> dict[str, Float[np.ndarray, "row class"]]:
    """Votes, and the answers of experts and product that were fitted on other rows, where those few rows matter."""
    try:
        parts = folds(codes, groups, n=JUDGING_FOLDS, seed=0) if len(codes) <= MANY_ROWS else []
    except DataError:
        parts = []
    if not parts:
        # One group cannot be divided: better judged by its own rows than not at all.
        return _experts(votes, alone, codes, prior).candidates(votes, prior)
    judged = dict(votes)
    for train, left_out in parts:
        experts = _experts({n: vote[train] for n, vote in votes.items()}, alone, codes[train], prior)
        answers = experts.candidates({n: vote[left_out] for n, vote in votes.items()}, prior)
        for name in answers.keys() - votes.keys():
            judged.setdefault(name, np.zeros((len(codes), len(prior))))[left_out] = answers[name]
    return judged


def _stack(
    votes: Votes,
    codes: Int[np.ndarray, " row"],
    groups: Int[np.ndarray, " row"] | None,
    prior: Float[np.ndarray, " class"],
) -> Stacking | Refusal:
    stacking = Stacking(prior=prior)
    refused = stacking.refusal(codes, len(prior))
    if refused is not None:
        return refused
    if len(votes) < 2:
        return Refusal("there is one vote to stack", "give more inputs or more members")
    stacking.fit(votes, codes, groups=groups)
    if stacking.left_out_ is None:
        return Refusal("the groups cannot be divided", "choose another group column, or none")
    return stacking


def _among(rows: Bool[np.ndarray, " row"], votes: Float[np.ndarray, "some class"]) -> Float[np.ndarray, "row class"]:
    """Votes of some rows in their places among all."""
    placed = np.zeros((len(rows), votes.shape[1]))
    placed[rows] = votes
    return placed


def _whole(shown: Shown) -> str:
    """The candidate that uses everything shown."""
    return PRODUCT if len(shown) > 1 else f"{next(iter(shown))}{EXPERT}"
