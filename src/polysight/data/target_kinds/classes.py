"""Classes: one of several labels a row (classification), as a part of a task with several targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy.typing import NDArray

from polysight.data.columns import missing
from polysight.data.target_kinds.base import Answers, Target, Truth
from polysight.data.targets import encode_labels

#: Probabilities are kept this far from zero, so that a logarithm is always finite.
FLOOR = 1e-9


@dataclass(frozen=True)
class Classes(Target):
    """One label a row.

    Attributes:
        classes: The labels, sorted.
    """

    kind: ClassVar[str] = "classification"

    classes: tuple[Any, ...]

    columns: ClassVar[int] = 1

    @classmethod
    def learn(cls, name: str, cells: pd.Series) -> Self:
        """The labels that occur; see ``encode_labels``."""
        return cls(name, tuple(encode_labels(cells[~missing(cells)])[0].tolist()))

    @property
    def names(self) -> tuple[Any, ...]:
        """The classes."""
        return self.classes

    def encode(self, cells: pd.Series) -> Truth:
        """Positions in ``classes``; -1 for a label that is not there."""
        place = {label: code for code, label in enumerate(self.classes)}
        codes = np.array([place.get(cell, -1) for cell in cells.tolist()], dtype=np.float64)
        return np.where(missing(cells), np.nan, codes)[:, None]

    def decode(self, answers: Answers) -> NDArray[Any]:
        """The most probable label."""
        return np.asarray(self.classes)[answers.argmax(axis=1)]

    def prior(self, truth: Truth) -> Float[np.ndarray, " answer"]:
        """How often each class occurs, none never."""
        counts = np.bincount(self.strata(truth), minlength=self.answers)
        return (counts + 1.0) / (len(truth) + self.answers)

    def strata(self, truth: Truth) -> Int[np.ndarray, " row"]:
        """The classes themselves."""
        return truth[:, 0].astype(np.int64)

    def losses(self, truth: Truth, answers: Answers) -> Float[np.ndarray, " row"]:
        """Minus the logarithm of the true class's probability."""
        return -np.log(np.maximum(answers[np.arange(len(truth)), self.strata(truth)], FLOOR))

    def details(self, answers: Answers) -> dict[str, NDArray[Any]]:
        """The probability of each class."""
        return {f"probability_{name}": answers[:, place] for place, name in enumerate(self.classes)}

    def counts(self, truth: Truth) -> dict[str, int]:
        """Rows of each class."""
        codes = self.strata(truth[~np.isnan(truth[:, 0])])
        return {
            str(name): int(rows)
            for name, rows in zip(self.classes, np.bincount(codes, minlength=self.answers), strict=True)
        }
