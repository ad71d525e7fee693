"""Kept rows: rows that many others will be compared with, laid out once so that each comparison is cheap.

Word weights beside image features make a sparse matrix with full columns in it, for which a sparse product is many
times slower than a dense one. So the columns that are full in the rows kept lie apart from those that are nearly empty:
the first are multiplied densely, the others sparsely, and the two are added up. Laid out anew for each question about a
single row, that took most of the time of an explanation.
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

#: From this share of non-zeros on a column is multiplied as a full one.
FULL = 0.1


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
            full = _full_columns(matrix)
            dense, rest = _columns_of(matrix, full).toarray(), _columns_of(matrix, ~full)
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
        found: Float[np.ndarray, "other row"] = _columns_of(matrix, self.full).toarray() @ self.dense.T
        return found if self.rest is None else found + (_columns_of(matrix, ~self.full) @ self.rest.T).toarray()

    def to_state(self) -> dict[str, Any]:
        """The rows as arrays."""
        dense = self.dense.astype(np.float16) if self.halved else self.dense
        return {"dense": dense, "full": self.full, "rest": self.rest, "halved": self.halved}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        dense = state["dense"].astype(np.float32) if state["halved"] else state["dense"]
        return cls(dense, state["full"], state["rest"], state["halved"])


def squares(matrix: Matrix) -> Float[np.ndarray, " row"]:
    """The squared length of each row, in double precision."""
    if isinstance(matrix, np.ndarray):
        return np.einsum("rc,rc->r", matrix, matrix, dtype=np.float64)
    return np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float64).ravel()


def _full_columns(matrix: csr_array) -> Bool[np.ndarray, " column"]:
    """Which columns have entries in more than a tenth of the rows."""
    counts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return counts > FULL * max(matrix.shape[0], 1)


def _columns_of(matrix: csr_array, chosen: Bool[np.ndarray, " column"]) -> csr_array:
    """The chosen columns, by renumbering: slicing a sparse matrix by columns would sort it anew."""
    kept = chosen[matrix.indices]
    places = np.cumsum(chosen) - 1
    ends = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    shape = (matrix.shape[0], int(chosen.sum()))
    return csr_array((matrix.data[kept], places[matrix.indices[kept]], ends), shape=shape)
