"""Inner products of rows, when some columns are full and thousands are nearly empty.

Word weights beside image features make a sparse matrix with full columns in it, for which a sparse product is many
times slower than a dense one. So the columns that are full in one of the matrices are multiplied densely, the others
sparsely, and the two are added up.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float
from scipy.sparse import csr_array

from polysight.data.view import Matrix

#: From this share of non-zeros on a column is multiplied as a full one.
FULL = 0.1


def inner_products(a: Matrix, b: Matrix) -> Float[np.ndarray, "row other"]:
    """``a @ b.T`` as a dense array, for matrices that are both dense or both sparse (CSR)."""
    if isinstance(a, np.ndarray):
        return a @ b.T
    full = full_columns(a) | full_columns(b)
    if not full.any():
        return (a @ b.T).toarray()
    dense = columns_of(a, full).toarray() @ columns_of(b, full).toarray().T
    return dense + (columns_of(a, ~full) @ columns_of(b, ~full).T).toarray()


def squares(matrix: Matrix) -> Float[np.ndarray, " row"]:
    """The squared length of each row, in double precision."""
    if isinstance(matrix, np.ndarray):
        return np.einsum("rc,rc->r", matrix, matrix, dtype=np.float64)
    return np.asarray(matrix.multiply(matrix).sum(axis=1), dtype=np.float64).ravel()


def full_columns(matrix: csr_array) -> Bool[np.ndarray, " column"]:
    """Which columns have entries in more than a tenth of the rows."""
    counts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return counts > FULL * max(matrix.shape[0], 1)


def columns_of(matrix: csr_array, chosen: Bool[np.ndarray, " column"]) -> csr_array:
    """The chosen columns, by renumbering: slicing a sparse matrix by columns would sort it anew."""
    kept = chosen[matrix.indices]
    places = np.cumsum(chosen) - 1
    ends = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    shape = (matrix.shape[0], int(chosen.sum()))
    return csr_array((matrix.data[kept], places[matrix.indices[kept]], ends), shape=shape)
