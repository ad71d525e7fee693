"""The leaderboard: every learner that was tried or passed over, what it reached out of fold, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from polysight.ensemble.member import Member
from polysight.ensemble.out_of_fold import Shown
from polysight.ensemble.recipe import PRODUCT, STACKING, Cookbook, Recipe
from polysight.evaluation.clustered import clustered_error
from polysight.modalities.inputs import Task


@dataclass(frozen=True)
class Entry:
    """A planned learner: how long it took, and why it is not a member (empty if it is)."""

    name: str
    inputs: tuple[str, ...]
    seconds: float
    reason: str


def judge(members: Sequence[Member], entries: Sequence[Entry], cookbook: Cookbook, task: Task) -> list[dict[str, Any]]:
    """One row a learner, a way of combining all inputs, and the ensemble, best first.

    Each says out-of-fold accuracy and log-loss, whether it was kept, and why or why not.

    These are selection scores: the ensemble was chosen on the same rows, so its own is slightly optimistic.
    """
    everything = frozenset(task.samples.names)
    recipe = cookbook.recipe(everything)
    fitted = {member.name: member for member in members}
    rows = [_row(entry, fitted.get(entry.name), cookbook, recipe.weights, task) for entry in entries]
    answer = answer_out_of_fold(cookbook, members, task, everything)
    rows += [_combined(name, answer, recipe, task) for name in (PRODUCT, STACKING) if name in _tried(recipe)]
    rows.append({"member": "ensemble", **_scores(answer, task), "kept": True, "reason": _words(recipe.weights)})
    rows[-1]["seconds"] = sum(entry.seconds for entry in entries)
    return sorted(rows, key=lambda row: (row["score"] is None, -(row["score"] or 0.0)))


def answer_out_of_fold(
    cookbook: Cookbook, members: Sequence[Member], task: Task, shown: Shown, *, calibrated: bool = True
) -> Float[np.ndarray, "row class"]:
    """The ensemble's answers to the training rows from votes of models that never saw them, shown some inputs.

    Args:
        cookbook: How votes become answers.
        members: Who votes.
        task: The training rows.
        shown: The inputs that may be looked at.
        calibrated: Whether the recipes' temperature has its say.
    """
    names = task.samples.names
    visible = task.samples.present & np.array([name in shown for name in names])
    result = np.tile(cookbook.prior, (len(task.codes), 1))
    for pattern in np.unique(visible, axis=0):
        if not pattern.any():
            continue
        rows = _matching(visible, pattern)
        seen = frozenset(np.asarray(names)[pattern].tolist())
        judged = {member.name: member.judged(seen) for member in members if seen & set(member.inputs)}
        votes = {name: vote[rows] for name, vote in judged.items() if vote is not None}
        recipe = cookbook.recipe(seen)
        votes |= {name: vote[rows] for name, vote in recipe.judged.items()}
        answer = recipe.answer if calibrated else recipe.combine
        result[rows] = answer(votes, cookbook.prior)
    return result


def clustered_interval(hits: Bool[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None) -> tuple[float, float]:
    """A 95 % interval of a share, with rows of one group counted as dependent (cluster-robust standard error)."""
    share = float(hits.mean())
    error = clustered_error(hits.astype(np.float64), groups)
    return max(share - 1.96 * error, 0.0), min(share + 1.96 * error, 1.0)


def _row(entry: Entry, member: Member | None, cookbook: Cookbook, weights: Any, task: Task) -> dict[str, Any]:
    row: dict[str, Any] = {"member": entry.name, "score": None, "low": None, "high": None, "log_loss": None}
    if member is None:
        return {**row, "kept": False, "reason": entry.reason, "seconds": entry.seconds}
    votes = member.judged(frozenset(member.inputs))
    if votes is not None:
        row |= _scores(votes, task)
    helps = [shown for shown, recipe in cookbook.recipes.items() if member.name in recipe.members]
    if frozenset(task.samples.names) in helps:
        reason = f"weight {weights[entry.name]:.2f}" if entry.name in weights else "part of an expert"
    else:
        without = min((sorted(shown) for shown in helps), key=len, default=None)
        reason = f"used when only {', '.join(without)} is there" if without else "adds nothing to the others"
    return {**row, "kept": bool(helps), "reason": reason, "seconds": entry.seconds}


def _tried(recipe: Recipe) -> set[str]:
    return {*recipe.judged, *recipe.refused, *recipe.weights}


def _combined(name: str, answer: Float[np.ndarray, "row class"], recipe: Recipe, task: Task) -> dict[str, Any]:
    """A way of combining in place of the ensemble, where every input is there."""
    row: dict[str, Any] = {"member": name, "score": None, "low": None, "high": None, "log_loss": None}
    if name in recipe.judged:
        complete = np.logical_and.reduce(task.samples.present, axis=1)
        row |= _scores(np.where(complete[:, None], recipe.judged[name], answer), task)
    kept = name in recipe.weights
    reason = f"weight {recipe.weights[name]:.2f}" if kept else recipe.refused.get(name, "adds nothing to the others")
    return {**row, "kept": kept, "reason": reason, "seconds": 0.0}


def _scores(probabilities: Float[np.ndarray, "row class"], task: Task) -> dict[str, float]:
    hits = probabilities.argmax(axis=1) == task.codes
    low, high = clustered_interval(hits, task.groups)
    true = np.clip(probabilities[np.arange(len(hits)), task.codes], 1e-9, None)
    return {"score": float(hits.mean()), "low": low, "high": high, "log_loss": float(-np.log(true).mean())}


def _words(weights: Any) -> str:
    parts = [f"{weight:.2f} {name}" for name, weight in sorted(weights.items(), key=lambda item: -item[1])]
    return " + ".join(parts) + (f" ({PRODUCT} multiplies one expert an input)" if PRODUCT in weights else "")


def _matching(visible: Bool[np.ndarray, "row modality"], pattern: Bool[np.ndarray, " modality"]) -> Any:
    return np.flatnonzero((visible == pattern).all(axis=1))
