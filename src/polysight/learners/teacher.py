"""Teacher: how an estimator is fitted under a remedy against imbalance, and what its answers then mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from polysight.data.view import Matrix
from polysight.learners.fitting import fitted, probabilities_of
from polysight.objectives.imbalance.base import Remedy
from polysight.objectives.imbalance.decision import natural


@dataclass(frozen=True)
class Teacher:
    """Fits estimators as a remedy says, and gives probabilities at the class shares the table has.

    Attributes:
        remedy: What helps rare classes; None teaches rows as they are.
        seed: The seed of copies and synthetic rows.
    """

    remedy: Remedy | None = None
    seed: int = 0

    def taught(self, estimator: Any, matrix: Matrix, codes: Int[np.ndarray, " row"]) -> Any:
        """The estimator, fitted to these rows as the remedy makes them; rows that judge must not be among them.

        Raises:
            ConfigError: The remedy weighs rows, and the estimator cannot.
        """
        if self.remedy is None:
            return fitted(estimator, matrix, codes)
        shares = np.bincount(codes) / len(codes)
        weights = self.remedy.class_weights(shares)
        matrix, codes = self.remedy.resampled(matrix, codes, self.seed)
        return fitted(estimator, matrix, codes, None if weights is None else weights[codes])

    def answers(
        self, estimator: Any, matrix: Matrix, *, prior: Float[np.ndarray, " class"]
    ) -> Float[np.ndarray, "row class"]:
        """Probabilities of all classes by a fitted estimator, with what the remedy changed divided out."""
        shift = None if self.remedy is None else self.remedy.shift(prior)
        return natural(probabilities_of(estimator, matrix, prior=prior), shift)
