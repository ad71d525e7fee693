"""Saved models: found in a run folder, asked about a table."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from polysight import artifact
from polysight.core.errors import ConfigError, DataError, MissingFileError, did_you_mean
from polysight.core.events import emit
from polysight.core.files import write_json
from polysight.data.cache import without_cache
from polysight.learners.base import load_model
from polysight.runs.judged import Judged
from polysight.runs.tables import answer_table, check_place, problem_texts, write_judged
from polysight.runs.understand import load


def model_folder(path: Path) -> Path:
    """The folder of a saved model; of a run, its ``model/``.

    Raises:
        MissingFileError: There is no such folder, or the run has no model yet.
    """
    if not path.is_dir():
        near = did_you_mean(path.name, [entry.name for entry in path.parent.glob("*") if entry.is_dir()])
        raise MissingFileError("there is no such run or model folder", where=str(path), fix=near)
    if (path / "model").is_dir():
        return path / "model"
    if (path / "config.yaml").exists():
        fix = f"finish it: polysight train --config {path / 'config.yaml'} --out {path} --resume"
        raise MissingFileError("this run has no model yet", where=str(path), fix=fix)
    return path


def predict(model: Path, table: Path, *, root: str | None = None, device: str | None = None) -> pd.DataFrame:
    """Predictions for every row of a table, in its order; see ``answer_table``.

    Args:
        model: A run folder or a model folder.
        table: The table.
        root: The folder that paths in cells start from; by default the table's.
        device: Where networks run; see ``load_model``.

    Raises:
        PolysightError: The model or the table cannot be used.
    """
    learner = load_model(model_folder(model), device=device)
    frame = load(table, root)
    check_columns(learner, frame, where=str(table))
    samples = learner.read(frame)
    probabilities = learner.predict_samples(samples)
    emit("predicted", rows=len(frame), unreadable=len(samples.problems))
    problems = problem_texts(samples.present, samples.problems, np.arange(len(frame)))
    return answer_table(learner, probabilities, problems)


def milliseconds_per_decision(model: Path, table: Path, *, device: str | None = None, rows: int = 20) -> float:
    """How long one row takes from its cells to its probabilities, when rows come one at a time.

    Args:
        model: A run folder or a model folder.
        table: The table; cells are read from its folder.
        device: Where networks run; see ``load_model``.
        rows: How many rows are timed, at most; one more goes first.

    Returns:
        The median over the rows.
    """
    learner, frame = load_model(model_folder(model), device=device), load(table, None)
    taken = []
    for row in range(min(rows + 1, len(frame))):
        start = time.perf_counter()
        with without_cache():
            learner.predict_samples(learner.read(frame.iloc[[row]]))
        taken.append(1000 * (time.perf_counter() - start))
    return float(np.median(taken[1:] or taken))


def evaluate(
    model: Path,
    table: Path,
    *,
    target: str | None = None,
    root: str | None = None,
    out: Path | None = None,
    seed: int = 0,
    device: str | None = None,
) -> dict[str, Any]:
    """Measure a saved model on a labelled table.

    Args:
        model: A run folder or a model folder.
        table: The table.
        target: The column with the truth; by default the one the model was trained on.
        root: The folder that paths in cells start from; by default the table's.
        out: Where ``metrics.json`` and ``predictions.csv`` go, if anywhere.
        seed: The seed of the intervals.
        device: Where networks run; see ``load_model``.

    Returns:
        The content of ``metrics.json``.

    Raises:
        PolysightError: The model or the table cannot be used.
    """
    folder = model_folder(model)
    if out is not None:
        check_place(out / "predictions.csv")
    target = target or artifact.read_facts(folder).get("target")
    if not target:
        raise ConfigError("the model does not say what it predicts", where=str(folder), fix="name it with --target")
    learner = load_model(folder, device=device)
    frame = load(table, root)
    check_columns(learner, frame, where=str(table))
    judged = Judged.of_table(learner, frame, target)
    variants = learner.variants(judged.samples)
    evaluation = learner.assess(variants, judged.codes, groups=judged.groups, seed=seed)
    studies = learner.studied(judged.case(learner, variants, frame, seed=seed))
    metrics = {**evaluation.to_json(evaluated_on="test"), **studies}
    if out is not None:
        write_judged(out / "predictions.csv", judged, variants, learner)
        write_json(out / "metrics.json", metrics)
    return metrics


def check_columns(learner: Any, frame: pd.DataFrame, *, where: str) -> None:
    """Tell which of the model's columns a table lacks; those inputs are missing in every row.

    Raises:
        DataError: The table has none of them.
    """
    columns = [column for modality in learner.inputs_.values() for column in modality.columns]
    lacking = [column for column in columns if column not in frame.columns]
    if len(lacking) == len(columns):
        raise DataError(
            "has none of the columns the model looks at", where=where, fix=f"it needs some of: {', '.join(columns)}"
        )
    if lacking:
        emit("columns_missing", columns=lacking, table=where)
