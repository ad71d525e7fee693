"""Amount: a number to be predicted (regression)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy.typing import NDArray

from polysight.core.errors import LabelError
from polysight.data.columns import as_numbers
from polysight.data.target_kinds.base import Answers, Target, Truth

#: Splits keep the proportions of so many equal shares of the rows, ordered by amount.
STRATA = 5
#: But of none with fewer rows than this.
ROWS_A_STRATUM = 5


@dataclass(frozen=True)
class Amount(Target):
    """A number a row."""

    kind: ClassVar[str] = "regression"

    columns: ClassVar[int] = 1

    @classmethod
    def learn(cls, name: str, cells: pd.Series) -> Self:
        """Check that the cells are numbers and differ."""
        numbers = as_numbers(cells)
        if numbers.bad.any():
            first = cells[numbers.bad].iloc[0]
            raise LabelError(
                f"holds {str(first)[:50]!r}, which is no number",
                where=name,
                fix="correct the cell, or predict classes: --task classification",
            )
        if len(np.unique(numbers.values[~np.isnan(numbers.values)])) < 2:
            raise LabelError("needs at least two different numbers", where=name, fix="give rows with other amounts")
        return cls(name)

    @property
    def names(self) -> tuple[str, ...]:
        """The target itself."""
        return (self.name,)

    def encode(self, cells: pd.Series) -> Truth:
        """The numbers; what is none counts as missing."""
        return as_numbers(cells).values[:, None]

    def decode(self, answers: Answers) -> NDArray[Any]:
        """The amounts."""
        return answers[:, 0]

    def prior(self, truth: Truth) -> Float[np.ndarray, " answer"]:
        """The mean."""
        return np.array([truth[:, 0].mean()])

    def strata(self, truth: Truth) -> Int[np.ndarray, " row"]:
        """Rows in order of amount, cut into equal shares; equal amounts share one."""
        shares = int(np.clip(len(truth) // ROWS_A_STRATUM, 1, STRATA))
        edges = np.unique(np.quantile(truth[:, 0], np.arange(1, shares) / shares))
        # Numbered anew: where many amounts are equal, a share may be empty.
        return np.unique(np.searchsorted(edges, truth[:, 0], side="right"), return_inverse=True)[1]

    def losses(self, truth: Truth, answers: Answers) -> Float[np.ndarray, " row"]:
        """Squared errors."""
        return np.square(answers[:, 0] - truth[:, 0])

    def details(self, answers: Answers) -> dict[str, NDArray[Any]]:
        """Nothing more than the amount."""
        return {}

    def counts(self, truth: Truth) -> dict[str, int]:
        """There are no classes to count."""
        return {}
