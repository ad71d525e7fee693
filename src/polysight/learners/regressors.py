"""The classical regressors put on top of features, by name; amounts come to them standardised.

Each kind of classifier in ``estimators`` has a counterpart here, so that what suits an input for telling classes suits
it for amounts too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sklearn.ensemble import ExtraTreesRegressor, HistGradientBoostingRegressor
from sklearn.linear_model import RidgeCV

from polysight.core.config import options_of
from polysight.core.registry import Registry
from polysight.learners.estimators import as_spec, made
from polysight.learners.kernel_ridge import KernelRidge

REGRESSORS = Registry(
    "regressor",
    {
        "boosting": "polysight.learners.regressors:boosting",
        "forest": "polysight.learners.regressors:forest",
        "kernel_ridge": "polysight.learners.regressors:kernel_ridge",
        "ridge": "polysight.learners.regressors:ridge",
    },
)

#: The regressor that stands in for a kind of classifier of another name.
COUNTERPARTS: Mapping[str, str] = {"logistic": "ridge", "neighbours": "kernel_ridge", "svm": "kernel_ridge"}
#: Penalties ridge chooses from by leaving out each row in turn.
PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def make_regressor(regressor: Any, seed: int) -> Any:
    """An unfitted regressor: of a kind, by a spec, or a copy of one given.

    Raises:
        ConfigError: Neither a kind, a spec nor a scikit-learn regressor.
    """
    return made(REGRESSORS, as_regressor(as_spec(regressor)), regressor, seed=seed, what="regressor")


def as_regressor(spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The spec of a regressor; of a classifier the spec of its counterpart, with the options that this one has too."""
    kind = spec.get("kind", "")
    if kind in REGRESSORS or kind not in COUNTERPARTS:
        return spec
    known = options_of(REGRESSORS.load(COUNTERPARTS[kind]))
    return {"kind": COUNTERPARTS[kind]} | {name: value for name, value in spec.items() if name in known}


def ridge(*, random_state: int = 0) -> Any:
    """Linear regression with a squared penalty (Hoerl 1970), chosen by leaving out each row in turn."""
    return RidgeCV(alphas=PENALTIES)


def kernel_ridge(gamma: float = 0.5, *, random_state: int = 0) -> Any:
    """Ridge regression with a Gaussian kernel; sees smooth interactions, for a few thousand rows."""
    return KernelRidge(gamma=gamma)


def boosting(
    learning_rate: float = 0.06, max_iter: int = 200, max_leaf_nodes: int = 8, *, random_state: int = 0
) -> Any:
    """Histogram gradient boosting of squared errors; strong on table columns, indifferent to scale."""
    return HistGradientBoostingRegressor(
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
    n_estimators: int = 300, min_samples_leaf: int = 2, max_features: float = 0.4, *, random_state: int = 0
) -> Any:
    """Extremely randomised trees (Geurts 2006); robust with few rows and many noisy columns."""
    return ExtraTreesRegressor(
        n_estimators=n_estimators,
        min_samples_leaf=min_samples_leaf,
        max_features=max_features,
        random_state=random_state,
    )
