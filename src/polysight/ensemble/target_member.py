"""Members of an ensemble for any target: one learner fitted once a fold, judged on the rows each fold left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from jaxtyping import Int

from polysight.data.samples import Samples
from polysight.data.target_kinds.base import Answers
from polysight.data.target_kinds.several import Part
from polysight.ensemble.fold_store import FoldStore
from polysight.ensemble.out_of_fold import Folds, Shown, Trial, fit_out_of_fold
from polysight.explain.voice import Voice, mean_voice
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

    def apart(self, row: Samples, part: Part) -> Voice:
        """What it says of one target of one row, made of what the encoders of its fold models say on average."""
        mine = row.only(self.inputs)
        voice = mean_voice([model.apart(mine, part) for model in self.models])
        return replace(voice, name=self.name)

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
    deadline: float,
) -> TargetMember:
    """Fit a learner of any targets out of fold; see ``fit_out_of_fold``."""

    def taught(unfitted: TargetLearner, samples: Samples, train: Int[np.ndarray, " some"]) -> TargetLearner:
        return unfitted.fit_samples(
            samples,
            task.truth[train],
            targets=task.targets,
            inputs={key: task.inputs[key] for key in inputs},
            groups=None if task.groups is None else task.groups[train],
        )

    trial = Trial(name, learner, taught, task.samples.only(inputs), task.targets.answers)
    return TargetMember(name, tuple(inputs), *fit_out_of_fold(trial, folds, store, deadline))
