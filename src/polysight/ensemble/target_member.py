"""Members of an ensemble for any target: one learner fitted once a fold, judged on the rows each fold left out."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.base import clone

from polysight.core.errors import OutOfTimeError
from polysight.core.events import emit
from polysight.data.samples import Samples
from polysight.data.target_kinds.base import Answers
from polysight.ensemble.fold_store import FoldStore
from polysight.ensemble.member import Folds, Shown, ending_by, shown_sets
from polysight.learners import LEARNERS
from polysight.learners.target_learner import TargetLearner
from polysight.modalities.target_task import TargetTask


@dataclass(frozen=True, eq=False)
class TargetMember:
    """A learner fitted on every fold.

    Attributes:
        name: Its name in the leaderboard.
        inputs: The inputs it looks at.
        models: One fitted learner a fold of every repeat; their mean is the member's answer.
        out_of_fold: Answers to rows by models that never saw them, for each set of shown inputs, the mean over
            repeats; dropped when saved.
    """

    name: str
    inputs: tuple[str, ...]
    models: Sequence[TargetLearner]
    out_of_fold: Mapping[Shown, Answers] = field(default_factory=dict)

    def predict(self, samples: Samples) -> Answers:
        """The mean over the fold models."""
        mine = samples.only(self.inputs)
        mean: Answers = np.mean([model.predict_samples(mine) for model in self.models], axis=0)
        return mean

    def judged(self, shown: Shown) -> Answers | None:
        """Out-of-fold answers when only these inputs are shown; None if that was not computed."""
        return self.out_of_fold.get(shown & frozenset(self.inputs))

    def to_state(self) -> dict[str, Any]:
        """What predicting needs."""
        return {
            "name": self.name,
            "inputs": list(self.inputs),
            "models": [model.to_state() for model in self.models],
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> TargetMember:
        """The way back from ``to_state``."""
        models = [LEARNERS.load(model["kind"]).from_state(model) for model in state["models"]]
        return cls(state["name"], tuple(state["inputs"]), models)


def fit_target_member(
    name: str,
    learner: TargetLearner,
    inputs: Sequence[str],
    task: TargetTask,
    folds: Folds,
    store: FoldStore,
    deadline: float = math.inf,
) -> TargetMember:
    """Fit a learner on every fold and judge it on what each fold left out, under every set of shown inputs.

    Args:
        name: The member's name.
        learner: An unfitted learner; each fold fits a clone.
        inputs: The inputs it may look at.
        task: The training rows.
        folds: Which rows train and which judge, fold by fold; repeated folds one after another.
        store: Where finished folds are kept.
        deadline: The time (``time.monotonic``) by which the last fold must end; see ``fit_member``.

    Raises:
        OutOfTimeError: The last fold would end, or ended, after the deadline.
    """
    mine, sets = task.samples.only(inputs), shown_sets(tuple(inputs))
    judged = {shown: np.zeros((len(task.truth), task.targets.answers)) for shown in sets}
    times = np.bincount(np.concatenate([left_out for _, left_out in folds]), minlength=len(task.truth))
    models, longest = [], 0.0
    for number, (train, left_out) in enumerate(folds):
        began = time.monotonic()
        if began + longest > deadline:
            raise OutOfTimeError(f"the time limit passed after {number} of {len(folds)} folds", where=name)

        def compute(train: Any = train, left_out: Any = left_out, number: int = number) -> dict[str, Any]:
            emit("fold_started", member=name, fold=number, folds=len(folds))
            with ending_by(deadline, clone(learner)) as unfitted:
                fitted = unfitted.fit_samples(
                    mine.take(train),
                    task.truth[train],
                    targets=task.targets,
                    inputs={key: task.inputs[key] for key in inputs},
                    groups=None if task.groups is None else task.groups[train],
                )
            if getattr(fitted, "stopped_by_time_", False):
                # Half-trained, it would be judged as what it is not.
                raise OutOfTimeError(f"the time limit passed in fold {number + 1} of {len(folds)}", where=name)
            rows = mine.take(left_out)
            votes = [fitted.predict_samples(rows.hide(set(inputs) - shown)) for shown in sets]
            return {"model": fitted.to_state(), "votes": np.stack(votes)}

        state = store.fetch(name, number, compute)
        longest = max(longest, time.monotonic() - began)
        models.append(LEARNERS.load(state["model"]["kind"]).from_state(state["model"]))
        for shown, votes in zip(sets, state["votes"], strict=True):
            judged[shown][left_out] += votes / times[left_out, None]
    return TargetMember(name, tuple(inputs), models, judged)
