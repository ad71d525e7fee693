"""What a check is: a value that looks at a table and says what it found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

from polysight.health.examination import Examination
from polysight.health.finding import Finding


@dataclass(frozen=True)
class Check(ABC):
    """One thing that may be wrong with a table. Deterministic; changes nothing."""

    kind: ClassVar[str]
    #: Whether it is cheap enough to run before each training.
    quick: ClassVar[bool] = True

    @abstractmethod
    def run(self, table: Examination) -> tuple[Finding, ...]:
        """What was found, a ``pass`` where all is well; nothing where the table has no such thing to look at."""
