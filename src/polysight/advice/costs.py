"""Costs: seconds and megabytes a learner will take, from constants measured once on two ordinary cores.

Never from a speed measured on the way: the same data on the same machine give the same plan. The formulas follow
what the solvers do (a product of matrices, an eigendecomposition, passes over rows); the constants are fits to
measured times of 100 to 3,000 rows, 30 to 8,000 columns, and 2 to 10 classes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from polysight.advice.facts import Facts
from polysight.ensemble.out_of_fold import shown_sets
from polysight.learners.effort import default_batch_size
from polysight.modalities.base import Features

#: What the program itself takes before any data is read, in megabytes.
PROGRAM = 500.0
#: How many times its features a member takes while it is fitted (a copy each for training, scaling, solving).
COPIES = 3.0
#: Seconds to put one number of a matrix in its place and to multiply by it once.
_ENTRY = 5e-8
#: An estimator nobody has measured, user-made ones for instance.
_UNKNOWN = "forest"


def columns_of(sets: Mapping[str, Sequence[Features]], facts: Facts) -> int:
    """About how many numbers a row becomes."""
    return sum(f.cost(facts.inputs[name]).columns for name, features in sets.items() for f in features)


def derive_seconds(features: Features, name: str, facts: Facts) -> float:
    """Seconds to derive one feature set for all rows, when nothing is in the cache."""
    return facts.rows * facts.present[name] * features.cost(facts.inputs[name]).derive / 1000


def learning_seconds(features: Features, name: str, facts: Facts, parts: int) -> float:
    """Seconds to learn one feature set on every fold and to describe all rows; members that share it do so once."""
    cost = features.cost(facts.inputs[name])
    return parts * (cost.fit + facts.rows * facts.present[name] * cost.fold / 1000)


def solving_seconds(sets: Mapping[str, Sequence[Features]], estimator: str, facts: Facts, parts: int) -> float:
    """Seconds to fit an estimator on every fold and to judge what each left out.

    Args:
        sets: The feature sets of each input.
        estimator: The kind of estimator.
        facts: The facts.
        parts: How many folds are fitted in all, repeats counted.
    """
    rows = facts.rows * (1 - 1 / max(parts, 2))
    solve = ESTIMATOR_SECONDS.get(estimator, ESTIMATOR_SECONDS[_UNKNOWN])
    columns = columns_of(sets, facts)
    answers = len(shown_sets(tuple(sets))) * facts.rows / parts * columns * _ENTRY
    return parts * (solve(rows, columns, facts.classes) + answers)


def epochs_for(facts: Facts, steps: int, folds: int) -> int:
    """About so many steps, in 15 to 60 epochs: more only overfits small data."""
    each = facts.rows * (folds - 1) / folds / default_batch_size(facts.rows)
    return int(min(max(round(steps / each), 15), 60))


def network_seconds(names: Sequence[str], epochs: int, facts: Facts, folds: int) -> float:
    """Seconds to train a network on every fold and to judge what each left out."""
    milliseconds = sum(facts.inputs[name].work * facts.present[name] for name in names)
    passes = facts.rows * ((folds - 1) * epochs + 1 + len(names))
    faster = 20.0 if facts.accelerator != "cpu" else min(facts.cores, 8) / 2
    return 0.6 * passes * milliseconds / 1000 / faster + folds * 0.3


def megabytes(sets: Mapping[str, Sequence[Features]], facts: Facts) -> float:
    """Memory of a classical member while it is fitted."""
    return COPIES * facts.rows * columns_of(sets, facts) * 4 / 1e6


def _logistic(rows: float, columns: int, classes: int) -> float:
    rotated = 6e-11 * rows**2 * (columns + rows) if columns > rows else 0.0
    return 0.01 + _ENTRY * rows * columns + rotated + 4e-9 * rows * min(rows, columns) * classes


def _svm(rows: float, columns: int, classes: int) -> float:
    # Twice, because a trial on part of the rows says how sure its answers are.
    return 0.02 + 1.8 * (_ENTRY * rows * columns + 1.2e-11 * rows**2 * columns + 4e-8 * rows**2) + 1e-3 * classes**2


def _boosting(rows: float, columns: int, classes: int) -> float:
    trees = 80 * (1 if classes == 2 else classes)
    return trees * (3e-4 + columns * min(3e-5, 2.4e-8 * rows))


def _forest(rows: float, columns: int, classes: int) -> float:
    return 0.25 + 5e-5 * rows * math.sqrt(columns)


def _neighbours(rows: float, columns: int, classes: int) -> float:
    return 0.02 + 2e-10 * rows**2 * columns


ESTIMATOR_SECONDS: Mapping[str, Callable[[float, int, int], float]] = {
    "logistic": _logistic,
    "svm": _svm,
    "boosting": _boosting,
    "forest": _forest,
    "neighbours": _neighbours,
}
