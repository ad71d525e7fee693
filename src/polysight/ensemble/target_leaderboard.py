"""The leaderboard for any target: what each learner reached out of fold, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from polysight.data.target_kinds.base import Answers
from polysight.ensemble.leaderboard import Entry
from polysight.ensemble.member import Shown
from polysight.ensemble.target_member import TargetMember
from polysight.ensemble.target_recipes import TargetCookbook, blended
from polysight.evaluation.evaluate_targets import headline_of
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.target_scores import SCORED, SCORES, intervals_of
from polysight.modalities.target_task import TargetTask


def answers_out_of_fold(
    cookbook: TargetCookbook, members: Sequence[TargetMember], task: TargetTask, shown: Shown
) -> Answers:
    """The ensemble's answers to the training rows from models that never saw them, shown some inputs."""
    names = task.samples.names
    visible = task.samples.present & np.array([name in shown for name in names])
    result: Answers = np.tile(cookbook.prior, (len(task.truth), 1))
    slices = {part.target.name: part.answers for part in task.targets}
    for pattern in np.unique(visible, axis=0):
        if not pattern.any():
            continue
        rows = np.flatnonzero((visible == pattern).all(axis=1))
        seen = frozenset(np.asarray(names)[pattern].tolist())
        judged = {member.name: member.judged(seen) for member in members if seen & set(member.inputs)}
        votes = {name: vote[rows] for name, vote in judged.items() if vote is not None}
        result[rows] = blended(cookbook.recipe(seen), votes, slices)
    return result


def judge_members(
    members: Sequence[TargetMember], entries: Sequence[Entry], cookbook: TargetCookbook, task: TargetTask
) -> list[dict[str, Any]]:
    """One row a learner and the ensemble, best first: its score, whether it was kept, and why or why not.

    Scores are R2, accuracy, or the share of rows with every label right; of several targets their mean.
    These are selection scores: the ensemble was chosen on the same rows, so its own is slightly optimistic.
    """
    everything = frozenset(task.samples.names)
    fitted = {member.name: member for member in members}
    rows = [_row(entry, fitted.get(entry.name), cookbook, task) for entry in entries]
    scores = _scores(answers_out_of_fold(cookbook, members, task, everything), task)
    words = "; ".join(_words(target, weights, task) for target, weights in cookbook.recipe(everything).items())
    spent = sum(entry.seconds for entry in entries)
    rows.append({"member": "ensemble", **scores, "kept": True, "reason": words, "seconds": spent})
    return sorted(rows, key=lambda row: (row["score"] is None, -(row["score"] or 0.0)))


def best_inputs(cookbook: TargetCookbook, members: Sequence[TargetMember], task: TargetTask) -> dict[str, str]:
    """For each target the input that answers it best alone, out of fold."""
    alone = {n: answers_out_of_fold(cookbook, members, task, frozenset({n})) for n in task.samples.names}
    best = {}
    for part in task.targets:
        known = part.known(task.truth)
        make, truth = SCORES[part.target.kind], task.truth[known][:, part.columns]
        headlines = {n: headline_of(make(part.target, truth, a[known][:, part.answers])) for n, a in alone.items()}
        best[part.target.name] = max(headlines, key=lambda name: headlines[name])
    return best


def score_of(answers: Answers, task: TargetTask) -> float:
    """The mean score over targets."""
    return float(_scores(answers, task)["score"] or 0.0)


def _row(entry: Entry, member: TargetMember | None, cookbook: TargetCookbook, task: TargetTask) -> dict[str, Any]:
    row: dict[str, Any] = {"member": entry.name, "score": None, "low": None, "high": None}
    if member is None:
        return {**row, "kept": False, "reason": entry.reason, "seconds": entry.seconds}
    votes = member.judged(frozenset(member.inputs))
    if votes is not None:
        row |= _scores(votes, task)
    used = [shown for shown, recipe in cookbook.recipes.items() if any(member.name in w for w in recipe.values())]
    whole = cookbook.recipe(frozenset(task.samples.names))
    weights = [f"{w[member.name]:.2f}" for w in whole.values() if member.name in w]
    if weights:
        reason = f"weight {'/'.join(weights)}"
    else:
        without = min((sorted(shown) for shown in used), key=len, default=None)
        reason = f"used when only {', '.join(without)} is there" if without else "adds nothing to the others"
    return {**row, "kept": bool(used), "reason": reason, "seconds": entry.seconds}


def _scores(answers: Answers, task: TargetTask) -> dict[str, float | None]:
    """The score of answers; with an interval where there is one target."""
    found = []
    for part in task.targets:
        known = part.known(task.truth)
        scores = SCORES[part.target.kind](
            part.target, task.truth[known][:, part.columns], answers[known][:, part.answers]
        )
        resampling = Resampling(int(known.sum()), None if task.groups is None else task.groups[known], count=200)
        found.append(intervals_of(scores, resampling)[SCORED[part.target.kind]])
    if len(found) == 1:
        return {"score": found[0].value, "low": found[0].low, "high": found[0].high}
    return {"score": float(np.mean([one.value or 0.0 for one in found])), "low": None, "high": None}


def _words(target: str, weights: Any, task: TargetTask) -> str:
    parts = [f"{weight:.2f} {name}" for name, weight in sorted(weights.items(), key=lambda item: -item[1])]
    return ("" if task.targets.single else f"{target}: ") + " + ".join(parts)
