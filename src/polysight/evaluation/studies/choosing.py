"""Choosing rows: where a study finds its thresholds, so that it never measures on the rows it chose them on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from polysight.core.errors import DataError
from polysight.data.splits import folds
from polysight.evaluation.studies.base import Case
from polysight.objectives.imbalance.decision import choose

#: Parts of the case, each judged by what was chosen on the others, where the model keeps no answers of its own.
PARTS = 5


@dataclass(frozen=True, eq=False)
class Choosing:
    """Rows a threshold is chosen on, and the rows of the case it is then used for.

    Attributes:
        probabilities: Answers to the rows to choose on.
        codes: Their truth; -1 for a label never seen in training.
        predicted: The class said of each.
        rows: The rows of the case that are judged.
    """

    probabilities: Float[np.ndarray, "row class"]
    codes: Int[np.ndarray, " row"]
    predicted: Int[np.ndarray, " row"]
    rows: Int[np.ndarray, " judged"]

    @property
    def confidence(self) -> Float[np.ndarray, " row"]:
        """The probability of the class said of each row."""
        return confidence_of(self.probabilities, self.predicted)


def choosing_rows(case: Case) -> tuple[str, list[Choosing]]:
    """Where thresholds for a case are chosen: ``out_of_fold``, ``other_rows`` or ``nowhere``, and the rows.

    The training rows a model has answered out of fold, where it keeps those answers. Else, and where each row was
    judged by another model, five parts of the case itself, whole groups together: for each, the other four.
    """
    kept, factors = case.out_of_fold, case.variants.factors
    if kept is not None and case.model is not None:
        probabilities = np.asarray(kept.probabilities, dtype=np.float64)
        predicted = choose(probabilities, None if factors is None else factors[0])
        return "out_of_fold", [Choosing(probabilities, kept.codes, predicted, np.arange(len(case.codes)))]
    whole, said = case.variants.whole, case.variants.chosen(case.variants.whole)
    groups = None if case.groups is None else np.unique(case.groups, return_inverse=True)[1]
    try:
        parts = folds(np.unique(case.codes, return_inverse=True)[1], groups, n=PARTS, seed=case.seed)
    except DataError:
        return "nowhere", []
    return "other_rows", [Choosing(whole[on], case.codes[on], said[on], rows) for on, rows in parts]


def confidence_of(
    probabilities: Float[np.ndarray, "row class"], predicted: Int[np.ndarray, " row"]
) -> Float[np.ndarray, " row"]:
    """The probability of the class said of each row."""
    return probabilities[np.arange(len(predicted)), predicted]
