"""Judged rows: what a model is measured on, and where each row stands in its table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from jaxtyping import Int
from numpy.typing import NDArray

from polysight.core.errors import LabelError
from polysight.core.events import emit
from polysight.data.samples import Samples
from polysight.data.targets import groups_of
from polysight.data.view import Problem
from polysight.evaluation.studies.base import Case
from polysight.evaluation.variants import Variants
from polysight.modalities.inputs import Task


@dataclass(frozen=True, eq=False)
class Judged:
    """Labelled rows a model has not seen.

    Attributes:
        samples: The rows, read.
        codes: What the model's answers are compared with; of classes their codes, -1 for one it does not know.
        written: The truth as the table writes it, as columns of a table of predictions.
        rows: The position of each row in its table.
        groups: The group of each row, or None.
        problems: The cells of the table that could not be read.
    """

    samples: Samples
    codes: NDArray[Any]
    written: Mapping[str, NDArray[Any]]
    rows: Int[np.ndarray, " row"]
    groups: NDArray[Any] | None
    problems: tuple[Problem, ...]

    def case(self, model: Any, variants: Variants, frame: pd.DataFrame, *, alone: bool = True, seed: int = 0) -> Case:
        """What a study may look at.

        Args:
            model: The model that is saved.
            variants: What was answered to the rows.
            frame: The table of the rows, with all its columns.
            alone: Whether that one model answered all rows.
            seed: The seed of the studies.
        """
        return Case(
            samples=self.samples,
            codes=self.codes,
            classes=getattr(model, "classes_", np.empty(0)),
            variants=variants,
            model=model if alone else None,
            groups=self.groups,
            columns=frame.iloc[self.rows].reset_index(drop=True),
            out_of_fold=getattr(model, "out_of_fold_", None),
            best_single=getattr(model, "best_single_", ""),
            seed=seed,
        )

    @classmethod
    def of_task(cls, task: Task, positions: NDArray[np.integer]) -> Self:
        """Some of the usable rows of a training table."""
        part = task.take(positions)
        return cls(part.samples, part.expected, part.written, part.rows, part.groups, task.set_aside)

    @classmethod
    def of_table(cls, model: Any, frame: pd.DataFrame, target: str | Sequence[str]) -> Self:
        """The labelled rows of another table; an event names how many have no label.

        Raises:
            MissingColumnError: The table lacks the target.
            LabelError: No row has a label.
        """
        truth = model.truth_in(frame, target)
        labelled = np.flatnonzero(truth.there)
        if not len(labelled):
            named = target if isinstance(target, str) else ", ".join(target)
            raise LabelError("no row has a label", where=named, fix="to predict without labels: polysight predict")
        if len(labelled) < len(frame):
            emit("unlabelled_rows", rows=len(frame) - len(labelled))
        samples = model.read(frame)
        grouped = model.group is not None and model.group in frame.columns
        groups = groups_of(frame, model.group, None) if grouped else None
        return cls(
            samples.take(labelled),
            truth.expected,
            truth.written,
            labelled,
            None if groups is None else groups[labelled],
            samples.problems,
        )
