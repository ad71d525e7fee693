"""Kept rows: rows that many others will be compared with, laid out once so that each comparison is cheap.

Columns that are full in the rows kept (image features) lie apart from those that are nearly empty (word weights):
the first are multiplied densely, the others sparsely. Laid out anew for each question about a single row, that took
most of the time of an explanation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from jaxtyping import Bool, Float
from scipy.sparse import csr_array

from polysight.data.view import Matrix
from polysight.learners.products import columns_of, full_columns, squares


@dataclass(frozen=True, eq=False)
class KeptRows:
    """Rows of a matrix.

    Attributes:
        dense: The full columns.
        full: Which columns these are.
        rest: The other columns; None where there are none, as in a dense matrix.
        halved: Whether the full columns were rounded to half precision, in which they are then saved.
    """

    dense: Float[np.ndarray, "row full"]
    full: Bool[np.ndarray, " column"]
    rest: csr_array | None
    halved: bool

    @classmethod
    def of(cls, matrix: Matrix, *, halved: bool = False) -> Self:
        """The rows of a matrix.

        Args:
            matrix: The matrix.
            halved: Round full columns to half precision: half as much to save, and distances change by some 1e-4.
        """
        if isinstance(matrix, np.ndarray):
            dense, full, rest = matrix, np.ones(matrix.shape[1], dtype=bool), None
        else:
            full = full_columns(matrix)
            dense, rest = columns_of(matrix, full).toarray(), columns_of(matrix, ~full)
        return cls(dense.astype(np.float16).astype(np.float32) if halved else dense, full, rest, halved)

    @cached_property
    def squares(self) -> Float[np.ndarray, " row"]:
        """The squared length of each row, as it is kept."""
        return squares(self.dense) if self.rest is None else squares(self.dense) + squares(self.rest)

    @property
    def columns(self) -> int:
        """How many columns a row has."""
        return len(self.full)

    def products(self, matrix: Matrix) -> Float[np.ndarray, "other row"]:
        """``matrix @ rows.T``, dense."""
        if isinstance(matrix, np.ndarray):
            return matrix @ self.dense.T
        found: Float[np.ndarray, "other row"] = columns_of(matrix, self.full).toarray() @ self.dense.T
        return found if self.rest is None else found + (columns_of(matrix, ~self.full) @ self.rest.T).toarray()

    def to_state(self) -> dict[str, Any]:
        """The rows as arrays."""
        dense = self.dense.astype(np.float16) if self.halved else self.dense
        return {"dense": dense, "full": self.full, "rest": self.rest, "halved": self.halved}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        dense = state["dense"].astype(np.float32) if state["halved"] else state["dense"]
        return cls(dense, state["full"], state["rest"], state["halved"])
