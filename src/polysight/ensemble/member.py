"""Members: one learner fitted once a fold, judged on the rows each fold left out, bagged when predicting."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, TypeVar

import numpy as np
from jaxtyping import Float, Int
from sklearn.base import clone

from polysight.core.duration import seconds_of
from polysight.core.errors import OutOfTimeError
from polysight.core.events import emit
from polysight.data.samples import Samples
from polysight.ensemble.fold_store import FoldStore
from polysight.learners import LEARNERS
from polysight.learners.base import Learner
from polysight.learners.scaling_choice import fit_scaling
from polysight.learners.table_model import TableModel
from polysight.learners.vector_scaling import VectorScaling
from polysight.modalities.inputs import Task

#: Rows that train a fold and rows it is judged on; repeated folds one after another.
Folds = Sequence[tuple[Int[np.ndarray, " row"], Int[np.ndarray, " row"]]]
#: Fewer rows than this with a set of inputs, and the answers of all inputs say how sure it is.
LEAST_ROWS = 30
#: Names of inputs a member is shown.
Shown = frozenset[str]

L = TypeVar("L", bound=TableModel)


@dataclass(frozen=True, eq=False)
class Member:
    """A learner fitted on every fold.

    Attributes:
        name: Its name in the leaderboard.
        inputs: The inputs it looks at.
        models: One fitted learner a fold of every repeat; their mean is the member's answer.
        out_of_fold: Probabilities of rows by models that never saw them, for each set of shown inputs, the mean
            over repeats; dropped when saved.
        scalings: Calibration, fitted on the out-of-fold probabilities, for each set of shown inputs: who answers
            without an input it has learned to lean on is unsure in ways of its own. The set of all inputs stands in
            for those that are not among them.
    """

    name: str
    inputs: tuple[str, ...]
    models: Sequence[Learner]
    out_of_fold: Mapping[Shown, Float[np.ndarray, "row class"]] = field(default_factory=dict)
    scalings: Mapping[Shown, VectorScaling] = field(default_factory=dict)

    def predict(self, samples: Samples) -> Float[np.ndarray, "row class"]:
        """Calibrated probabilities, the mean over the fold models."""
        mine = samples.only(self.inputs)
        mean = np.mean([model.predict_samples(mine) for model in self.models], axis=0)
        present = mine.present
        for pattern in np.unique(present, axis=0):
            rows = np.flatnonzero((present == pattern).all(axis=1))
            shown = frozenset(name for name, there in zip(self.inputs, pattern, strict=True) if there)
            mean[rows] = self._scaling(shown).transform(mean[rows])
        return mean

    def judged(self, shown: Shown) -> Float[np.ndarray, "row class"] | None:
        """Calibrated out-of-fold probabilities when only these inputs are shown; None if that was not computed."""
        mine = shown & frozenset(self.inputs)
        found = self.out_of_fold.get(mine)
        return None if found is None else self._scaling(mine).transform(found)

    def _scaling(self, shown: Shown) -> VectorScaling:
        return self.scalings.get(shown) or self.scalings.get(frozenset(self.inputs)) or VectorScaling()

    def to_state(self) -> dict[str, Any]:
        """What predicting needs."""
        return {
            "name": self.name,
            "inputs": list(self.inputs),
            "scalings": [{"shown": sorted(shown), **scaling.to_state()} for shown, scaling in self.scalings.items()],
            "models": [model.to_state() for model in self.models],
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Member:
        """The way back from ``to_state``."""
        models = [LEARNERS.load(model["kind"]).from_state(model) for model in state["models"]]
        scalings = {frozenset(scaling["shown"]): VectorScaling.from_state(scaling) for scaling in state["scalings"]}
        return cls(state["name"], tuple(state["inputs"]), models, {}, scalings)


def fit_member(
    name: str,
    learner: Learner,
    inputs: Sequence[str],
    task: Task,
    folds: Folds,
    store: FoldStore,
    deadline: float = math.inf,
) -> Member:
    """Fit a learner on every fold and judge it on what each fold left out, under every set of shown inputs.

    Folds may be repeated: a row's votes are the mean over the repeats, one a repeat.

    Args:
        name: The member's name.
        learner: An unfitted learner; each fold fits a clone.
        inputs: The inputs it may look at.
        task: The training rows.
        folds: Which rows train and which judge, fold by fold.
        store: Where finished folds are kept.
        deadline: The time (``time.monotonic``) by which the last fold must end: no fold is begun that would end
            later if it took as long as the longest before it, nor epoch of a learner that has a time limit of its own.

    Raises:
        OutOfTimeError: The last fold would end, or ended, after the deadline.
    """
    mine = task.samples.only(inputs)
    sets = shown_sets(tuple(inputs))
    judged = {shown: np.zeros((len(task.codes), len(task.classes))) for shown in sets}
    times = np.bincount(np.concatenate([left_out for _, left_out in folds]), minlength=len(task.codes))
    models = []
    longest = 0.0
    for number, (train, left_out) in enumerate(folds):
        began = time.monotonic()
        if began + longest > deadline:
            raise OutOfTimeError(f"the time limit passed after {number} of {len(folds)} folds", where=name)

        def compute(train: Any = train, left_out: Any = left_out, number: int = number) -> dict[str, Any]:
            emit("fold_started", member=name, fold=number, folds=len(folds))
            with ending_by(deadline, clone(learner)) as unfitted:
                fitted = unfitted.fit_samples(
                    mine.take(train),
                    task.codes[train],
                    inputs={key: task.inputs[key] for key in inputs},
                    classes=len(task.classes),
                    groups=None if task.groups is None else task.groups[train],
                )
            if getattr(fitted, "stopped_by_time_", False):
                # Half-trained, it would be judged as what it is not.
                raise OutOfTimeError(f"the time limit passed in fold {number + 1} of {len(folds)}", where=name)
            rows = mine.take(left_out)
            votes = [fitted.predict_samples(rows.hide(set(inputs) - shown)) for shown in sets]
            return {"model": fitted.to_state(), "votes": np.stack(votes)}

        state = store.fetch(name, number, compute)
        models.append(LEARNERS.load(state["model"]["kind"]).from_state(state["model"]))
        for shown, votes in zip(sets, state["votes"], strict=True):
            judged[shown][left_out] += votes / times[left_out, None]
        longest = max(longest, time.monotonic() - began)
    return Member(name, tuple(inputs), models, judged, _scalings(judged, mine, task))


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


def _scalings(
    judged: Mapping[Shown, Float[np.ndarray, "row class"]], mine: Samples, task: Task
) -> dict[Shown, VectorScaling]:
    """A scaling for every set of shown inputs that enough rows have."""
    found = {}
    for shown, votes in judged.items():
        there = np.logical_and.reduce([mine.views[name].any_present for name in sorted(shown)])
        if len(shown) == len(mine.names):
            # Of all inputs, as rows come: with whatever they have.
            there = np.logical_or.reduce(mine.present, axis=1)
        elif there.sum() < LEAST_ROWS:
            continue
        groups = None if task.groups is None else task.groups[there]
        found[shown] = fit_scaling(votes[there], task.codes[there], groups)
    return found


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
