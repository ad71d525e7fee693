"""Out of fold: a learner fitted once a fold and asked about the rows the fold left out, whatever it predicts."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Generic, TypeVar

import numpy as np
from jaxtyping import Float, Int
from sklearn.base import clone

from polysight.core.duration import seconds_of
from polysight.core.errors import OutOfTimeError
from polysight.core.events import emit
from polysight.data.samples import Samples
from polysight.ensemble.fold_store import FoldStore
from polysight.learners import LEARNERS
from polysight.learners.table_model import TableModel

#: Rows that train a fold and rows it is judged on; repeated folds one after another.
Folds = Sequence[tuple[Int[np.ndarray, " row"], Int[np.ndarray, " row"]]]
#: Names of inputs a member is shown.
Shown = frozenset[str]

L = TypeVar("L", bound=TableModel)


@dataclass(frozen=True, eq=False)
class Trial(Generic[L]):
    """What is fitted on every fold.

    Attributes:
        name: The member's name.
        learner: An unfitted learner; each fold fits a clone.
        taught: Fits a learner to samples, given which of the training rows they are.
        samples: All training rows, seen through the inputs it may look at.
        width: How many numbers an answer is.
    """

    name: str
    learner: L
    taught: Callable[[L, Samples, Int[np.ndarray, " some"]], L]
    samples: Samples
    width: int


def fit_out_of_fold(
    trial: Trial[L], folds: Folds, store: FoldStore, deadline: float
) -> tuple[list[Any], dict[Shown, Float[np.ndarray, "row answer"]]]:
    """Fit a learner on every fold and judge it on what each fold left out, under every set of shown inputs.

    Folds may be repeated: a row's votes are the mean over the repeats, one a repeat.

    Args:
        trial: What is fitted.
        folds: Which rows train and which judge, fold by fold.
        store: Where finished folds are kept.
        deadline: The time (``time.monotonic``) by which the last fold must end: no fold is begun that would end
            later if it took as long as the longest before it, nor epoch of a learner that has a time limit of its own.

    Returns:
        One fitted model a fold, and the votes for each set of shown inputs.

    Raises:
        OutOfTimeError: The last fold would end, or ended, after the deadline.
    """
    sets, rows = shown_sets(tuple(trial.samples.names)), len(trial.samples)
    judged = {shown: np.zeros((rows, trial.width)) for shown in sets}
    times = np.bincount(np.concatenate([left_out for _, left_out in folds]), minlength=rows)
    models, longest = [], 0.0
    for number, (train, left_out) in enumerate(folds):
        began = time.monotonic()
        if began + longest > deadline:
            where = trial.name
            raise OutOfTimeError(f"the time limit passed after {number} of {len(folds)} folds", where=where)

        def compute(train: Any = train, left_out: Any = left_out, number: int = number) -> dict[str, Any]:
            emit("fold_started", member=trial.name, fold=number, folds=len(folds))
            with ending_by(deadline, clone(trial.learner)) as unfitted:
                fitted = trial.taught(unfitted, trial.samples.take(train), train)
            if getattr(fitted, "stopped_by_time_", False):
                # Half-trained, it would be judged as what it is not.
                where = trial.name
                raise OutOfTimeError(f"the time limit passed in fold {number + 1} of {len(folds)}", where=where)
            return {"model": fitted.to_state(), "votes": _votes(fitted, trial.samples.take(left_out), sets)}

        state = store.fetch(trial.name, number, compute)
        models.append(LEARNERS.load(state["model"]["kind"]).from_state(state["model"]))
        for shown, votes in zip(sets, state["votes"], strict=True):
            judged[shown][left_out] += votes / times[left_out, None]
        longest = max(longest, time.monotonic() - began)
    return models, judged


def _votes(fitted: Any, samples: Samples, sets: Sequence[Shown]) -> Float[np.ndarray, "set row answer"]:
    names = set(samples.names)
    return np.stack([fitted.predict_samples(samples.hide(names - shown)) for shown in sets])


@contextmanager
def ending_by(deadline: float, learner: L) -> Iterator[L]:
    """The learner, which inside the block ends by the deadline if it knows how to; its settings stay as they were."""
    if math.isinf(deadline) or "time_limit" not in learner.get_params(deep=False):
        yield learner
        return
    own = learner.get_params(deep=False)["time_limit"]
    left = max(deadline - time.monotonic(), 0.1)
    learner.set_params(time_limit=left if own is None else min(left, seconds_of(own)))
    yield learner
    learner.set_params(time_limit=own)


def shown_sets(names: tuple[str, ...]) -> list[Shown]:
    """The sets of inputs a member is judged with: all sets of up to three inputs; of more, all, all but one, one."""
    sizes = range(1, len(names) + 1) if len(names) <= 3 else (1, len(names) - 1, len(names))
    return [frozenset(chosen) for size in sizes for chosen in combinations(names, size)]


def places(folds: Folds) -> Int[np.ndarray, " row"]:
    """The fold that judges each row."""
    rows = np.concatenate([left_out for _, left_out in folds])
    place = np.empty(len(rows), dtype=int)
    place[rows] = np.repeat(np.arange(len(folds)), [len(left_out) for _, left_out in folds])
    return place
