"""Ensembles for other tasks than one class a row: amounts, labels, several targets."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
from jaxtyping import Int
from sklearn.base import ClassifierMixin, RegressorMixin

from polysight.advice.candidates import PlannedMember
from polysight.advice.facts import Facts
from polysight.advice.target_candidates import target_candidates
from polysight.core.devices import one_blas_thread
from polysight.core.memo import remembering
from polysight.data.samples import Samples
from polysight.data.splits import Fold, repeated_folds
from polysight.data.target_kinds.base import Answers, Truth
from polysight.data.target_kinds.several import Part, Targets
from polysight.ensemble.fold_store import FoldStore
from polysight.ensemble.out_of_fold import places
from polysight.ensemble.target_leaderboard import best_inputs, judge_members, score_of
from polysight.ensemble.target_member import TargetMember, fit_target_member
from polysight.ensemble.target_recipes import TargetCookbook, blended, learn_target_recipes
from polysight.explain.voice import Voice
from polysight.learners.table_model import InputSpecs
from polysight.learners.target_learner import TargetLearner
from polysight.modalities.base import Modality
from polysight.modalities.target_task import TargetTask
from polysight.planned import PlannedEnsemble


class TargetEnsemble(PlannedEnsemble[TargetTask, TargetMember], TargetLearner):
    """What the ensembles here have in common.

    Every member is fitted once a fold (whole groups together); the fold models are bagged. Members are weighed on
    out-of-fold rows, target by target and separately for every set of inputs a row may have, so that any input may be
    missing when predicting. The result is never worse, on those rows, than the best single member.

    Attributes:
        leaderboard_: What each member reached, and what became of it.
        best_single_: For each target the input that answers it best alone, out of fold.
        splits_: The fold that judged each row.
        stopped_by_time_: Whether the time limit cut the plan short.
    """

    def __init__(  # noqa: PLR0913  (scikit-learn estimators take each option by name)
        self,
        preset: str = "good",
        *,
        time_limit: float | str | None = None,
        inputs: InputSpecs | None = None,
        group: str | None = None,
        ignore: Sequence[str] = (),
        device: str = "auto",
        checkpoints: Path | str | None = None,
        random_state: int = 0,
    ) -> None:
        self.preset = preset
        self.time_limit = time_limit
        self.inputs = inputs
        self.group = group
        self.ignore = ignore
        self.device = device
        self.checkpoints = checkpoints
        self.random_state = random_state

    @one_blas_thread()
    def fit_samples(
        self,
        samples: Samples,
        truth: Truth,
        *,
        targets: Targets,
        inputs: Mapping[str, Modality],
        groups: Int[np.ndarray, " row"] | None = None,
    ) -> Self:
        """Plan, fit and weigh."""
        start = time.monotonic()
        self.targets_, self.prior_ = targets, targets.prior(truth)
        codes = targets.strata(truth)
        strata = int(codes.max()) + 1
        lister = partial(target_candidates, kinds=[target.kind for target in targets.targets])
        self.plan_ = self._planned(Facts.of(samples, codes, groups, inputs=inputs, classes=strata), lister)
        times = max(item.repeats for item in self.plan_.members)
        ways = repeated_folds(codes, groups, n=self.plan_.folds, repeats=times, seed=self.random_state)
        # The first way of dividing is everybody's; those planned with repeats go through the others too.
        self.splits_ = places(ways[0])
        task = TargetTask(
            samples=self._derived(samples, start),
            codes=codes,
            classes=np.arange(strata),
            groups=groups,
            inputs=dict(inputs),
            rows=np.arange(len(codes)),
            targets=targets,
            truth=truth,
            cells=targets.decode(np.tile(self.prior_, (len(codes), 1))),
        )
        with remembering():
            members, entries = self._fit_members(task, ways, start)
        self.cookbook_ = learn_target_recipes(members, task)
        used = self.cookbook_.members()
        self.members_ = [member for member in members if member.name in used]
        self.leaderboard_ = judge_members(members, entries, self.cookbook_, task)
        self.best_single_ = best_inputs(self.cookbook_, members, task)
        return self

    def predict_samples(self, samples: Samples) -> Answers:
        """Each row is answered by the members weighed for exactly the inputs it has."""
        names, present = samples.names, samples.present
        slices = {part.target.name: part.answers for part in self.targets_}
        result: Answers = np.tile(self.cookbook_.prior, (len(samples), 1))
        for pattern in np.unique(present, axis=0):
            if not pattern.any():
                continue
            rows = np.flatnonzero((present == pattern).all(axis=1))
            recipe = self.cookbook_.recipe(frozenset(np.asarray(names)[pattern].tolist()))
            needed, some = {name for weights in recipe.values() for name in weights}, samples.take(rows)
            result[rows] = blended(recipe, {m.name: m.predict(some) for m in self.members_ if m.name in needed}, slices)
        return result

    def apart(self, row: Samples, part: Part) -> Voice:
        """The answer to one target of one row, made of the members weighed for the inputs it has."""
        heard = tuple(np.asarray(row.names)[row.present[0]].tolist())
        weights = self.cookbook_.recipe(frozenset(heard))[part.target.name]
        members = {member.name: member for member in self.members_}
        final = sorted(weights.items(), key=lambda item: -item[1])
        voices = tuple(members[name].apart(row, part).weighing(weight) for name, weight in final)
        return Voice("ensemble", heard, self.predict_samples(row)[0, part.answers], how="mean", parts=voices)

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what the members derive."""
        for member in self.members_:
            samples = member.models[0].prepared(samples)
        return samples

    def to_state(self) -> dict[str, Any]:
        """Everything predicting needs."""
        common = self.common_state()
        return {
            "kind": self._registered,
            **common,
            "settings": {**common["settings"], "checkpoints": None},
            "members": [member.to_state() for member in self.members_],
            "cookbook": self.cookbook_.to_state(),
            "leaderboard": self.leaderboard_,
            "best_single": self.best_single_,
            "stopped_by_time": self.stopped_by_time_,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        self = cls.from_common_state(state)
        self.members_ = [TargetMember.from_state(member) for member in state["members"]]
        self.cookbook_ = TargetCookbook.from_state(state["cookbook"])
        self.leaderboard_, self.best_single_ = state["leaderboard"], state["best_single"]
        self.stopped_by_time_ = state["stopped_by_time"]
        return self

    #: The kind under which ``LEARNERS`` lists the class.
    _registered: str

    def _fit_member(
        self, item: PlannedMember, task: TargetTask, parts: Sequence[Fold], store: FoldStore, deadline: float
    ) -> TargetMember:
        learner: Any = item.learner
        return fit_target_member(item.name, learner, item.inputs, task, parts, store, deadline)

    def _score(self, member: TargetMember, task: TargetTask) -> float:
        shown = member.judged(frozenset(member.inputs))
        return 0.0 if shown is None else score_of(shown, task)

    def _truth_key(self, task: TargetTask) -> Sequence[str | bytes]:
        return [json.dumps(task.targets.to_state(), default=str), task.truth.tobytes()]


class MultimodalRegressor(RegressorMixin, TargetEnsemble):
    """Predicts an amount: chooses regressors for the data at hand, fits them out of fold and weighs them.

    Members are ridge, kernel ridge, boosted and randomised trees on features of each input and of all, and networks;
    they are weighed by squared error. See ``TargetEnsemble``.

    Args:
        preset: ``quick`` (classical learners on features), ``good`` (and networks) or ``best`` (more of them).
        time_limit: Seconds, or text such as ``"10m"``; default 1m, 10m or 60m by preset.
        inputs: The inputs; None infers them from the table.
        group: Column whose equal values never stand on both sides of a split.
        ignore: Columns that must not be inputs.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        checkpoints: A folder that keeps finished folds; a second fit with the same data and settings goes on there.
        random_state: The seed of everything random.
    """

    kinds = "regression"
    # The mixin's own does not know of column names.
    score = TargetLearner.score
    _registered = "multimodal_regressor"


class MultiLabelClassifier(ClassifierMixin, TargetEnsemble):
    """Predicts any number of labels a row, written ``a|b``; options as in ``MultimodalRegressor``.

    Members are classical classifiers of one label against the rest, and networks with a binary cross-entropy a label;
    they are weighed by log-loss. Cells may also be lists or sets of labels; an empty cell is no label.
    """

    kinds = "multilabel"
    score = TargetLearner.score
    _registered = "multimodal_labels"


class MultiTaskLearner(TargetEnsemble):
    """Predicts several targets at once, ``y`` a list of columns; other options as in ``MultimodalRegressor``.

    Networks have one body, and a head and a loss for each target; classical members answer each target by itself. They
    are weighed target by target. A row need not have every target.

    Args:
        task: The kind of each target, or one for all: ``auto``, ``classification``, ``multilabel``, ``regression``.
    """

    _registered = "multimodal_targets"

    def __init__(  # noqa: PLR0913  (scikit-learn estimators take each option by name)
        self,
        preset: str = "good",
        *,
        task: str | Sequence[str] = "auto",
        time_limit: float | str | None = None,
        inputs: InputSpecs | None = None,
        group: str | None = None,
        ignore: Sequence[str] = (),
        device: str = "auto",
        checkpoints: Path | str | None = None,
        random_state: int = 0,
    ) -> None:
        super().__init__(
            preset,
            time_limit=time_limit,
            inputs=inputs,
            group=group,
            ignore=ignore,
            device=device,
            checkpoints=checkpoints,
            random_state=random_state,
        )
        self.task = task

    @property
    def kinds(self) -> str | Sequence[str]:
        """As the option says."""
        return self.task
