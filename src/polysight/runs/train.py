"""Train: from a configuration to a complete run folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from polysight import artifact
from polysight.core.config import describe
from polysight.core.events import emit, listen
from polysight.core.files import write_json
from polysight.evaluation.remedy_effect import remedy_effect
from polysight.evaluation.resampling import Resampling
from polysight.modalities.inputs import Task
from polysight.report.build import write_report
from polysight.report.figures import write_figures
from polysight.runs.config import RunConfig, write_yaml
from polysight.runs.environment import environment
from polysight.runs.finished import finished_metrics
from polysight.runs.folder import RunFolder, check_free, opened
from polysight.runs.health import record_health
from polysight.runs.measure import (
    FEW_ROWS,
    Measured,
    fitted,
    on_holdout,
    on_nested_folds,
    on_test_table,
    remedy_set,
)
from polysight.runs.splits import group_names, tell_shared_groups, write_splits
from polysight.runs.tables import write_judged, write_set_aside
from polysight.runs.understand import description, load, specs_of, understand


def train(config: RunConfig, out: Path, *, resume: bool = False) -> dict[str, Any]:
    """Train as configured, measure on rows not seen, and leave a run folder.

    Nothing is written before the tables have been read and understood. A finished run is not trained again.

    Args:
        config: The settings.
        out: The run folder.
        resume: Go on with what an interrupted run left there.

    Returns:
        The content of ``metrics.json``.

    Raises:
        PolysightError: The tables, the settings or the disk do not permit it.
    """
    check_free(out)
    frame = load(config.table, config.root)
    test = None if config.test is None else load(config.test, config.root)
    task = understand(config, frame)
    complete, data = replace(config, inputs=specs_of(task.inputs)), description(config, frame, task)
    groups = group_names(frame, config.group)
    test_groups = None if test is None else group_names(test, config.group)
    with opened(out, resume=resume) as folder:
        if folder.finished:
            metrics = finished_metrics(folder, complete, data)
            emit("run_finished_before", folder=str(out))
            if not (folder / "report.html").exists():
                _conclude(folder)
            return metrics
        with folder.recorded() as log, listen(log):
            emit("run_started", folder=str(out), resumed=resume)
            tell_shared_groups(groups, test_groups or [], config.group)
            _record_inputs(folder, complete, data, task)
            record_health(folder / "health.json", config, frame, task, test)
            measured = _measured(folder, config, task, test)
            write_splits(folder / "splits.csv", task, measured, groups, test_groups)
            metrics = _record_results(folder, config, task, measured, frame if test is None else test)
            emit("run_finished", folder=str(out))
        _conclude(folder)
    return metrics


def _measured(folder: RunFolder, config: RunConfig, task: Task, test: pd.DataFrame | None) -> Measured:
    checkpoints = folder / "checkpoints"
    if test is not None:
        return on_test_table(config, task, checkpoints, test)
    return (on_nested_folds if len(task.rows) < FEW_ROWS else on_holdout)(config, task, checkpoints)


def _record_inputs(folder: RunFolder, config: RunConfig, data: dict[str, Any], task: Task) -> None:
    """Write what is known before training: settings, environment, data, what was set aside."""
    write_yaml(config, folder / "config.yaml")
    write_json(folder / "environment.json", environment())
    write_json(folder / "data.json", data)
    write_set_aside(folder / "set_aside.csv", task.set_aside)


def _record_results(
    folder: RunFolder, config: RunConfig, task: Task, measured: Measured, frame: pd.DataFrame
) -> dict[str, Any]:
    """Write what was learned and measured; ``metrics.json`` last, as the sign of a finished run.

    Args:
        folder: The run folder.
        config: The settings.
        task: The rows that were learned from.
        measured: The model and its answers.
        frame: The table of the rows it was measured on.
    """
    model = measured.model
    judged = measured.judged
    evaluation = model.assess(measured.variants, judged.codes, groups=judged.groups, seed=config.seed)
    write_judged(folder / "predictions.csv", judged, measured.variants, model)
    studies = _studies(config, measured, frame)
    # Before the model is saved, because it keeps what it is told of itself.
    model.stamped(studies)
    _save_model(folder, config, task, measured, studies)
    metrics = evaluation.to_json(
        evaluated_on=measured.evaluated_on,
        leaderboard=getattr(model, "leaderboard_", ()),
        seconds=measured.seconds,
        stopped_by_time=getattr(model, "stopped_by_time_", False),
    )
    metrics |= _imbalance(config, measured) | studies
    write_json(folder / "metrics.json", metrics)
    return metrics


def _studies(config: RunConfig, measured: Measured, frame: pd.DataFrame) -> dict[str, Any]:
    """What the studies say; where many models answered, explanations are those of one of them, which stands for all."""
    model, one = measured.model, measured.witness
    judged = measured.judged.case(model, measured.variants, frame, alone=one is None, seed=config.seed)
    studies: dict[str, Any] = model.studied(judged)
    if one is not None:
        part = one.judged.case(one.model, one.variants, frame, seed=config.seed)
        studies |= _of_another(one.model.studied(part, ("faithfulness",)))
    return studies


def _of_another(studies: Mapping[str, Any]) -> dict[str, Any]:
    """The tests of explanations alone, marked as those of a model that had not learned from all rows."""
    tests = studies.get("faithfulness", {})
    return {"faithfulness": {name: {**stamp, "of_another": True} for name, stamp in tests.items()}} if tests else {}


def _imbalance(config: RunConfig, measured: Measured) -> dict[str, Any]:
    """Under a remedy, its kind and the recall of each class with and without it."""
    remedy, judged = remedy_set(config), measured.judged
    if remedy is None or measured.plain is None:
        return {}
    chosen = measured.variants.chosen(measured.variants.whole)
    resampling = Resampling(len(judged.codes), judged.groups, config.seed)
    effect = remedy_effect(judged.codes, measured.plain, chosen, measured.model.classes_.tolist(), resampling)
    return {"imbalance": {**describe(remedy), **effect}}


def _conclude(folder: RunFolder) -> None:
    """Do what is left once the numbers are there; ``polysight report`` can do the last two again."""
    folder.drop_checkpoints()
    write_report(folder.path)
    write_figures(folder.path)


def _save_model(
    folder: RunFolder, config: RunConfig, task: Task, measured: Measured, studies: Mapping[str, Any]
) -> None:
    """Save the model that was measured, or with ``refit`` one of the same kind that has learned from all rows.

    Without held-out rows the model has learned from all of them already.
    """
    refit = config.refit and measured.evaluated_on == "holdout"
    model = measured.model
    if refit:
        model, _ = fitted(config, task, folder / "checkpoints" / "refit")
        model.stamped(_of_another(studies))
    facts = {
        "target": config.target if isinstance(config.target, str) else list(config.target),
        "group": config.group,
        **model.facts(),
        "inputs": {name: describe(modality) for name, modality in model.inputs_.items()},
        "evaluated_on": measured.evaluated_on,
        "refit_on_all_rows": refit,
    }
    artifact.write(folder / "model", model.saved_state(), kind="model", facts=facts)
