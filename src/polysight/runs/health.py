"""Health of the tables of a run: everything for ``polysight check``, what is cheap before each training."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from polysight.core.events import emit
from polysight.core.files import write_json
from polysight.data.folders import metadata_table
from polysight.data.targets import labels_of
from polysight.health.examination import Examination, drawn, examined_test
from polysight.health.examine import Health, examine, examine_quickly
from polysight.modalities.inputs import Task
from polysight.modalities.target_task import TargetTask
from polysight.runs.config import RunConfig
from polysight.runs.kinds import check_classes
from polysight.runs.understand import check_names, kinds_in, load, understand

#: Rows of each table that are looked at before a training.
QUICK_ROWS, QUICK_TEST_ROWS = 2_000, 500
#: Rows of each table that ``polysight check`` looks at.
MOST_ROWS = 100_000


def checked(config: RunConfig, kinds: Iterable[str] | None = None) -> Health:
    """Run checks, all of them by default, over the tables of a configuration.

    Raises:
        ConfigError: The target is no column of classes.
        PolysightError: The tables or the settings do not permit training, for another reason than a class of one row.
    """
    frame = load(config.table, config.root)
    test = None if config.test is None else load(config.test, config.root)
    check_names(config, frame)
    classes = kinds_in(config, frame) == ["classification"]
    task = understand(config, _without_lone_classes(frame, config.targets[0]) if classes else frame)
    check_classes(task, where="check", fix="name one column of classes, or go on to polysight train")
    return examine(_examination(config, frame, task, test, rows=MOST_ROWS, test_rows=MOST_ROWS), kinds)


def record_health(path: Path, config: RunConfig, frame: pd.DataFrame, task: Task, test: pd.DataFrame | None) -> None:
    """Run the cheap checks on some rows, write ``health.json`` and say by an event what they found.

    Checks know classes only: for other targets there is no such file.
    """
    if isinstance(task, TargetTask):
        return
    table = _examination(config, frame, task, test, rows=QUICK_ROWS, test_rows=QUICK_TEST_ROWS)
    health = examine_quickly(table)
    write_json(path, {**health.to_record(), "rows_looked_at": len(table.task.rows)})
    emit("health", status=health.status, findings={finding.name: finding.status for finding in health.at_least("warn")})


def _examination(
    config: RunConfig, frame: pd.DataFrame, task: Task, test: pd.DataFrame | None, *, rows: int, test_rows: int
) -> Examination:
    some = drawn(len(task.rows), rows)
    if len(some) < len(task.rows):
        task = task.take(some)
    folder = Path(config.table)
    return Examination(
        frame,
        labels_of(frame, config.targets[0]),
        config.targets[0],
        task,
        group=config.group,
        test=None if test is None else examined_test(task, test, config.targets[0], most=test_rows),
        class_folders=folder.is_dir() and metadata_table(folder) is None,
        seed=config.seed,
    )


def _without_lone_classes(frame: pd.DataFrame, target: str) -> pd.DataFrame:
    """The table with labels that occur once taken away: training refuses them, a check goes on to say more."""
    labels = labels_of(frame, target)
    alone = labels.map(labels.value_counts()) == 1
    if not alone.any():
        return frame
    changed = frame.copy()
    changed[target] = labels.where(~alone, None).to_numpy()
    return changed
