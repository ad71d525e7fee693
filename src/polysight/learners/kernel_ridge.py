"""KernelRidge: ridge regression with a Gaussian kernel, its penalty chosen by leaving out each row in turn.

Source: Saunders, Gammerman, Vovk, "Ridge regression learning algorithm in dual variables", ICML 1998; the errors of
rows left out in closed form, Cook, "Residuals and influence in regression", 1982 (PRESS).
Departures: the mean is taken out before and added again; what is left out are single rows, also where rows come in
groups: the penalty is one number, and what it is chosen by never judges the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from jaxtyping import Float
from sklearn.base import BaseEstimator, RegressorMixin

from polysight.data.view import Matrix
from polysight.learners.kept_rows import KeptRows
from polysight.learners.support_vectors import gaussian_kernel


class KernelRidge(RegressorMixin, BaseEstimator):
    """A weight for each training row; its time grows with the cube of the rows, so that it is for a few thousand.

    Args:
        gamma: Of the kernel ``exp(-gamma * |x - z|^2)``.
        penalties: Penalties to choose from.

    Attributes:
        penalty_: The one chosen.
        vectors_: The training rows.
        weights_: What each of them weighs.
        mean_: The mean of the training amounts.
    """

    def __init__(self, gamma: float = 0.5, penalties: Sequence[float] = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)) -> None:
        self.gamma = gamma
        self.penalties = penalties

    def fit(self, X: Matrix, y: Float[np.ndarray, " row"]) -> Self:
        """Solve for the weights of every penalty at once, and keep those that err least on rows left out."""
        self.mean_, self.n_features_in_ = float(np.mean(y)), X.shape[1]
        rows = KeptRows.of(X)
        values, vectors = np.linalg.eigh(gaussian_kernel(X, rows, self.gamma))
        turned = vectors.T @ (y - self.mean_)
        tried = []
        for penalty in self.penalties:
            inverse = 1 / (np.maximum(values, 0.0) + penalty)
            weights = vectors @ (inverse * turned)
            left_out = weights / (np.square(vectors) @ inverse)
            tried.append((float(np.mean(np.square(left_out))), penalty, weights))
        _, self.penalty_, self.weights_ = min(tried, key=lambda one: one[0])
        self.vectors_ = rows
        return self

    def predict(self, X: Matrix) -> Float[np.ndarray, " row"]:
        """The amount of each row."""
        return gaussian_kernel(X, self.vectors_, self.gamma) @ self.weights_ + self.mean_

    def __sklearn_tags__(self) -> Any:
        """Sparse matrices are taken as they are."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    def to_state(self) -> dict[str, Any]:
        """Options and everything learned, as a tree of arrays and JSON."""
        learned = {name: getattr(self, name) for name in ("penalty_", "weights_", "mean_")}
        settings = {"gamma": self.gamma, "penalties": list(self.penalties)}
        return {**settings, **learned, "vectors_": self.vectors_.to_state()}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        self = cls(gamma=state["gamma"], penalties=tuple(state["penalties"]))
        for name, value in state.items():
            if name.endswith("_"):
                setattr(self, name, value)
        self.vectors_ = KeptRows.from_state(state["vectors_"])
        self.n_features_in_ = self.vectors_.columns
        return self
