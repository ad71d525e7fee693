"""Histogram gradient boosting: what of it is kept, and what must hold before it may predict.

Its loss is made again from its settings. Its random generator serves training alone and is not kept, so a loaded
model predicts but cannot continue with ``warm_start``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.ensemble._hist_gradient_boosting.binning import _BinMapper

from polysight.artifact.nodes import predictor_from_state, predictor_to_state
from polysight.artifact.soundness import width_of
from polysight.artifact.unsound import require, require_array

_NOT_KEPT = ("_loss", "_feature_subsample_rng", "_scorer")


def boosting_to_state(estimator: Any) -> dict[str, Any]:
    """The attributes, with trees and bin mapper as plain dictionaries."""
    state = {name: value for name, value in estimator.__getstate__().items() if name not in _NOT_KEPT}
    if "_predictors" in state:
        state["_predictors"] = [[predictor_to_state(tree) for tree in trees] for trees in estimator._predictors]
        state["_bin_mapper"] = dict(vars(estimator._bin_mapper))
    return state


def boosting_from_state(cls: Any, state: Mapping[str, Any]) -> Any:
    """The estimator of these attributes.

    Raises:
        Unsound: An index leaves its table, or the parts contradict each other.
    """
    estimator = cls.__new__(cls)
    if "_predictors" not in state:
        estimator.__setstate__(dict(state))
        return estimator
    mapper = _BinMapper.__new__(_BinMapper)
    vars(mapper).update(state["_bin_mapper"])
    rest = {name: value for name, value in state.items() if name not in ("_predictors", "_bin_mapper", "_in_fit")}
    estimator.__setstate__(rest)
    _check_bins(mapper, width_of(estimator))
    _check_preprocessor(vars(estimator).get("_preprocessor"), width_of(estimator))
    per_iteration = estimator.n_trees_per_iteration_
    require(
        per_iteration in (1, len(vars(estimator).get("classes_", ()))), "an impossible number of trees an iteration"
    )
    require(all(len(trees) == per_iteration for trees in state["_predictors"]), "trees are missing")
    estimator._bin_mapper = mapper
    estimator._predictors = [
        [predictor_from_state(tree, categorical=mapper.is_categorical_) for tree in trees]
        for trees in state["_predictors"]
    ]
    estimator._loss = estimator._get_loss(sample_weight=None)
    estimator._scorer = None
    return estimator


def _check_bins(mapper: Any, width: int) -> None:
    """Categories are marked in sets of 256 places, found through arrays with a place for each feature."""
    categorical = mapper.is_categorical_
    require_array(categorical, "is_categorical_", dtype=np.uint8, shape=(width,))
    require(bool((categorical <= 1).all()) and len(mapper.bin_thresholds_) == width, "features are missing")
    for feature in np.flatnonzero(categorical):
        known = np.asarray(mapper.bin_thresholds_[feature])
        require(known.dtype.kind in "iuf" and bool(((known >= 0) & (known <= 255)).all()), "a category is out of range")


def _check_preprocessor(preprocessor: Any, width: int) -> None:
    """What the preprocessor gives is not checked again: it must give each feature once."""
    if preprocessor is None:
        return
    columns = []
    require(
        type(preprocessor).__name__ == "ColumnTransformer" and not preprocessor.sparse_output_, "not its own encoder"
    )
    for name, transformer, chosen in preprocessor.transformers_:
        if transformer == "drop" and not np.any(chosen):
            continue
        expected = {"encoder": "OrdinalEncoder", "numerical": "FunctionTransformer"}
        require(type(transformer).__name__ == expected.get(name), "not its own encoder")
        require_array(chosen, "columns", dtype=np.bool_, shape=(width,))
        columns.append(chosen)
    require(width_of(preprocessor) == width, "the encoder is about other features")
    require(bool(columns) and bool((np.sum(columns, axis=0) == 1).all()), "the encoder loses features")
