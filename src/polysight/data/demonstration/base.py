"""What a demonstration is: data made on this machine, and what to show with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar


@dataclass(frozen=True)
class Oracle:
    """How well anybody can do who knows the densities that data came from.

    Attributes:
        accuracy: With everything a row shows.
        single: With the one view that tells most.
        view: Which one that is.
    """

    accuracy: float
    single: float
    view: str


class Demonstration(ABC):
    """A small multimodal set with a column ``label``; the first line of the docstring says what it holds.

    Attributes:
        rows: How many samples there are unless somebody asks for another number.
        group: The column whose values stand on one side of the split only, or None.
        ignore: Columns that must not be inputs.
        live: Whether decisions are needed one at a time, so that how long one takes is worth knowing.
        note: What a reader of the numbers must know.
        inputs: Specs of the inputs that ``beside`` looks at.
        beside: Specs of learners to train and show beside what the preset reaches, by the name they are shown by.
    """

    rows: ClassVar[int]
    group: ClassVar[str | None] = None
    ignore: ClassVar[tuple[str, ...]] = ()
    live: ClassVar[bool] = False
    note: ClassVar[str]
    inputs: ClassVar[Mapping[str, Any]] = {}
    beside: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    @abstractmethod
    def build(self, folder: Path, *, seed: int, rows: int) -> Path:
        """Write ``train.csv``, ``test.csv`` and the files they name.

        Args:
            folder: Where to write; made if absent.
            seed: The seed of everything random.
            rows: The number of samples in both tables together.

        Returns:
            The path of ``train.csv``.
        """

    def oracle(self) -> Oracle | None:
        """The best possible accuracy; None where nobody knows it."""
        return None

    def told(self, table: Path, predictions: Path) -> Mapping[str, float]:
        """What else a reader wants to know of the answers, by what it is called; nothing as a rule.

        Args:
            table: ``test.csv``.
            predictions: ``predictions.csv`` of the run, with the ``row`` of the table each answer belongs to.
        """
        return {}
