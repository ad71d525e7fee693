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
from polysight.data.targets import labels_of
from polysight.data.view import content_key
from polysight.modalities.base import Modality
from polysight.modalities.choice import choose, columns_taken
from polysight.modalities.inputs import Task, prepare, root_of
from polysight.runs.config import RunConfig, completed_inputs

#: A target of more distinct whole numbers than this is an amount, not a class.
MOST_NUMBER_CLASSES = 20


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
    try:
        task = prepare(frame, config.target, inputs=inputs, group=config.group, ignore=config.ignore)
    except LabelError as error:
        place = f"{config.table}, column {config.target}"
        raise LabelError(error.what, where=error.where or place, fix=error.fix) from None
    emit(
        "table_understood",
        rows=len(frame),
        used=len(task.rows),
        set_aside=len(task.set_aside),
        classes=[str(name) for name in task.classes],
        inputs={name: modality.kind for name, modality in task.inputs.items()},
        warnings={name: role.warning for name, role in task.roles.items() if role.warning},
    )
    return task


def inferred(config: RunConfig, frame: pd.DataFrame) -> tuple[dict[str, Modality], dict[str, Role]]:
    """The inputs a table gets by itself, and what each column is.

    Raises:
        DataError: Nothing in the table can serve as an input.
    """
    taken = columns_taken(config.target, config.group, config.ignore)
    return choose(None, frame, labels_of(frame, config.target), taken=taken, root=root_of(frame))


def check_names(config: RunConfig, frame: pd.DataFrame) -> None:
    """Check that the columns a configuration names are there and that the target can be classes.

    Raises:
        MissingColumnError: A column is not there; the nearest is offered.
        LabelError: The target looks like an amount.
    """
    for column in (config.target, config.group, *config.ignore):
        if column is not None and column not in frame.columns:
            raise MissingColumnError(column, frame.columns, where=config.table)
    if config.task == "auto":
        refuse_amounts(labels_of(frame, config.target).rename(config.target))


def refuse_amounts(labels: pd.Series) -> None:
    """Accept text, boolean values and few whole numbers as classes.

    Raises:
        LabelError: The target looks like an amount to predict.
    """
    present = labels.dropna()
    numbers = pd.to_numeric(present, errors="coerce")
    if not len(present) or numbers.isna().any():
        return
    if (numbers % 1 == 0).all() and numbers.nunique() <= MOST_NUMBER_CLASSES:
        return
    raise LabelError(
        f"holds {numbers.nunique()} distinct numbers, which looks like an amount, and amounts are not predicted yet",
        where=str(labels.name),
        fix="if each number is a class, say so: --task classification",
    )


def specs_of(inputs: Mapping[str, Modality]) -> dict[str, dict[str, Any]]:
    """Inputs as plain data, columns always named."""
    return {name: {**describe(modality), "columns": list(modality.columns)} for name, modality in inputs.items()}


def description(config: RunConfig, frame: pd.DataFrame, task: Task) -> dict[str, Any]:
    """The content of ``data.json``: what each column is and why, how many rows, and what was in them."""
    columns = {
        name: {"role": role.role, "reason": role.reason, "warning": role.warning} for name, role in task.roles.items()
    }
    content = [view.fingerprint() for view in task.samples.views.values()]
    labels = [str(task.classes[code]) for code in task.codes]
    return {
        "columns": columns,
        "rows": len(frame),
        "rows_used": len(task.rows),
        "classes": {str(name): labels.count(str(name)) for name in task.classes},
        "fingerprint": content_key([*content, *labels]).decode(),
    }
