"""Measuring: fit a model and judge it on rows it has not seen - a test table, a held-out part, or nested folds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy.typing import NDArray

from polysight.advice.presets import preset_of
from polysight.core.config import build, options_of
from polysight.core.duration import seconds_of
from polysight.core.errors import ConfigError
from polysight.core.events import emit
from polysight.data.splits import folds, holdout
from polysight.evaluation.variants import Variants
from polysight.learners import LEARNERS
from polysight.modalities.inputs import Task
from polysight.objectives.imbalance.base import Remedy, remedy_of
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
        plain: The class said of each judged row without the remedy against imbalance; None where there is no remedy.
        witness: One of the models that answered, with its rows, where no model answered all of them.
    """

    model: Any
    judged: Judged
    variants: Variants
    evaluated_on: str
    parts: NDArray[np.str_]
    folds: Int[np.ndarray, " row"]
    seconds: dict[str, float]
    plain: Int[np.ndarray, " row"] | None = None
    witness: Answered | None = None


@dataclass(frozen=True, eq=False)
class Answered:
    """A fitted model, its answers to rows it has not seen, what a plain one says of them, and the seconds of both."""

    model: Any
    judged: Judged
    variants: Variants
    plain: Int[np.ndarray, " row"] | None
    fit: float
    predict: float


def on_test_table(config: RunConfig, task: Task, checkpoints: Path, test: pd.DataFrame) -> Measured:
    """Train on the whole table, judge on another."""
    done = _answered(config, task, lambda model: Judged.of_table(model, test, config.target), checkpoints)
    parts = np.full(len(task.rows), "train", dtype="<U7")
    inner = _inner_folds(done.model, len(task.rows))
    return Measured(done.model, done.judged, done.variants, "test", parts, inner, _seconds([done]), done.plain)


def on_holdout(config: RunConfig, task: Task, checkpoints: Path) -> Measured:
    """Train on 80 % of the rows, judge on the others; whole groups on one side."""
    train, left_out = holdout(task.codes, task.groups, seed=config.seed)
    emit("held_out", train=len(train), holdout=len(left_out), grouped=task.groups is not None)
    done = _answered(config, task.take(train), lambda _: Judged.of_task(task, left_out), checkpoints)
    parts = np.full(len(task.rows), "train", dtype="<U7")
    parts[left_out] = "holdout"
    inner = np.full(len(task.rows), -1)
    inner[train] = _inner_folds(done.model, len(train))
    return Measured(done.model, done.judged, done.variants, "holdout", parts, inner, _seconds([done]), done.plain)


def on_nested_folds(config: RunConfig, task: Task, checkpoints: Path) -> Measured:
    """Judge every row by a model that chose and learned without its fold; keep one that is fitted on all rows."""
    outer = folds(task.codes, task.groups, n=OUTER_FOLDS, seed=config.seed)
    emit("nested", folds=len(outer), rows=len(task.rows))
    share = 1 / (len(outer) + 1)
    answers, place = [], np.empty(len(task.rows), dtype=int)
    for number, (train, left_out) in enumerate(outer):
        emit("outer_fold_started", fold=number, folds=len(outer))
        judged = Judged.of_task(task, left_out)
        folder = checkpoints / f"outer-{number}"
        answers.append(_answered(config, task.take(train), lambda _, judged=judged: judged, folder, share))  # type: ignore[misc]
        place[left_out] = number
    model, fitting = fitted(config, task, checkpoints / "all", share=share * _share(config))
    spent = _seconds(answers)
    spent["fit"] += fitting
    parts = np.full(len(task.rows), "train", dtype="<U7")
    whole = Judged.of_task(task, np.arange(len(task.rows)))
    rows = [left_out for _, left_out in outer]
    pooled = Variants.pool([(own, done.variants) for own, done in zip(rows, answers, strict=True)])
    plain = _pooled([done.plain for done in answers], rows)
    return Measured(model, whole, pooled, "nested_cv", parts, place, spent, plain, answers[0])


def fitted(config: RunConfig, task: Task, checkpoints: Path, *, share: float = 1.0) -> tuple[Any, float]:
    """The model a configuration describes, fitted, and the seconds it took.

    Args:
        config: The settings.
        task: The rows to learn from.
        checkpoints: Where finished parts are kept.
        share: The part of the time limit this fit may use.

    Raises:
        ConfigError: The learner takes no remedy against imbalance, and one is set.
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
        "imbalance": config.imbalance,
        "task": kinds_of(task),
    }
    known = options_of(LEARNERS.load(spec["kind"]))
    if config.imbalance is not None and "imbalance" not in known:
        raise ConfigError(
            f"the learner {spec['kind']!r} takes no remedy",
            where="imbalance",
            fix="leave out the learner, or use one of: features, multimodal, neural",
        )
    extra = {name: value for name, value in common.items() if name in known and name not in spec}
    start = time.monotonic()
    model = build(LEARNERS, spec, where="learner", **extra).fit_task(task)
    return model, time.monotonic() - start


def remedy_set(config: RunConfig) -> Remedy | None:
    """The remedy against imbalance that what is trained gets."""
    spec = (config.learner or {}).get("imbalance", config.imbalance)
    return None if spec is None else remedy_of(spec)


def _share(config: RunConfig) -> float:
    """The part of the time that is for the model: half, where a plain one is fitted to compare it with."""
    remedy = remedy_set(config)
    return 0.5 if remedy is not None and remedy.retrains else 1.0


def _answered(
    config: RunConfig, task: Task, judge: Callable[[Any], Judged], checkpoints: Path, share: float = 1.0
) -> Answered:
    """The answers of a model to rows it has not seen, and under a remedy those of a plain one taught with the same.

    Args:
        config: The settings.
        task: The rows to learn from.
        judge: Gives the rows to judge, asked with the fitted model.
        checkpoints: Where finished parts are kept.
        share: The part of the time limit for all of it.
    """
    share *= _share(config)
    model, fitting = fitted(config, task, checkpoints, share=share)
    judged = judge(model)
    start = time.monotonic()
    variants = model.variants(judged.samples)
    predicting, remedy, plain = time.monotonic() - start, remedy_set(config), None
    if remedy is not None and not remedy.retrains:
        plain = variants.whole.argmax(axis=1)
    elif remedy is not None:
        learner = None if config.learner is None else {**config.learner, "imbalance": None}
        without = replace(config, imbalance=None, learner=learner)
        emit("plain_started", remedy=remedy.kind)
        other, seconds = fitted(without, task, checkpoints / "plain", share=share)
        emit("plain_finished", seconds=seconds)
        plain, fitting = other.predict_samples(judged.samples).argmax(axis=1), fitting + seconds
    return Answered(model, judged, variants, plain, fitting, predicting)


def _seconds(done: Sequence[Answered]) -> dict[str, float]:
    return {"fit": sum(one.fit for one in done), "predict": sum(one.predict for one in done)}


def _pooled(parts: Sequence[Int[np.ndarray, " some"] | None], rows: Sequence[Int[np.ndarray, " some"]]) -> Any:
    """What was said of the rows of each part, in the order of rows; None where nothing was."""
    known = [part for part in parts if part is not None]
    return np.concatenate(known)[np.argsort(np.concatenate(rows))] if known else None


def _inner_folds(model: Any, rows: int) -> Int[np.ndarray, " row"]:
    return np.asarray(getattr(model, "splits_", np.full(rows, -1)))
