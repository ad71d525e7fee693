"""Fitting a classical estimator to a feature matrix, and probabilities from whatever answers it gives."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from scipy.special import softmax
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.utils.validation import has_fit_parameter

from polysight.core.errors import ConfigError
from polysight.data.view import Matrix
from polysight.learners.coupling import coupled_scores
from polysight.learners.row_space import fit_estimator
from polysight.learners.tree_votes import tree_votes


def fitted(
    estimator: Any, matrix: Matrix, codes: Int[np.ndarray, " row"], weights: Float[np.ndarray, " row"] | None = None
) -> Any:
    """The estimator, fitted; a sparse matrix is made dense where it takes nothing else.

    Raises:
        ConfigError: Rows have weights, and the estimator cannot weigh them.
    """
    if weights is not None and not has_fit_parameter(estimator, "sample_weight"):
        raise ConfigError(
            f"{type(estimator).__name__} cannot weigh rows",
            where="imbalance",
            fix="use over or smote, which make more rows of rare classes, or threshold",
        )
    return fit_estimator(estimator, taken(matrix, estimator), codes, weights)


def probabilities_of(
    estimator: Any, matrix: Matrix, *, prior: Float[np.ndarray, " class"]
) -> Float[np.ndarray, "row class"]:
    """Probabilities of all classes; one that no row taught keeps its prior: not seen does not mean impossible.

    Decision values of estimators without probabilities become scores whose softmax it is; they need a temperature.
    """
    known = _known(estimator, taken(matrix, estimator))
    unseen = np.setdiff1d(np.arange(len(prior)), estimator.classes_)
    probabilities = np.tile(np.maximum(prior, 1e-9), (matrix.shape[0], 1))
    probabilities[:, estimator.classes_] = np.maximum(known * (1 - prior[unseen].sum()), 1e-9)
    return probabilities / probabilities.sum(axis=1, keepdims=True)


@singledispatch
def _known(estimator: Any, matrix: Matrix) -> Float[np.ndarray, "row class"]:
    """Probabilities of the classes the estimator was taught."""
    if hasattr(estimator, "predict_proba"):
        return estimator.predict_proba(matrix)
    return softmax(_scores(estimator, matrix), axis=1)


_known.register(ExtraTreesClassifier, tree_votes)


def _scores(estimator: Any, matrix: Matrix) -> Float[np.ndarray, "row class"]:
    """One score a class from a classifier that gives decision values only."""
    decisions = estimator.decision_function(matrix)
    if decisions.ndim > 1 and getattr(estimator, "decision_function_shape", "ovr") == "ovr":
        return decisions
    return coupled_scores(decisions)


def taken(matrix: Matrix, estimator: Any) -> Matrix:
    """The matrix as the estimator takes it: dense, unless it takes sparse ones."""
    takes_sparse = getattr(estimator.__sklearn_tags__().input_tags, "sparse", False)
    return matrix if takes_sparse or isinstance(matrix, np.ndarray) else matrix.toarray()
