"""Evaluate answers to targets of any kind: numbers with intervals, baselines and missing inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Shaped

from polysight.core.errors import DataError
from polysight.data.target_kinds.base import Answers, Truth
from polysight.data.target_kinds.several import Part, Targets
from polysight.evaluation.intervals import undefined
from polysight.evaluation.metrics import check_rows
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.result import Note
from polysight.evaluation.target_result import TargetEvaluation, TargetsEvaluation
from polysight.evaluation.target_scores import SCORES, TargetScores, gain_over
from polysight.evaluation.variants import Variants

#: Fewer independent rows or groups than this make intervals rough.
FEW_UNITS = 30


def evaluate_targets(
    targets: Targets,
    variants: Variants,
    truth: Truth,
    *,
    groups: Shaped[np.ndarray, " row"] | None = None,
    seed: int = 0,
    best_single: Mapping[str, str] | None = None,
) -> TargetsEvaluation:
    """Measure answers to rows that the model has never seen; each target on the rows where it is known.

    Args:
        targets: What was predicted.
        variants: The answers; ``majority`` holds those of a model that looks at nothing.
        truth: The target cells as numbers, NaN where one is missing.
        groups: Rows of one group are resampled together.
        seed: Same seed, same intervals.
        best_single: For each target the input that fusion is compared with, chosen without these rows; by default
            the best on them.

    Raises:
        DataError: No row, or an answer that is not finite.
    """
    check_rows(truth)
    if not np.isfinite(variants.whole).all():
        raise DataError("an answer is not a finite number", where="evaluation")
    chosen = best_single or {}
    return TargetsEvaluation(
        {p.target.name: _evaluated(p, variants, truth, groups, seed, chosen.get(p.target.name)) for p in targets}
    )


def _evaluated(
    part: Part,
    variants: Variants,
    truth: Truth,
    groups: Shaped[np.ndarray, " row"] | None,
    seed: int,
    best_single: str | None,
) -> TargetEvaluation:
    rows = np.flatnonzero(part.known(truth))
    if not len(rows):
        raise DataError("no row has this target", where=part.target.name, fix="pass a table with labelled rows")
    resampling = Resampling(len(rows), None if groups is None else groups[rows], seed)
    make = SCORES[part.target.kind]

    def scores(answers: Answers) -> TargetScores:
        return make(part.target, truth[rows][:, part.columns], answers[rows][:, part.answers])

    whole, alone = scores(variants.whole), {name: scores(answers) for name, answers in variants.alone.items()}
    single = best_single or _best(alone)
    guess = scores(variants.majority)
    told = {guess.guess: guess, **{f"{name} only": one for name, one in alone.items()}}
    notes: dict[str, dict[str, Any]] = {
        "unseen_labels": {"rows": whole.unseen} if whole.unseen else {},
        "few_units": {"units": resampling.units} if resampling.units < FEW_UNITS else {},
        "single_chosen_here": {"name": single} if single and best_single is None else {},
    }
    return TargetEvaluation(
        task=part.target.kind,
        n=len(rows),
        headline=whole.headline,
        better=whole.better,
        metrics=whole.estimates(resampling),
        baselines={name: one.estimates(resampling)[one.headline] for name, one in told.items()},
        fusion_gain=gain_over(whole, alone[single], resampling) if single in alone else undefined("one_input_only"),
        best_single=single,
        missing={f"without {n}": scores(a).estimates(resampling) for n, a in variants.without.items()},
        labels=whole.details(resampling),
        notes=tuple(Note(code, facts) for code, facts in notes.items() if facts),
    )


def _best(alone: Mapping[str, TargetScores]) -> str:
    return max(alone, key=lambda name: headline_of(alone[name]), default="")


def headline_of(scores: TargetScores) -> float:
    """The headline of some answers, larger for better ones."""
    value = float(scores(np.ones((len(scores.truth), 1)))[scores.headline][0])
    return scores.better * value
