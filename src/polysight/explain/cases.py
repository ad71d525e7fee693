"""Cases: training rows a model keeps, so that an answer can be set beside the rows it finds most alike.

Two rows are alike if each input, heard alone, says the same of both. What an input says is how it moves the logarithm
of each class's probability away from the prior; an input that is absent moves nothing. For the training rows it is said
by models that had not seen them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from jaxtyping import Bool, Float, Int

from polysight.core.randomness import generator

#: Most rows that are kept.
MOST = 2_000
#: Smaller probabilities differ in nothing that matters.
FLOOR = 1e-4


@dataclass(frozen=True)
class Case:
    """A training row beside the explained one.

    Attributes:
        row: Its position in the training table.
        code: Its class, as a position in ``classes_``.
        distance: How far it is: the root of the mean squared difference, in units of log-probability.
    """

    row: int
    code: int
    distance: float


@dataclass(frozen=True, eq=False)
class Cases:
    """Training rows by what their inputs say.

    Attributes:
        names: The inputs.
        evidence: What each input says of each row alone, float32.
        codes: The class of each row.
        rows: The position of each row in the training table.
    """

    names: tuple[str, ...]
    evidence: Float[np.ndarray, "case input class"]
    codes: Int[np.ndarray, " case"]
    rows: Int[np.ndarray, " case"]

    @classmethod
    def of(
        cls,
        alone: Mapping[str, Float[np.ndarray, "row class"]],
        present: Bool[np.ndarray, "row input"],
        codes: Int[np.ndarray, " row"],
        prior: Float[np.ndarray, " class"],
        *,
        seed: int = 0,
    ) -> Self:
        """Keep training rows; of more than 2,000 a drawn part with the same shares of the classes.

        Args:
            alone: What each input alone says of each row, by models that had not seen it.
            present: Which inputs each row has, in the order of ``alone``.
            codes: The class of each row.
            prior: The class shares of the training rows.
            seed: The seed of the draw.
        """
        kept = _drawn(codes, seed)
        said = np.stack([probabilities[kept] for probabilities in alone.values()], axis=1)
        evidence = evidence_of(said, present[kept], prior).astype(np.float32)
        return cls(tuple(alone), evidence, codes[kept], kept)

    def numbered(self, rows: Int[np.ndarray, " row"]) -> Self:
        """The same cases, with the positions that the training rows have in a table."""
        return replace(self, rows=rows[self.rows])

    def nearest(self, evidence: Float[np.ndarray, "input class"], most: int = 5) -> tuple[Case, ...]:
        """The cases most like a row, nearest first.

        Args:
            evidence: What each input says of the row alone; see ``evidence_of``.
            most: How many.
        """
        squares = np.square(self.evidence.astype(np.float64) - evidence).mean(axis=(1, 2))
        order = np.argsort(squares, kind="stable")[:most]
        return tuple(Case(int(self.rows[i]), int(self.codes[i]), float(np.sqrt(squares[i]))) for i in order)

    def to_state(self) -> dict[str, Any]:
        """The cases as arrays and JSON."""
        return {"names": list(self.names), "evidence": self.evidence, "codes": self.codes, "rows": self.rows}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        return cls(tuple(state["names"]), state["evidence"], state["codes"], state["rows"])


def evidence_of(
    alone: Float[np.ndarray, "row input class"],
    present: Bool[np.ndarray, "row input"],
    prior: Float[np.ndarray, " class"],
) -> Float[np.ndarray, "row input class"]:
    """What each input says of each row: log-probabilities less those of the prior; zero where it is absent."""
    moved = np.log(np.maximum(alone, FLOOR)) - np.log(np.maximum(prior, FLOOR))
    return np.where(present[..., None], moved, 0.0)


def _drawn(codes: Int[np.ndarray, " row"], seed: int) -> Int[np.ndarray, " case"]:
    """Positions of the rows that are kept, in order: evenly from the rows of each class in random order."""
    if len(codes) <= MOST:
        return np.arange(len(codes))
    shuffled = generator(seed, "cases").permutation(len(codes))
    by_class = shuffled[np.argsort(codes[shuffled], kind="stable")]
    even = np.linspace(0, len(codes) - 1, MOST).round().astype(int)
    return np.sort(by_class[even])
