"""The contract of a study: a case in, one part of ``metrics.json`` out."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float, Int, Shaped
from numpy.typing import NDArray

from polysight.core.events import emit
from polysight.core.memo import remembering_here
from polysight.data.samples import Samples
from polysight.evaluation.intervals import Estimate, share_estimate
from polysight.evaluation.metrics import check_predictions
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.studies import STUDIES
from polysight.evaluation.variants import Predictor, Variants


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """Answers to training rows by models that had not seen them, on which thresholds may be chosen.

    Attributes:
        probabilities: The answers.
        codes: The truth.
        before: The same answers before the model's own calibration step; None where it has none.
    """

    probabilities: Float[np.ndarray, "row class"]
    codes: Int[np.ndarray, " row"]
    before: Float[np.ndarray, "row class"] | None = None

    def to_state(self) -> dict[str, Any]:
        """The answers as arrays."""
        return {"probabilities": self.probabilities, "codes": self.codes, "before": self.before}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        return cls(state["probabilities"], state["codes"], state["before"])


@dataclass(frozen=True, eq=False)
class Case:
    """A classifier and labelled rows it has not seen, with everything a study may look at.

    Attributes:
        samples: The rows, read.
        codes: The truth as positions in ``classes``; -1 for a label never seen in training.
        classes: The labels.
        variants: What the model says of the rows with all inputs, each alone, each missing.
        model: The model; None where each row was judged by another one (nested cross-validation).
        groups: The group of each row, or None.
        columns: All columns of the rows' table, for slices; empty where there is none.
        out_of_fold: Answers to the training rows, or None where the model keeps none.
        best_single: The input fusion is compared with, chosen on the training rows; empty if unknown.
        seed: Same seed, same result.
    """

    samples: Samples
    codes: Int[np.ndarray, " row"]
    classes: NDArray[Any]
    variants: Variants
    model: Predictor | None = None
    groups: Shaped[np.ndarray, " row"] | None = None
    columns: pd.DataFrame = field(default_factory=pd.DataFrame)
    out_of_fold: OutOfFold | None = None
    best_single: str = ""
    seed: int = 0

    @cached_property
    def resampling(self) -> Resampling:
        """The resamples behind every interval of the case."""
        return Resampling(len(self.codes), self.groups, self.seed)

    def take(self, rows: Int[np.ndarray, " some"]) -> Self:
        """The same of some rows, in order; the case itself, with its resamples, if these are all."""
        if len(rows) == len(self.codes):
            return self
        return replace(
            self,
            samples=self.samples.take(rows),
            codes=self.codes[rows],
            variants=self.variants.take(rows),
            groups=None if self.groups is None else np.asarray(self.groups)[rows],
            columns=self.columns if self.columns.empty else self.columns.iloc[rows].reset_index(drop=True),
        )

    def accuracy(self, probabilities: Float[np.ndarray, "row class"]) -> Estimate:
        """How often other answers to the rows are right, classes being chosen as the model chooses them."""
        return share_estimate(self.variants.chosen(probabilities) == self.codes, self.resampling)

    @cached_property
    def right(self) -> NDArray[np.bool_]:
        """Which rows the model gets right with every input they have."""
        return self.variants.chosen(self.variants.whole) == self.codes


class Study(ABC):
    """One question about a model; its answer is plain data, as JSON holds it."""

    #: The name in the registry and in ``metrics.json``.
    kind: ClassVar[str]

    @abstractmethod
    def run(self, case: Case) -> Mapping[str, Any] | None:
        """The answer; None where the question does not arise (one input only, no such column)."""


def study(case: Case, kinds: Iterable[str] | None = None) -> dict[str, Any]:
    """Run studies; those whose question does not arise are left out.

    Args:
        case: The classifier and the rows.
        kinds: Which; None runs all of the registry.

    Raises:
        DataError: No row, or answers that are no probabilities.
    """
    check_predictions(case.codes, case.variants.whole)
    answers: dict[str, Any] = {}
    for kind in STUDIES if kinds is None else kinds:
        start = time.monotonic()
        one: Study = STUDIES.load(kind)()
        # What the model computes of an input serves every question about the same rows.
        with remembering_here():
            answer = one.run(case)
        if answer is not None:
            answers[kind] = dict(answer)
            emit("study_finished", study=kind, seconds=time.monotonic() - start)
    return answers
