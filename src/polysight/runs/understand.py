"""Understanding a training table: what kind of target it is, which inputs there are, what each column is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from polysight.core.config import describe
from polysight.core.errors import LabelError, MissingColumnError, MissingFileError
from polysight.core.events import emit
from polysight.data.role import Role
from polysight.data.table import read_table
from polysight.data.target_kinds.detect import kind_of
from polysight.data.targets import labels_of
from polysight.data.view import content_key
from polysight.modalities.base import Modality
from polysight.modalities.choice import choose, columns_taken
from polysight.modalities.inputs import Task, prepare, root_of
from polysight.modalities.target_task import prepare_targets, stratified, target_cells
from polysight.runs.config import RunConfig, completed_inputs
from polysight.runs.kinds import takes_any_target


def load(table: Path | str, root: str | None) -> pd.DataFrame:
    """Read a table whose paths start from ``root``, by default from its own folder.

    Raises:
        DataError: The table cannot be read.
        MissingFileError: There is no such table, or no such root.
    """
    if root is not None and not Path(root).is_dir():
        fix = "--root names the folder that paths in cells start from"
        raise MissingFileError("there is no such folder", where=root, fix=fix)
    return read_table(table, root=root)


def understand(config: RunConfig, frame: pd.DataFrame) -> Task:
    """Find the inputs of a training table and read them.

    Raises:
        DataError: The table or its labels cannot be learned from.
        ConfigError: The inputs asked for do not fit the table.
    """
    check_names(config, frame)
    inputs = config.inputs and completed_inputs(config.inputs, lambda: specs_of(inferred(config, frame)[0]))
    kinds = kinds_in(config, frame)
    common: dict[str, Any] = {"inputs": inputs, "group": config.group, "ignore": config.ignore}
    try:
        if kinds == ["classification"] and not takes_any_target(config.learner):
            task = prepare(frame, config.targets[0], **common)
        else:
            task = prepare_targets(frame, list(config.targets), kinds=kinds, **common)
    except LabelError as error:
        place = f"{config.table}, column {', '.join(config.targets)}"
        raise LabelError(error.what, where=error.where or place, fix=error.fix) from None
    emit(
        "table_understood",
        rows=len(frame),
        used=len(task.rows),
        set_aside=len(task.set_aside),
        targets=dict(zip(config.targets, kinds, strict=True)),
        classes=list(task.counts),
        inputs={name: modality.kind for name, modality in task.inputs.items()},
        warnings={name: role.warning for name, role in task.roles.items() if role.warning},
    )
    return task


def inferred(config: RunConfig, frame: pd.DataFrame) -> tuple[dict[str, Modality], dict[str, Role]]:
    """The inputs a table gets by itself, and what each column is.

    Raises:
        DataError: Nothing in the table can serve as an input.
    """
    taken = columns_taken(config.targets, config.group, config.ignore)
    kinds = kinds_in(config, frame)
    if kinds == ["classification"]:
        labels = labels_of(frame, config.targets[0])
    else:
        labels = stratified(target_cells(frame, list(config.targets)), kinds).strata
    return choose(None, frame, labels, taken=taken, root=root_of(frame))


def check_names(config: RunConfig, frame: pd.DataFrame) -> None:
    """Check that the columns a configuration names are there.

    Raises:
        MissingColumnError: A column is not there; the nearest is offered.
    """
    for column in (*config.targets, config.group, *config.ignore):
        if column is not None and column not in frame.columns:
            raise MissingColumnError(column, frame.columns, where=config.table)


def kinds_in(config: RunConfig, frame: pd.DataFrame) -> list[str]:
    """The kind of each target: as asked for, or as its column looks."""
    cells = target_cells(frame, list(config.targets))
    return [kind_of(cells[name]) if config.task == "auto" else config.task for name in cells]


def specs_of(inputs: Mapping[str, Modality]) -> dict[str, dict[str, Any]]:
    """Inputs as plain data, columns always named."""
    return {name: {**describe(modality), "columns": list(modality.columns)} for name, modality in inputs.items()}


def description(config: RunConfig, frame: pd.DataFrame, task: Task) -> dict[str, Any]:
    """The content of ``data.json``: what each column is and why, how many rows, and what was in them."""
    columns = {
        name: {"role": role.role, "reason": role.reason, "warning": role.warning} for name, role in task.roles.items()
    }
    content = [view.fingerprint() for view in task.samples.views.values()]
    labels = [str(cell) for cells in task.written.values() for cell in cells.tolist()]
    return {
        "columns": columns,
        "rows": len(frame),
        "rows_used": len(task.rows),
        "classes": task.counts,
        "fingerprint": content_key([*content, *labels]).decode(),
    }
