"""Sparse columns of several parts side by side, as every estimator takes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array, hstack


def side_by_side(parts: Sequence[csr_array], *, scale: float) -> csr_array:
    """Parts side by side, float32 [row, column of any part], times a number."""
    joined = csr_array(hstack(parts, format="csr")) * np.float32(scale)
    # 32-bit positions: scikit-learn's support vector machines take no others.
    return csr_array((joined.data, joined.indices.astype(np.int32), joined.indptr.astype(np.int32)), joined.shape)
