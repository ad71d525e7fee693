"""Tree votes: what a forest says, asked tree by tree.

Around each tree scikit-learn keeps a configuration and a list of warnings; where a few rows are asked about, as when
one row is explained, that takes several times longer than the tree.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float
from sklearn.utils import check_array

from polysight.data.view import Matrix


def tree_votes(forest: Any, matrix: Matrix) -> Float[np.ndarray, "row class"]:
    """``predict_proba`` of a fitted forest of one output.

    Args:
        forest: The forest.
        matrix: Rows as the forest takes them.
    """
    rows = check_array(matrix, dtype=np.float32, accept_sparse="csr", ensure_all_finite=False)
    votes = np.zeros((rows.shape[0], len(forest.classes_)))
    for tree in forest.estimators_:
        votes += tree.tree_.predict(rows)
    return votes / len(forest.estimators_)
