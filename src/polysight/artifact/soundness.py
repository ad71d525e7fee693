"""Soundness: do the numbers of a scikit-learn part fit together? Checked where compiled code takes that on trust.

Each check was earned by an experiment: with one attribute altered, the named class read or wrote outside its
arrays when predicting. Decision trees have checks of their own in ``nodes``, histogram boosting in ``boosting``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from polysight.artifact.unsound import require, require_array


def width_of(estimator: Any) -> int:
    """The number of features an estimator insists on, itself checked to be a number."""
    width = vars(estimator).get("n_features_in_")
    require(isinstance(width, (int, np.integer)) and not isinstance(width, bool), "n_features_in_ is not a number")
    return int(width)


def check_centres(estimator: Any) -> None:
    """KMeans: distances are taken over as many features as X has, whatever the centres have."""
    require_array(estimator.cluster_centers_, "cluster_centers_", shape=(None, width_of(estimator)))


def check_support_vectors(estimator: Any) -> None:
    """SVC: libsvm walks vectors, coefficients and intercepts by the number of classes and vectors."""
    require(estimator.kernel in ("linear", "poly", "rbf", "sigmoid"), "the kernel is none of libsvm's own")
    require("_impl" not in vars(estimator), "the kind of machine was altered")
    counts = estimator._n_support
    classes, vectors = len(counts), int(counts.sum())
    pairs = classes * (classes - 1) // 2
    require_array(counts, "_n_support", dtype=np.int32, shape=(len(estimator.classes_),))
    require(classes >= 2 and bool((counts >= 0).all()), "a class has an impossible number of support vectors")
    require(estimator.support_vectors_.shape == (vectors, width_of(estimator)), "support vectors are missing")
    require_array(estimator.support_, "support_", dtype=np.int32, shape=(vectors,))
    require_array(estimator._intercept_, "_intercept_", dtype=np.float64, shape=(pairs,))
    coefficients = estimator._dual_coef_
    require(coefficients.shape == (classes - 1, vectors), "coefficients are missing")
    if estimator._sparse:
        # libsvm reads the stored values as if no zero had been left out.
        require(coefficients.data.size == coefficients.shape[0] * vectors, "coefficients are missing")
    for name in ("_probA", "_probB"):
        require(getattr(estimator, name).size in (0, pairs), f"{name} does not fit the classes")


def check_neighbours(estimator: Any) -> None:
    """Nearest neighbours: votes are counted in an array with a place for each class."""
    require(estimator._fit_method == "brute" and estimator._tree is None, "neighbours need algorithm='brute'")
    require(not {"w", "V", "VI"} & set(estimator.effective_metric_params_ or {}), "the metric has weights")
    require(estimator._fit_X.shape[1:] == (width_of(estimator),), "neighbours have other features than X must have")
    rows = estimator._fit_X.shape[0]
    require(estimator.n_samples_fit_ == rows, "neighbours are missing")
    require_array(estimator._y, "_y", shape=(rows,))
    require_array(estimator.classes_, "classes_", shape=(None,))
    require(bool(((estimator._y >= 0) & (estimator._y < len(estimator.classes_))).all()), "a label is no class")


def check_vocabulary(estimator: Any) -> None:
    """Bags of words: the columns of the sparse result come straight from the vocabulary."""
    columns = set(estimator.vocabulary_.values())
    require(columns <= set(range(len(estimator.vocabulary_))), "a word has a column that is not there")


def check_one_hot(estimator: Any) -> None:
    """One-hot: the columns of the sparse result are counted apart from the categories that fill them."""
    require(len(estimator._n_features_outs) == len(estimator.categories_), "categories are missing")
    require(estimator._compute_n_features_outs() == estimator._n_features_outs, "categories are miscounted")
    dropped = estimator._drop_idx_after_grouping
    for feature, categories in enumerate(estimator.categories_):
        kept = len(categories)
        mapping = estimator._default_to_infrequent_mappings[feature] if estimator._infrequent_enabled else None
        if mapping is not None:
            kept = estimator._n_features_outs[feature] + (dropped is not None and dropped[feature] is not None)
            require_array(mapping, "the mapping of rare categories", shape=(len(categories),))
            require(bool(((mapping >= 0) & (mapping < kept)).all()), "a rare category has no column")
        if dropped is not None and dropped[feature] is not None:
            require(0 <= dropped[feature] < kept, "the dropped category is not there")


def check_forest(estimator: Any) -> None:
    """Forests check X once for all their trees."""
    require(isinstance(estimator.estimators_, list) and len(estimator.estimators_) > 0, "a forest has no trees")
    for tree in estimator.estimators_:
        require("tree_" in vars(tree), "a forest holds something that is not a tree")
        require(tree.tree_.n_features == width_of(estimator), "a tree is about other features than its forest")


_Check = tuple[str, Callable[[Any], None]]


def _named(module: str, names: str, attribute: str, check: Callable[[Any], None]) -> Mapping[str, _Check]:
    return {f"sklearn.{module}.{name}": (attribute, check) for name in names.split()}


#: For each class that needs one, the check, and the attribute without which it is not fitted and cannot predict.
_CHECKS: Mapping[str, _Check] = {
    **_named("cluster._kmeans", "KMeans MiniBatchKMeans", "cluster_centers_", check_centres),
    **_named("svm._classes", "SVC", "support_vectors_", check_support_vectors),
    **_named("neighbors._classification", "KNeighborsClassifier", "_fit_X", check_neighbours),
    **_named("feature_extraction.text", "CountVectorizer TfidfVectorizer", "vocabulary_", check_vocabulary),
    **_named("preprocessing._encoders", "OneHotEncoder", "_n_features_outs", check_one_hot),
    **_named("ensemble._forest", "RandomForestClassifier RandomForestRegressor", "estimators_", check_forest),
    **_named("ensemble._forest", "ExtraTreesClassifier ExtraTreesRegressor", "estimators_", check_forest),
}


def check(name: str, thing: Any) -> None:
    """Check an object of the class of this full name, if it is fitted and its class needs a check.

    Raises:
        Unsound: Its numbers do not fit together.
    """
    attribute, examine = _CHECKS.get(name, ("", _nothing_to_examine))
    if attribute in vars(thing):
        examine(thing)


def _nothing_to_examine(thing: Any) -> None:
    """Most classes predict in NumPy, which checks for itself."""
