"""Members: one learner fitted once a fold, judged on the rows each fold left out, bagged when predicting."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from polysight.core.memo import remembered
from polysight.data.samples import Samples
from polysight.ensemble.fold_store import FoldStore
from polysight.ensemble.out_of_fold import Folds, Shown, Trial, fit_out_of_fold
from polysight.explain.voice import Voice, mean_voice
from polysight.learners import LEARNERS
from polysight.learners.base import Learner
from polysight.learners.scaling_choice import fit_scaling
from polysight.learners.vector_scaling import VectorScaling
from polysight.modalities.inputs import Task

#: Fewer rows than this with a set of inputs, and the answers of all inputs say how sure it is.
LEAST_ROWS = 30


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
        first, like = mine.distinct()
        if any(view.origin is None for view in mine.views.values()):
            # Questions about one row repeat what the member looks at many times over; then it is asked once for each.
            few = 2 * len(first) <= len(mine)
            return self._predicted(mine.take(first))[like] if few else self._predicted(mine)
        # Rows put together from others, or with other inputs missing, are often alike in the inputs looked at here.
        some = mine.take(first)
        key = (self, *(view.fingerprint() for view in some.views.values()))
        return remembered(key, lambda: self._predicted(some))[like]

    def apart(self, row: Samples) -> Voice:
        """What it says of one row, made of what the encoders of its fold models say on average, where they do."""
        mine = row.only(self.inputs)
        voice = self.models[0].apart(mine)
        if voice.parts:
            # Fold models are built alike: where one has nothing inside to show, none has.
            voice = mean_voice([voice, *(model.apart(mine) for model in self.models[1:])])
        return replace(voice, name=self.name, probabilities=self.predict(mine)[0])

    def _predicted(self, mine: Samples) -> Float[np.ndarray, "row class"]:
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
    """Fit a classifier out of fold and calibrate its votes; see ``fit_out_of_fold``."""

    def taught(unfitted: Learner, samples: Samples, train: Int[np.ndarray, " some"]) -> Learner:
        return unfitted.fit_samples(
            samples,
            task.codes[train],
            inputs={key: task.inputs[key] for key in inputs},
            classes=len(task.classes),
            groups=None if task.groups is None else task.groups[train],
        )

    mine = task.samples.only(inputs)
    models, judged = fit_out_of_fold(Trial(name, learner, taught, mine, len(task.classes)), folds, store, deadline)
    return Member(name, tuple(inputs), models, judged, _scalings(judged, mine, task))


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
