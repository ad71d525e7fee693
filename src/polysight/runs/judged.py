"""Judged rows: what a model is measured on, and where each row stands in its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy.typing import NDArray

from polysight.core.errors import LabelError
from polysight.core.events import emit
from polysight.data.samples import Samples
from polysight.data.targets import groups_of, labels_of
from polysight.data.view import Problem
from polysight.evaluation.evaluate import codes_of
from polysight.modalities.inputs import Task


@dataclass(frozen=True, eq=False)
class Judged:
    """Labelled rows a model has not seen.

    Attributes:
        samples: The rows, read.
        codes: Positions in the model's classes; -1 for a label it does not know.
        truth: The labels as written.
        rows: The position of each row in its table.
        groups: The group of each row, or None.
        problems: The cells of the table that could not be read.
    """

    samples: Samples
    codes: Int[np.ndarray, " row"]
    truth: NDArray[Any]
    rows: Int[np.ndarray, " row"]
    groups: NDArray[Any] | None
    problems: tuple[Problem, ...]

    @classmethod
    def of_task(cls, task: Task, positions: NDArray[np.integer]) -> Self:
        """Some of the usable rows of a training table."""
        part = task.take(positions)
        return cls(part.samples, part.codes, part.classes[part.codes], part.rows, part.groups, task.set_aside)

    @classmethod
    def of_table(cls, model: Any, frame: pd.DataFrame, target: str) -> Self:
        """The labelled rows of another table; an event names how many have no label.

        Raises:
            MissingColumnError: The table lacks the target.
            LabelError: No row has a label.
        """
        labels = labels_of(frame, target)
        labelled = np.flatnonzero(labels.notna())
        if not len(labelled):
            raise LabelError("no row has a label", where=target, fix="to predict without labels: polysight predict")
        if len(labelled) < len(frame):
            emit("unlabelled_rows", rows=len(frame) - len(labelled))
        samples = model.read(frame)
        truth = np.asarray(labels.iloc[labelled].tolist())
        grouped = model.group is not None and model.group in frame.columns
        groups = groups_of(frame, model.group, None) if grouped else None
        return cls(
            samples.take(labelled),
            codes_of(truth, model.classes_),
            truth,
            labelled,
            None if groups is None else groups[labelled],
            samples.problems,
        )
