"""Measuring: fit a model and judge it on rows it has not seen - a test table, a held-out part, or nested folds."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy.typing import NDArray

from polysight.advice.presets import preset_of
from polysight.core.config import build, options_of
from polysight.core.duration import seconds_of
from polysight.core.events import emit
from polysight.data.splits import folds, holdout
from polysight.evaluation.variants import Variants
from polysight.learners import LEARNERS
from polysight.modalities.inputs import Task
from polysight.runs.config import RunConfig
from polysight.runs.judged import Judged
from polysight.runs.kinds import ensemble_for, kinds_of, suited

#: Below so many rows a held-out part is too small to judge by, and nested cross-validation takes its place.
FEW_ROWS = 200
#: The outer folds of nested cross-validation.
OUTER_FOLDS = 5


@dataclass(frozen=True, eq=False)
class Measured:
    """A fitted model and what it said about rows it had not seen.

    Attributes:
        model: The model to save.
        judged: The rows it was measured on.
        variants: Its answers to them, with all inputs and with some missing.
        evaluated_on: ``test``, ``holdout`` or ``nested_cv``.
        parts: ``train`` or ``holdout`` for each usable row of the training table.
        folds: The fold that judged each usable row in selection; -1 for rows that took no part in it.
        seconds: How long fitting and predicting took.
    """

    model: Any
    judged: Judged
    variants: Variants
    evaluated_on: str
    parts: NDArray[np.str_]
    folds: Int[np.ndarray, " row"]
    seconds: dict[str, float]


def on_test_table(config: RunConfig, task: Task, checkpoints: Path, test: pd.DataFrame) -> Measured:
    """Train on the whole table, judge on another."""
    model, fitting = fitted(config, task, checkpoints)
    judged = Judged.of_table(model, test, config.target)
    variants, predicting = _answers(model, judged)
    parts = np.full(len(task.rows), "train", dtype="<U7")
    seconds = {"fit": fitting, "predict": predicting}
    return Measured(model, judged, variants, "test", parts, _inner_folds(model, len(task.rows)), seconds)


def on_holdout(config: RunConfig, task: Task, checkpoints: Path) -> Measured:
    """Train on 80 % of the rows, judge on the others; whole groups on one side."""
    train, left_out = holdout(task.codes, task.groups, seed=config.seed)
    emit("held_out", train=len(train), holdout=len(left_out), grouped=task.groups is not None)
    model, fitting = fitted(config, task.take(train), checkpoints)
    judged = Judged.of_task(task, left_out)
    variants, predicting = _answers(model, judged)
    parts = np.full(len(task.rows), "train", dtype="<U7")
    parts[left_out] = "holdout"
    inner = np.full(len(task.rows), -1)
    inner[train] = _inner_folds(model, len(train))
    return Measured(model, judged, variants, "holdout", parts, inner, {"fit": fitting, "predict": predicting})


def on_nested_folds(config: RunConfig, task: Task, checkpoints: Path) -> Measured:
    """Judge every row by a model that chose and learned without its fold; keep one that is fitted on all rows."""
    outer = folds(task.codes, task.groups, n=OUTER_FOLDS, seed=config.seed)
    emit("nested", folds=len(outer), rows=len(task.rows))
    share = 1 / (len(outer) + 1)
    answers, place, spent = [], np.empty(len(task.rows), dtype=int), {"fit": 0.0, "predict": 0.0}
    for number, (train, left_out) in enumerate(outer):
        emit("outer_fold_started", fold=number, folds=len(outer))
        model, fitting = fitted(config, task.take(train), checkpoints / f"outer-{number}", share=share)
        variants, predicting = _answers(model, Judged.of_task(task, left_out))
        answers.append((left_out, variants))
        place[left_out] = number
        spent = {"fit": spent["fit"] + fitting, "predict": spent["predict"] + predicting}
    model, fitting = fitted(config, task, checkpoints / "all", share=share)
    spent["fit"] += fitting
    parts = np.full(len(task.rows), "train", dtype="<U7")
    judged = Judged.of_task(task, np.arange(len(task.rows)))
    return Measured(model, judged, Variants.pool(answers), "nested_cv", parts, place, spent)


def fitted(config: RunConfig, task: Task, checkpoints: Path, *, share: float = 1.0) -> tuple[Any, float]:
    """The model a configuration describes, fitted, and the seconds it took.

    Args:
        config: The settings.
        task: The rows to learn from.
        checkpoints: Where finished parts are kept.
        share: The part of the time limit this fit may use.
    """
    limit = preset_of(config.preset).time_limit if config.time_limit is None else seconds_of(config.time_limit)
    planned: dict[str, Any] = {"kind": ensemble_for(task), "preset": config.preset, "time_limit": limit * share}
    spec = planned if config.learner is None else suited(config.learner, task)
    common = {
        "group": config.group,
        "device": config.device,
        "random_state": config.seed,
        "checkpoints": checkpoints,
        "checkpoint": checkpoints / "network",
        "task": kinds_of(task),
    }
    known = options_of(LEARNERS.load(spec["kind"]))
    extra = {name: value for name, value in common.items() if name in known and name not in spec}
    start = time.monotonic()
    model = build(LEARNERS, spec, where="learner", **extra).fit_task(task)
    return model, time.monotonic() - start


def _answers(model: Any, judged: Judged) -> tuple[Variants, float]:
    start = time.monotonic()
    variants: Variants = model.variants(judged.samples)
    return variants, time.monotonic() - start


def _inner_folds(model: Any, rows: int) -> Int[np.ndarray, " row"]:
    return np.asarray(getattr(model, "splits_", np.full(rows, -1)))
