"""Labels: any number of labels a row (multi-label classification), written ``a|b``; an empty cell is no label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy.typing import NDArray

from polysight.core.errors import LabelError
from polysight.data.target_kinds.base import Answers, Target, Truth
from polysight.data.target_kinds.classes import FLOOR

#: What stands between the labels of a cell.
SEPARATOR = "|"
#: From this probability on a row has a label.
THRESHOLD = 0.5


@dataclass(frozen=True)
class Labels(Target):
    """Some of several labels a row, or none. No cell is missing: an empty one says that there is no label.

    Attributes:
        labels: The labels, sorted.
    """

    kind: ClassVar[str] = "multilabel"

    labels: tuple[str, ...]

    @classmethod
    def learn(cls, name: str, cells: pd.Series) -> Self:
        """The labels that occur."""
        labels = sorted({label for cell in cells.tolist() for label in labels_in(cell)})
        if not labels:
            raise LabelError("no row has a label", where=name, fix=f"write labels as a{SEPARATOR}b")
        found = cls(name, tuple(labels))
        rows = found.encode(cells).sum(axis=0)
        for label, count in zip(labels, rows.tolist(), strict=True):
            if not 2 <= count <= len(cells) - 2:
                rest = f"{int(count)} of {len(cells)} rows"
                raise LabelError(
                    f"the label {label!r} is in {rest}, which teaches nothing",
                    where=name,
                    fix="give at least two rows with it and two without, or remove it",
                )
        return found

    @property
    def columns(self) -> int:
        """One or zero a label."""
        return len(self.labels)

    @property
    def names(self) -> tuple[str, ...]:
        """The labels."""
        return self.labels

    def encode(self, cells: pd.Series) -> Truth:
        """One where a row has the label, zero elsewhere; labels that were not learned are left out."""
        place = {label: column for column, label in enumerate(self.labels)}
        truth = np.zeros((len(cells), len(self.labels)))
        for row, cell in enumerate(cells.tolist()):
            truth[row, [place[label] for label in labels_in(cell) if label in place]] = 1.0
        return truth

    def unseen(self, cells: pd.Series) -> list[str]:
        """The labels that were not learned."""
        return sorted({label for cell in cells.tolist() for label in labels_in(cell)} - set(self.labels))

    def decode(self, answers: Answers) -> NDArray[Any]:
        """The labels with a probability of one half or more, as they are written."""
        names = np.asarray(self.labels, dtype=object)
        return np.array([SEPARATOR.join(names[row]) for row in answers >= THRESHOLD], dtype=object)

    def prior(self, truth: Truth) -> Float[np.ndarray, " answer"]:
        """How often each label occurs, none never or always."""
        return (truth.sum(axis=0) + 1.0) / (len(truth) + 2.0)

    def strata(self, truth: Truth) -> Int[np.ndarray, " row"]:
        """The rarest label of each row.

        Source: the order in which Sechidis, Tsoumakas, Vlahavas, "On the stratification of multi-label data", ECML
        PKDD 2011, deal out rows: those of the rarest label first, because a bad split can do most harm to it.
        """
        rarest_first = np.argsort(truth.sum(axis=0), kind="stable")
        ranked = truth[:, rarest_first] > 0
        first = np.where(ranked.any(axis=1), ranked.argmax(axis=1), len(self.labels))
        return np.unique(first, return_inverse=True)[1]

    def losses(self, truth: Truth, answers: Answers) -> Float[np.ndarray, " row"]:
        """The mean log-loss over labels."""
        own = np.where(truth > 0, answers, 1.0 - answers)
        return -np.log(np.maximum(own, FLOOR)).mean(axis=1)

    def details(self, answers: Answers) -> dict[str, NDArray[Any]]:
        """The probability of each label."""
        return {f"probability_{name}": answers[:, place] for place, name in enumerate(self.labels)}

    def counts(self, truth: Truth) -> dict[str, int]:
        """Rows with each label."""
        return {name: int(rows) for name, rows in zip(self.labels, truth.sum(axis=0), strict=True)}


def labels_in(cell: Any) -> list[str]:
    """The labels of one cell: text with separators, or a list, tuple or set of labels."""
    if isinstance(cell, list | tuple | set | frozenset | np.ndarray):
        parts = [str(part) for part in cell]
    elif cell is None or (isinstance(cell, float) and np.isnan(cell)):
        parts = []
    else:
        parts = str(cell).split(SEPARATOR)
    return [part.strip() for part in parts if part.strip()]
