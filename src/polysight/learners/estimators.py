"""The classical estimators put on top of features, by name: each with settings that suit small data.

Inputs are blocks (one a feature set), each already scaled to about unit norm a row, so that no block drowns
another by its number of columns and one penalty fits tables of very different width.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sklearn.base import clone
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.core.registry import Registry
from polysight.learners.support_vectors import SupportVectors

ESTIMATORS = Registry(
    "estimator",
    {
        "boosting": "polysight.learners.estimators:boosting",
        "forest": "polysight.learners.estimators:forest",
        "logistic": "polysight.learners.estimators:logistic",
        "neighbours": "polysight.learners.estimators:neighbours",
        "svm": "polysight.learners.estimators:svm",
    },
)


def as_spec(estimator: Any) -> Mapping[str, Any]:
    """A kind or a spec as a spec; nothing for an estimator that is made already."""
    if isinstance(estimator, str):
        return {"kind": estimator}
    return estimator if isinstance(estimator, Mapping) else {}


def make_estimator(estimator: Any, seed: int) -> Any:
    """An unfitted estimator: of a kind, by a spec (with a ``random_state`` of its own or not), or a copy of one given.

    Raises:
        ConfigError: Neither a kind, a spec nor a scikit-learn classifier.
    """
    return made(ESTIMATORS, as_spec(estimator), estimator, seed=seed, what="classifier")


def made(registry: Registry, spec: Mapping[str, Any], given: Any, *, seed: int, what: str) -> Any:
    """What a spec says, or where there is none a copy of the scikit-learn estimator that was given.

    Args:
        registry: The kinds there are.
        spec: The spec; empty where an estimator was given.
        given: What the user gave.
        seed: The seed, unless the spec has one of its own.
        what: What a scikit-learn estimator for the purpose is called.

    Raises:
        ConfigError: The spec does not fit, or what was given is no estimator.
    """
    if isinstance(given, str | Mapping):
        return build(registry, {"random_state": seed, **spec}, where=registry.noun)
    if not hasattr(given, "fit") or isinstance(given, type):
        fix = f"give a kind, a spec or a scikit-learn {what}"
        raise ConfigError(f"{given!r} is no {registry.noun}", where=registry.noun, fix=fix)
    return clone(given)


def logistic(C: float = 30.0, *, random_state: int = 0) -> Any:
    """Multinomial logistic regression; sparse or dense, the fastest, well calibrated."""
    return LogisticRegression(C=C, max_iter=300, tol=1e-3, random_state=random_state)


def svm(C: float = 10.0, gamma: float = 0.5, *, random_state: int = 0) -> Any:
    """Support vectors with a Gaussian kernel; often the best single classical estimator under 5,000 rows."""
    return SupportVectors(C=C, gamma=gamma)


def boosting(
    learning_rate: float = 0.08, max_iter: int = 80, max_leaf_nodes: int = 15, *, random_state: int = 0
) -> Any:
    """Histogram gradient boosting (dense features only); strong on table columns, indifferent to scale."""
    return HistGradientBoostingClassifier(
        learning_rate=learning_rate,
        max_iter=max_iter,
        max_leaf_nodes=max_leaf_nodes,
        min_samples_leaf=8,
        l2_regularization=1.0,
        max_features=0.5,
        early_stopping=False,
        random_state=random_state,
    )


def forest(
    n_estimators: int = 300,
    min_samples_leaf: int = 2,
    max_features: float | Literal["sqrt"] = "sqrt",
    *,
    random_state: int = 0,
) -> Any:
    """Extremely randomised trees (Geurts 2006); robust with few rows and many noisy columns."""
    return ExtraTreesClassifier(
        n_estimators=n_estimators,
        min_samples_leaf=min_samples_leaf,
        max_features=max_features,
        random_state=random_state,
    )


def neighbours(n_neighbors: int = 15, *, random_state: int = 0) -> Any:
    """Nearest neighbours by cosine distance; a plain baseline."""
    return KNeighborsClassifier(n_neighbors=n_neighbors, weights="distance", metric="cosine", algorithm="brute")
