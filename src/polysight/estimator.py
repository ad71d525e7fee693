"""MultimodalClassifier: plans members, fits them out of fold, combines them, answers whatever is missing."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from jaxtyping import Float, Int

from polysight.advice.candidates import PlannedMember, candidates
from polysight.advice.facts import Facts
from polysight.advice.plan import Lister, Plan
from polysight.advice.presets import preset_of
from polysight.advice.remedied import remedied
from polysight.core.devices import one_blas_thread
from polysight.core.memo import remembering
from polysight.data.samples import Samples
from polysight.data.splits import Fold, repeated_folds
from polysight.ensemble.fold_store import FoldStore
from polysight.ensemble.kept_answers import kept_answers
from polysight.ensemble.leaderboard import answer_out_of_fold, judge
from polysight.ensemble.member import Member, fit_member
from polysight.ensemble.out_of_fold import places
from polysight.ensemble.recipe import Cookbook
from polysight.ensemble.recipe_learning import learn_recipes
from polysight.evaluation.studies.base import OutOfFold
from polysight.explain.cases import Cases
from polysight.explain.trained import TrainedNetwork
from polysight.explain.voice import Voice
from polysight.learners.augmentation import with_chosen_augmentations
from polysight.learners.base import InputSpecs, Learner
from polysight.modalities import MODALITIES
from polysight.modalities.base import Modality
from polysight.modalities.inputs import Task
from polysight.objectives.imbalance.base import remedy_of
from polysight.objectives.imbalance.threshold import Threshold
from polysight.planned import PlannedEnsemble


class MultimodalClassifier(PlannedEnsemble[Task, Member], Learner):
    """Chooses learners for the data at hand, fits them out of fold and combines them.

    Every member is fitted once a fold (whole groups together, classes balanced over folds), or several times with the
    folds divided differently where rows are few; the fold models are bagged. What works best is decided on
    out-of-fold rows by log-loss, separately for every set of inputs a row may have, so that any input may be missing
    when predicting. The result is never worse, on those rows, than the best single member.

    Args:
        preset: ``quick`` (classical learners on features), ``good`` (and networks) or ``best`` (more of them).
        time_limit: Seconds, or text such as ``"10m"``; default 1m, 10m or 60m by preset.
        inputs: The inputs; None infers them from the table.
        group: Column whose equal values never stand on both sides of a split.
        ignore: Columns that must not be inputs.
        imbalance: What helps rare classes: a kind (``polysight info imbalance``) or a spec. Members it acts on are
            taught with it, the others as ever. Probabilities, and everything chosen by them, stay those of the class
            shares the table has; ``predict`` divides them by a power of these, chosen out of fold for macro-recall.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        checkpoints: A folder that keeps finished folds; a second fit with the same data and settings goes on there.
        cases: Whether the saved model keeps, of at most 2,000 training rows, the class, the row number and what each
            input says of it, so that an explanation can show the nearest ones.
        random_state: The seed of everything random.
    """

    remedy_place: ClassVar[str] = "decision"

    def __init__(  # noqa: PLR0913  (scikit-learn estimators take each option by name)
        self,
        preset: str = "good",
        *,
        time_limit: float | str | None = None,
        inputs: InputSpecs | None = None,
        group: str | None = None,
        ignore: Sequence[str] = (),
        imbalance: Any = None,
        device: str = "auto",
        checkpoints: Path | str | None = None,
        cases: bool = True,
        random_state: int = 0,
    ) -> None:
        self.preset = preset
        self.time_limit = time_limit
        self.inputs = inputs
        self.group = group
        self.ignore = ignore
        self.imbalance = imbalance
        self.device = device
        self.checkpoints = checkpoints
        self.cases = cases
        self.random_state = random_state

    def fit_task(self, task: Task) -> Self:
        """Learn from a table already understood and read."""
        super().fit_task(task)
        if self.cases_ is not None:
            self.cases_ = self.cases_.numbered(task.rows)
        return self

    @one_blas_thread()
    def fit_samples(
        self,
        samples: Samples,
        codes: Int[np.ndarray, " row"],
        *,
        inputs: Mapping[str, Modality],
        classes: int,
        groups: Int[np.ndarray, " row"] | None = None,
    ) -> Self:
        """Plan, fit and combine.

        Raises:
            ConfigError: An option does not fit.
            TrainingError: No member could be fitted.
        """
        start = time.monotonic()
        self.prior_ = (np.bincount(codes, minlength=classes) + 1.0) / (len(codes) + classes)
        if preset_of(self.preset).steps:
            inputs = with_chosen_augmentations(samples, codes, groups, inputs, classes=classes, seed=self.random_state)
        self.plan_ = self._planned(Facts.of(samples, codes, groups, inputs=inputs, classes=classes))
        times = max(item.repeats for item in self.plan_.members)
        ways = repeated_folds(codes, groups, n=self.plan_.folds, repeats=times, seed=self.random_state)
        # The first way of dividing is everybody's; those planned with repeats go through the others too.
        self.splits_ = places(ways[0])
        shared = self._derived(samples, start)
        task = Task(shared, codes, np.arange(classes), groups, dict(inputs), np.arange(len(codes)))
        with remembering():
            members, entries = self._fit_members(task, ways, start)
        self.cookbook_ = learn_recipes(members, task, self.prior_)
        used = {name for recipe in self.cookbook_.recipes.values() for name in recipe.members}
        self.members_ = [member for member in members if member.name in used]
        self.leaderboard_ = judge(members, entries, self.cookbook_, task)
        self.decision_ = self._decision(members, task)
        self.out_of_fold_: OutOfFold | None = kept_answers(self.cookbook_, members, task, self.random_state)
        single = {n: answer_out_of_fold(self.cookbook_, members, task, frozenset({n})) for n in samples.names}
        self.best_single_ = max(single, key=lambda name: _accuracy(single[name], codes))
        self.cases_ = (
            Cases.of(single, samples.present, codes, self.prior_, seed=self.random_state) if self.cases else None
        )
        return self

    def predict_samples(self, samples: Samples) -> Float[np.ndarray, "row class"]:
        """Probabilities; each row is answered by the recipe for exactly the inputs it has."""
        names = tuple(samples.names)
        present = samples.present
        result = np.tile(self.cookbook_.prior, (len(samples), 1))
        for pattern in np.unique(present, axis=0):
            if not pattern.any():
                continue
            rows = np.flatnonzero((present == pattern).all(axis=1))
            recipe = self.cookbook_.recipe(frozenset(np.asarray(names)[pattern].tolist()))
            some = samples.take(rows)
            votes = {m.name: m.predict(some) for m in self.members_ if m.name in recipe.members}
            result[rows] = recipe.answer(votes, self.cookbook_.prior)
        return result

    def networks(self, rows: Samples) -> tuple[TrainedNetwork, ...]:
        """Those of the members whose votes the rows' recipes ask for."""
        names, needed = np.asarray(rows.names), set()
        for pattern in np.unique(rows.present[rows.present.any(axis=1)], axis=0):
            needed |= self.cookbook_.recipe(frozenset(names[pattern].tolist())).members
        mine = [(model, member.inputs) for member in self.members_ if member.name in needed for model in member.models]
        return tuple(network for model, inputs in mine for network in model.networks(rows.only(inputs)))

    def apart(self, row: Samples) -> Voice:
        """The answer to one row as a tree, down to the members and their encoders; the prior where nothing is there."""
        shown = frozenset(np.asarray(row.names)[row.present[0]].tolist())
        if not shown:
            return Voice("ensemble", (), self.cookbook_.prior)
        recipe = self.cookbook_.recipe(shown)
        voices = {m.name: m.apart(row) for m in self.members_ if m.name in recipe.members}
        return recipe.apart(voices, self.cookbook_.prior)

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what the members derive."""
        for member in self.members_:
            samples = member.models[0].prepared(samples)
        return samples

    def to_state(self) -> dict[str, Any]:
        """Everything predicting needs."""
        return {
            "kind": "multimodal",
            "settings": {**self.settings(), "checkpoints": None},
            "classes": getattr(self, "classes_", np.arange(len(self.prior_))),
            "inputs": {name: modality.to_state() for name, modality in getattr(self, "inputs_", {}).items()},
            "members": [member.to_state() for member in self.members_],
            "cookbook": self.cookbook_.to_state(),
            "leaderboard": self.leaderboard_,
            "best_single": self.best_single_,
            "stopped_by_time": self.stopped_by_time_,
            "decision": self.decision_,
            "out_of_fold": None if self.out_of_fold_ is None else self.out_of_fold_.to_state(),
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        self = cls(**state["settings"])
        self.classes_ = state["classes"]
        self.inputs_ = {n: MODALITIES.load(s["kind"]).from_state(s) for n, s in state["inputs"].items()}
        self.members_ = [Member.from_state(member) for member in state["members"]]
        self.cookbook_ = Cookbook.from_state(state["cookbook"])
        self.prior_ = self.cookbook_.prior
        self.leaderboard_, self.best_single_ = state["leaderboard"], state["best_single"]
        self.stopped_by_time_ = state["stopped_by_time"]
        self.decision_ = state.get("decision")
        kept = state.get("out_of_fold")
        self.out_of_fold_ = None if kept is None else OutOfFold.from_state(kept)
        return self

    def _planned(self, facts: Facts, lister: Lister = candidates) -> Plan:
        planned = super()._planned(facts, lister)
        return planned if self.imbalance is None else remedied(planned, remedy_of(self.imbalance))

    def _decision(self, members: Sequence[Member], task: Task) -> Float[np.ndarray, " class"] | None:
        """The factors of the final decision, learned out of fold; members say nothing of it but in their votes."""
        if self.imbalance is None:
            return None
        remedy = remedy_of(self.imbalance)
        final = remedy if "decision" in remedy.acts_on else Threshold()
        everything = frozenset(task.samples.names)
        return final.decision(self.prior_, answer_out_of_fold(self.cookbook_, members, task, everything), task.codes)

    def _fit_member(
        self, item: PlannedMember, task: Task, parts: Sequence[Fold], store: FoldStore, deadline: float
    ) -> Member:
        return fit_member(item.name, item.learner, item.inputs, task, parts, store, deadline)

    def _score(self, member: Member, task: Task) -> float:
        shown = member.judged(frozenset(member.inputs))
        return 0.0 if shown is None else _accuracy(shown, task.codes)

    def _truth_key(self, task: Task) -> Sequence[bytes]:
        return [task.codes.tobytes()]


def _accuracy(probabilities: Float[np.ndarray, "row class"], codes: Int[np.ndarray, " row"]) -> float:
    return float((probabilities.argmax(axis=1) == codes).mean())
