"""What a demonstration is: data made on this machine, and what to show with it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar


class Demonstration(ABC):
    """A small multimodal set with a column ``label``; the first line of the docstring says what it holds.

    Attributes:
        rows: How many samples there are unless somebody asks for another number.
        group: The column whose values stand on one side of the split only, or None.
        note: What a reader of the numbers must know.
        inputs: Specs of the inputs that ``beside`` looks at.
        beside: Specs of learners to train and show beside what the preset reaches, by the name they are shown by.
    """

    rows: ClassVar[int]
    group: ClassVar[str | None] = None
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
