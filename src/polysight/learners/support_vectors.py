"""SupportVectors: Gaussian-kernel support vector machines whose kernel is one matrix product.

libsvm computes its kernel a pair of rows at a time; with thousands of columns (Fisher vectors, word weights) that is
nearly all of its time. Here the kernel of all pairs comes from one product of matrices and libsvm only solves for the
coefficients; answers are two more products. The machine is the same.

Source: Cortes, Vapnik, "Support-vector networks", Machine Learning 1995; Chang, Lin, LIBSVM, 2011 (the solver).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import issparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.svm import SVC

from polysight.data.view import Matrix
from polysight.learners.kept_rows import KeptRows, squares

#: More rows than this, and a kernel of all pairs takes too much memory (512 MB): libsvm then computes its own.
MOST_ROWS = 8_000
#: Rows answered at once, which bounds the memory of their kernel.
_PORTION = 2_000


class SupportVectors(ClassifierMixin, BaseEstimator):
    """One machine for every two classes.

    Args:
        C: How much a row on the wrong side of the margin costs.
        gamma: Of the kernel ``exp(-gamma * |x - z|^2)``.
        class_weight: None or ``balanced``, as in scikit-learn.

    Attributes:
        classes_: The classes, sorted.
        vectors_: The support vectors, class after class; full columns in half precision, because they are nearly all of
            a saved model.
        counts_: How many support vectors each class has.
        coefficients_: What each vector weighs against each other class, [class - 1, vector].
        intercepts_: One for every two classes.
    """

    #: What ``decision_function`` gives, told as scikit-learn's machines do.
    decision_function_shape = "ovo"

    def __init__(self, C: float = 10.0, gamma: float = 0.5, class_weight: str | None = None) -> None:
        self.C = C
        self.gamma = gamma
        self.class_weight = class_weight

    def fit(
        self, X: Matrix, y: Int[np.ndarray, " row"], sample_weight: Float[np.ndarray, " row"] | None = None
    ) -> Self:
        """Solve for the coefficients; at least two classes must be there. Weights multiply the ``C`` of their rows."""
        own = X.shape[0] <= MOST_ROWS
        kernel, gamma = ("precomputed", "scale") if own else ("rbf", self.gamma)
        solver = SVC(C=self.C, kernel=kernel, gamma=gamma, class_weight=self.class_weight, cache_size=500)
        rows = KeptRows.of(X) if own else None
        solver.fit(X if rows is None else gaussian_kernel(X, rows, self.gamma), y, sample_weight=sample_weight)
        self.classes_, self.n_features_in_ = solver.classes_, X.shape[1]
        self.vectors_ = KeptRows.of(X[solver.support_], halved=True)
        self.counts_, self.intercepts_ = solver.n_support_, solver.intercept_
        dual = solver.dual_coef_
        self.coefficients_ = dual.toarray() if issparse(dual) else dual
        return self

    def decision_function(self, X: Matrix) -> Float[np.ndarray, "row ..."]:
        """As ``SVC(decision_function_shape="ovo")``: [row] for two classes, else one number for every two classes."""
        starts = range(0, max(X.shape[0], 1), _PORTION)
        return np.concatenate([self._decide(X[start : start + _PORTION]) for start in starts])

    def predict(self, X: Matrix) -> np.ndarray:
        """The class with most votes between pairs; of equals the first."""
        decisions = self.decision_function(X)
        if decisions.ndim == 1:
            return self.classes_[(decisions > 0).astype(int)]
        first, second = np.triu_indices(len(self.classes_), k=1)
        votes = np.zeros((len(decisions), len(self.classes_)))
        for pair, (i, j) in enumerate(zip(first, second, strict=True)):
            votes[:, i] += decisions[:, pair] > 0
            votes[:, j] += decisions[:, pair] <= 0
        return self.classes_[votes.argmax(axis=1)]

    def __sklearn_tags__(self) -> Any:
        """Sparse matrices are taken as they are."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def to_state(self) -> dict[str, Any]:
        """Options and everything learned, as a tree of arrays and JSON."""
        learned = {name: getattr(self, name) for name in ("classes_", "counts_", "coefficients_", "intercepts_")}
        return {**self.get_params(), **learned, "vectors_": self.vectors_.to_state()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        options = {name: state[name] for name in ("C", "gamma", "class_weight")}
        self = cls(**options)
        for name, value in state.items():
            if name.endswith("_"):
                setattr(self, name, value)
        self.vectors_ = KeptRows.from_state(state["vectors_"])
        self.n_features_in_ = self.vectors_.columns
        return self

    def _decide(self, X: Matrix) -> Float[np.ndarray, "row ..."]:
        kernel = gaussian_kernel(X, self.vectors_, self.gamma)
        if len(self.classes_) == 2:
            return kernel @ self.coefficients_[0] + self.intercepts_[0]
        ends = np.cumsum(self.counts_)
        spans = [slice(end - count, end) for end, count in zip(ends, self.counts_, strict=True)]
        # Vectors of a class weighed against each other class at once: [row, other class].
        sums = [kernel[:, span] @ self.coefficients_[:, span].T for span in spans]
        first, second = np.triu_indices(len(self.classes_), k=1)
        pairs = [sums[i][:, j - 1] + sums[j][:, i] for i, j in zip(first, second, strict=True)]
        return np.column_stack(pairs) + self.intercepts_


def gaussian_kernel(matrix: Matrix, rows: KeptRows, gamma: float) -> Float[np.ndarray, "other row"]:
    """``exp(-gamma * |x - z|^2)`` for all rows of a matrix, dense or sparse, and those kept; float64."""
    distances = squares(matrix)[:, None] + rows.squares[None, :] - 2.0 * rows.products(matrix)
    return np.exp(-gamma * np.maximum(distances, 0.0, out=distances), out=distances)
