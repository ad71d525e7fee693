"""LateFusionClassifier: one learner an input, their answers combined; the plainest honest multimodal baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Self

import numpy as np
from jaxtyping import Bool, Float, Int
from sklearn.base import clone

from polysight.core.config import build
from polysight.core.devices import one_blas_thread
from polysight.core.errors import ConfigError, DataError
from polysight.data.samples import Samples
from polysight.data.splits import repeated_folds
from polysight.ensemble import COMBINERS
from polysight.ensemble.combiner import Combiner
from polysight.explain.trained import TrainedNetwork
from polysight.explain.voice import Voice
from polysight.learners import LEARNERS
from polysight.learners.base import InputSpecs, Learner
from polysight.learners.features import FeatureClassifier
from polysight.modalities import MODALITIES
from polysight.modalities.base import Modality

#: Inner folds on which a combiner learns.
FOLDS = 5
#: Fewer rows than the first number, and these folds are repeated as often as the second says.
REPEATS = ((300, 3), (600, 2))


class LateFusionClassifier(Learner):
    """Fit one learner an input and combine their probabilities; an absent input is left out of the combination.

    Args:
        inputs: The inputs; None infers them from the table.
        learner: The unfitted learner cloned for each input; None is ``FeatureClassifier()``.
        combine: A combiner: a kind (``polysight info combiner``), a spec or an unfitted ``Combiner``. ``product`` and
            ``mean`` learn nothing; the others learn on votes on rows left out of five inner folds (repeated where
            rows are few, whole groups together), which costs five further fits an input or more.
        group: Column whose equal values never stand on both sides of an inner split.
        random_state: The seed of everything random.
    """

    def __init__(
        self,
        inputs: InputSpecs | None = None,
        *,
        learner: Learner | None = None,
        combine: Any = "product",
        group: str | None = None,
        random_state: int = 0,
    ) -> None:
        self.inputs = inputs
        self.learner = learner
        self.combine = combine
        self.group = group
        self.random_state = random_state

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
        """Fit one learner on the rows that have each input; an input seen with one class only has none.

        Raises:
            ConfigError: No such combiner.
            DataError: There are too few rows, or groups, for the combiner.
        """
        self.prior_ = (np.bincount(codes, minlength=classes) + 1.0) / (len(codes) + classes)
        combiner = self._make_combiner()
        refused = combiner.refusal(codes, classes)
        if refused is not None:
            raise DataError(refused.reason, where="combine", fix=refused.fix)
        rows = np.arange(len(codes))
        self.learners_ = self._fit_learners(samples, codes, rows, inputs=inputs, classes=classes, groups=groups)
        if combiner.must_learn and self.learners_:
            votes, there = self._left_out(samples, codes, inputs=inputs, classes=classes, groups=groups)
            combiner.fit(votes, codes, there, groups=groups)
        self.combiner_ = combiner
        return self

    def predict_samples(self, samples: Samples) -> Float[np.ndarray, "row class"]:
        """The combination of what each row has; the prior where it has nothing."""
        if not self.learners_:
            return np.tile(self.prior_, (len(samples), 1))
        votes = {name: learner.predict_samples(samples.only([name])) for name, learner in self.learners_.items()}
        there = np.column_stack([samples.views[name].any_present for name in votes])
        return self.combiner_.transform(votes, there)

    def networks(self, rows: Samples) -> tuple[TrainedNetwork, ...]:
        """Those of the inputs' learners."""
        each = [(learner, rows.only([name])) for name, learner in self.learners_.items()]
        return tuple(network for learner, mine in each for network in learner.networks(mine))

    def apart(self, row: Samples) -> Voice:
        """What it says of one row, made of what the learner of each input says."""
        voices = {
            name: learner.apart(row.only([name]))
            for name, learner in self.learners_.items()
            if row.only([name]).present[0, 0]
        }
        parts = tuple(
            replace(voice, name=name, weight=self.combiner_.weight_of(name)) for name, voice in voices.items()
        )
        return Voice(
            type(self).__name__, tuple(voices), self.predict_samples(row)[0], how=self.combiner_.kind, parts=parts
        )

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what the learners derive."""
        for learner in self.learners_.values():
            samples = learner.prepared(samples)
        return samples

    def to_state(self) -> dict[str, Any]:
        """Everything predicting needs."""
        return {
            "kind": "late",
            "settings": self.settings(),
            "classes": getattr(self, "classes_", np.arange(len(self.prior_))),
            "inputs": {name: modality.to_state() for name, modality in getattr(self, "inputs_", {}).items()},
            "prior": self.prior_,
            "combiner": self.combiner_.to_state(),
            "learners": {name: learner.to_state() for name, learner in self.learners_.items()},
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        self = cls(**state["settings"])
        self.classes_, self.prior_ = state["classes"], state["prior"]
        self.inputs_ = {n: MODALITIES.load(s["kind"]).from_state(s) for n, s in state["inputs"].items()}
        self.learners_ = {n: LEARNERS.load(s["kind"]).from_state(s) for n, s in state["learners"].items()}
        self.combiner_ = COMBINERS.load(state["combiner"]["kind"]).from_state(state["combiner"])
        if "combine" not in state["settings"]:
            self.combine = clone(self.combiner_)
        # A learner given is no plain data, but each fitted copy knows how it was made.
        if "learner" not in state["settings"] and self.learners_:
            self.learner = clone(next(iter(self.learners_.values())))
        return self

    def _make_combiner(self) -> Combiner:
        made = build(COMBINERS, self.combine, where="combine")
        if not isinstance(made, Combiner):
            raise ConfigError(
                f"{self.combine!r} is no combiner", where="combine", fix=f"one of: {', '.join(COMBINERS)}"
            )
        return clone(made).set_params(prior=self.prior_)

    def _fit_learners(
        self,
        samples: Samples,
        codes: Int[np.ndarray, " row"],
        rows: Int[np.ndarray, " some"],
        *,
        inputs: Mapping[str, Modality],
        classes: int,
        groups: Int[np.ndarray, " row"] | None,
    ) -> dict[str, Learner]:
        """A learner for each input that these rows show with two classes or more."""
        learners = {}
        for name, modality in inputs.items():
            mine = rows[samples.views[name].any_present[rows]]
            if len(np.unique(codes[mine])) < 2:
                continue
            base = FeatureClassifier(random_state=self.random_state) if self.learner is None else clone(self.learner)
            learners[name] = base.fit_samples(
                samples.only([name]).take(mine),
                codes[mine],
                inputs={name: modality},
                classes=classes,
                groups=None if groups is None else groups[mine],
            )
        return learners

    def _left_out(
        self,
        samples: Samples,
        codes: Int[np.ndarray, " row"],
        *,
        inputs: Mapping[str, Modality],
        classes: int,
        groups: Int[np.ndarray, " row"] | None,
    ) -> tuple[dict[str, Float[np.ndarray, "row class"]], Bool[np.ndarray, "row input"]]:
        """Votes on rows by learners that never saw them, the mean over repeats, and which there are."""
        votes = {name: np.zeros((len(codes), classes)) for name in self.learners_}
        times = {name: np.zeros(len(codes)) for name in self.learners_}
        repeats = next((times for most, times in REPEATS if len(codes) < most), 1)
        ways = repeated_folds(codes, groups, n=FOLDS, repeats=repeats, seed=self.random_state)
        for train, judge in (fold for way in ways for fold in way):
            trial = self._fit_learners(samples, codes, train, inputs=inputs, classes=classes, groups=groups)
            for name in votes.keys() & trial.keys():
                rows = judge[samples.views[name].any_present[judge]]
                votes[name][rows] += trial[name].predict_samples(samples.only([name]).take(rows))
                times[name][rows] += 1
        means = {name: vote / np.maximum(times[name], 1)[:, None] for name, vote in votes.items()}
        return means, np.column_stack([times[name] > 0 for name in votes])
