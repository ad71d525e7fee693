"""Confusion: who is taken for whom, as a shaded table and as a list of the commonest mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

#: Up to so many classes the counts fit into the cells.
_ROOMY = 15
#: Classes that are drawn; of more those that are confused most.
MOST = 60
#: Mistakes listed.
_LISTED = 8


@dataclass(frozen=True)
class Cell:
    """Rows of one true class predicted as one class, their share of that true class, and the shade it gets (0 to 1)."""

    rows: int
    share: float
    shade: float
    correct: bool


@dataclass(frozen=True)
class Mistake:
    """Rows of a class that were taken for another."""

    truth: str
    predicted: str
    rows: int
    share: float


@dataclass(frozen=True)
class ConfusionTable:
    """The table's cells by true class (rows) and predicted class (columns)."""

    labels: Sequence[str]
    cells: Sequence[Sequence[Cell]]
    mistakes: Sequence[Mistake]
    roomy: bool


def most_confused(
    labels: Sequence[str], counts: Int[np.ndarray, "class class"], most: int = MOST
) -> tuple[list[str], Int[np.ndarray, "class class"]]:
    """The classes with most mistakes, in their order, and the counts among them; all where there are not too many."""
    if len(labels) <= most:
        return list(labels), counts
    wrong = counts - np.diag(np.diag(counts))
    kept = np.sort(np.argsort(-(wrong.sum(axis=0) + wrong.sum(axis=1)), kind="stable")[:most])
    return [labels[place] for place in kept], counts[np.ix_(kept, kept)]


def confusion_table(labels: Sequence[str], counts: Int[np.ndarray, "class class"]) -> ConfusionTable:
    """Shade each cell by its share of the true class, so that rare classes show as clearly as common ones."""
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    size = range(len(labels))
    # A root lifts small shares, which as they are would be too pale to see.
    shades = shares**0.6
    cells = [[Cell(int(counts[i, j]), float(shares[i, j]), float(shades[i, j]), i == j) for j in size] for i in size]
    wrong = counts - np.diag(np.diag(counts))
    order = np.argsort(-wrong, axis=None, kind="stable")[:_LISTED]
    places = [(int(i), int(j)) for i, j in zip(*np.unravel_index(order, counts.shape), strict=True)]
    mistakes = [
        Mistake(labels[i], labels[j], int(wrong[i, j]), float(shares[i, j])) for i, j in places if wrong[i, j] > 0
    ]
    return ConfusionTable(labels, cells, mistakes, len(labels) <= _ROOMY)
