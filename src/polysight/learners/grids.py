"""Grids: the few settings of each kind of estimator that are worth comparing at a size of data, simplest first.

Searching is not the default: most of what it gains is the temperature found with it. Log-loss of a logistic
regression as it is, with a temperature, with settings searched as well: ten digits by 100 rows of mfeat6 .255, .160,
.156; lidc_nodules (table, pooled folds) .283, .283, .283; houses_price (table, pooled folds) .523, .518, .522.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from polysight.learners.estimators import as_spec

Settings = Mapping[str, Any]


def candidates(estimator: Any, *, rows: int, classes: int) -> tuple[Settings, ...]:
    """One to four settings for a kind or a spec, without those that the spec itself sets.

    Kinds without a grid, and estimators made by hand, have one candidate: themselves.
    """
    spec = as_spec(estimator)
    grid = GRIDS.get(spec.get("kind", ""))
    if grid is None:
        return ({},)
    free = [{n: v for n, v in settings.items() if n not in spec} for settings in grid(rows, classes)]
    return tuple(settings for place, settings in enumerate(free) if settings not in free[:place])


def _logistic(rows: int, classes: int) -> tuple[Settings, ...]:
    return ({"C": 3.0}, {"C": 10.0}, {"C": 30.0}, {"C": 100.0})


def _svm(rows: int, classes: int) -> tuple[Settings, ...]:
    # The time grows with the square of the rows, and with many rows the settings matter less.
    if rows > 5_000:
        return ({},)
    return ({"C": 3.0, "gamma": 0.25}, {"C": 10.0, "gamma": 0.5}, {"C": 10.0, "gamma": 1.5})


def _boosting(rows: int, classes: int) -> tuple[Settings, ...]:
    # A tree a class and round: many classes or rows take minutes.
    if rows * classes > 20_000:
        return ({},)
    return ({"max_leaf_nodes": 4}, {"max_leaf_nodes": 15})


def _forest(rows: int, classes: int) -> tuple[Settings, ...]:
    return ({"min_samples_leaf": 5}, {"min_samples_leaf": 2}, {"min_samples_leaf": 2, "max_features": 0.5})


def _neighbours(rows: int, classes: int) -> tuple[Settings, ...]:
    return ({"n_neighbors": 15}, {"n_neighbors": 5})


GRIDS: Mapping[str, Callable[[int, int], tuple[Settings, ...]]] = {
    "boosting": _boosting,
    "forest": _forest,
    "logistic": _logistic,
    "neighbours": _neighbours,
    "svm": _svm,
}
