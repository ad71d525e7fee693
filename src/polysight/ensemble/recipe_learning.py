"""Learning recipes: what to make of members' votes, separately for each set of inputs a row may have.

First each modality gets an *expert*: a greedy average of the members that look at it alone. The experts give a
product of experts. Then experts, product and the members that look at several inputs are candidates of a greedy
average, and a temperature makes the result as sure as it is right. All of it is learned on out-of-fold votes of
rows that have at least the inputs of the recipe, shown only those; so a row without its audio is answered by
what worked best without audio.

Where there are rows enough, stacking is a candidate too. It has so many parameters that its answers to the rows it
was fitted on always look best, so the greedy average judges it by answers of stacking fitted on other folds. (Log-loss
on new rows with it: .2126 instead of .2165 on a fold of flipkart_1050, .4697 instead of .4727 on two folds of
houses_price; on avmnist with 300 rows it was not chosen.)

Experts and product have a few parameters each. Judging them so too was no clear gain: .135 instead of .148 on mfeat6
with 100 rows, .460 instead of .473 on houses_price, .217 both ways on flipkart_1050, but .523 instead of .510 on
avmnist with 300 rows of three speakers. Nor were a stop within one standard error (.515 on avmnist), bags (.506 on
avmnist, .220 on flipkart_1050, .154 on mfeat6), or a temperature fitted on other folds than the weights (debiased
calibration error .040 instead of .039 on avmnist, .012 instead of .010 on mfeat6).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from jaxtyping import Bool, Float, Int

from polysight.ensemble.combiner import Refusal, Votes
from polysight.ensemble.greedy import GreedySelection
from polysight.ensemble.member import Member, Shown
from polysight.ensemble.product import ProductOfExperts
from polysight.ensemble.recipe import EXPERT, PRODUCT, STACKING, Cookbook, Recipe, candidates_of
from polysight.ensemble.stacking import Stacking
from polysight.learners.calibration import TemperatureScaling
from polysight.modalities.inputs import Task

#: Fewer rows than this with all inputs of a recipe, and exponents and weights are not learned for it.
LEAST_ROWS = 30


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
        experts = {name: {member: 1 / len(mine) for member in mine} for name, mine in alone.items()}
        reason = f"not tried: {int(rows.sum())} rows have every input, {LEAST_ROWS} are needed"
        return Recipe(experts, {}, {_whole(shown): 1.0}, refused={STACKING: reason})
    judged = {m.name: m.judged(shown) for m in members if shown & set(m.inputs)}
    votes = {name: vote[rows] for name, vote in judged.items() if vote is not None}
    truth, groups = task.codes[rows], None if task.groups is None else task.groups[rows]
    chosen = {name: GreedySelection().fit({m: votes[m] for m in mine}, truth) for name, mine in alone.items()}
    answers = {name: selection.transform(votes) for name, selection in chosen.items()}
    product = ProductOfExperts(prior)
    if len(answers) > 1:
        product.fit(answers, truth)
    candidates = candidates_of(votes, answers, product)
    used = {member for mine in alone.values() for member in mine}
    stacking = _stack({n: vote for n, vote in candidates.items() if n not in used | {PRODUCT}}, truth, groups, prior)
    if isinstance(stacking, Stacking) and stacking.left_out_ is not None:
        candidates[STACKING] = stacking.left_out_
    final = GreedySelection().fit(candidates, truth)
    return Recipe(
        experts={name: selection.weights_ for name, selection in chosen.items()},
        exponents=getattr(product, "exponents_", {}),
        weights=final.weights_,
        temperature=TemperatureScaling().fit(final.transform(candidates), truth).temperature_,
        stacking=stacking if isinstance(stacking, Stacking) and STACKING in final.weights_ else None,
        judged={name: _among(rows, vote) for name, vote in candidates.items() if name in (PRODUCT, STACKING)},
        refused={} if isinstance(stacking, Stacking) else {STACKING: f"not tried: {stacking.reason}"},
    )


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
