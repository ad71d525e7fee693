"""What a target is: how its cells become numbers, how answers become cells again, and what a good answer is."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy.typing import NDArray

#: What is known of each row, one column a number; NaN where a cell is missing.
Truth = Float[np.ndarray, "row column"]
#: What is said about each row.
Answers = Float[np.ndarray, "row answer"]


@dataclass(frozen=True)
class Target(ABC):
    """One column that is predicted. A frozen value: ``learn`` makes it from the training cells.

    Attributes:
        name: The column.
    """

    kind: ClassVar[str]

    name: str

    @classmethod
    @abstractmethod
    def learn(cls, name: str, cells: pd.Series) -> Self:
        """The target that training cells describe; missing cells are None.

        Raises:
            LabelError: They are no target of this kind.
        """

    @property
    @abstractmethod
    def columns(self) -> int:
        """How many numbers the truth of a row is."""

    @property
    @abstractmethod
    def names(self) -> tuple[Any, ...]:
        """What each number of the answer to a row is about: a class, a label, or the target itself."""

    @property
    def answers(self) -> int:
        """How many numbers the answer to a row is."""
        return len(self.names)

    @abstractmethod
    def encode(self, cells: pd.Series) -> Truth:
        """Cells as numbers, NaN where a cell is missing."""

    def unseen(self, cells: pd.Series) -> list[str]:
        """Labels in cells that were not there when the target was learned, and that ``encode`` leaves out."""
        return []

    @abstractmethod
    def decode(self, answers: Answers) -> NDArray[Any]:
        """The cell that each answer means."""

    @abstractmethod
    def prior(self, truth: Truth) -> Float[np.ndarray, " answer"]:
        """What is said about a row in which nothing can be read: what training rows have on average."""

    @abstractmethod
    def strata(self, truth: Truth) -> Int[np.ndarray, " row"]:
        """A number a row; splits keep the proportions of each. For rows whose cell is not missing."""

    @abstractmethod
    def losses(self, truth: Truth, answers: Answers) -> Float[np.ndarray, " row"]:
        """How bad each answer is, convex in the answer; what members of an ensemble are weighed by."""

    @abstractmethod
    def details(self, answers: Answers) -> dict[str, NDArray[Any]]:
        """What a table of predictions shows beside the predictions, by column."""

    @abstractmethod
    def counts(self, truth: Truth) -> dict[str, int]:
        """Rows by class or label; empty where there are none."""

    def to_state(self) -> dict[str, Any]:
        """The target as JSON and arrays."""
        return {"kind": self.kind, **{f.name: getattr(self, f.name) for f in dataclasses.fields(self)}}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        values: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in state.items() if n != "kind"}
        return cls(**values)
