"""FeatureTargetLearner: feature sets of every input, side by side, under a classical estimator for each target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from jaxtyping import Int

from polysight.core.devices import one_blas_thread
from polysight.core.memo import remembering_here
from polysight.data.samples import Samples
from polysight.data.target_kinds.base import Answers, Truth
from polysight.data.target_kinds.several import Targets
from polysight.learners.blocks import make_blocks, sets_by_input
from polysight.learners.part_features import PARTS, PartFeatures
from polysight.learners.table_model import InputSpecs
from polysight.learners.target_learner import TargetLearner
from polysight.modalities.base import Features, Modality


class FeatureTargetLearner(TargetLearner):
    """Features of each input under a regressor (amounts), a classifier (classes) or one classifier a label.

    Args:
        inputs: The inputs; None infers them from the table.
        task: The kind of each target, or one for all: ``auto``, ``regression``, ``multilabel``, ``classification``.
        features: Feature sets by input (kinds or specs); None takes each modality's defaults.
        estimator: A kind (``polysight info estimator``; amounts take its counterpart in ``polysight info regressor``),
            a spec, or a scikit-learn estimator.
        group: Column whose equal values never stand on both sides of an inner split.
        random_state: The seed of everything random.
    """

    def __init__(
        self,
        inputs: InputSpecs | None = None,
        *,
        task: str | Sequence[str] = "auto",
        features: Mapping[str, Sequence[Any]] | None = None,
        estimator: Any = "logistic",
        group: str | None = None,
        random_state: int = 0,
    ) -> None:
        self.inputs = inputs
        self.task = task
        self.features = features
        self.estimator = estimator
        self.group = group
        self.random_state = random_state

    @property
    def kinds(self) -> str | Sequence[str]:
        """As the option says."""
        return self.task

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
        """Learn each target from the rows that have it."""
        self.targets_, self.prior_ = targets, targets.prior(truth)
        self.parts_: list[PartFeatures] = []
        with remembering_here():
            for part in targets:
                rows = np.flatnonzero(part.known(truth))
                learner = PARTS[part.target.kind](self.features, self.estimator, self.random_state)
                mine = None if groups is None else groups[rows]
                known = truth[rows][:, part.columns]
                self.parts_.append(learner.fit(samples.take(rows), known, part.target, inputs, mine))
        return self

    def predict_samples(self, samples: Samples) -> Answers:
        """Answers; the prior where nothing is there."""
        with remembering_here():
            answers = np.hstack([part.answer(samples) for part in self.parts_])
        return np.where(np.logical_or.reduce(samples.present, axis=1)[:, None], answers, self.prior_)

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what its feature sets derive."""
        for part in self.parts_:
            samples = part.prepared(samples)
        return samples

    def feature_sets(self, inputs: Mapping[str, Modality]) -> dict[str, list[Features]]:
        """The feature sets this learner will look at, by input, so that what learns nothing is derived once."""
        return sets_by_input(make_blocks(inputs, self.features))

    def to_state(self) -> dict[str, Any]:
        """Everything predicting needs."""
        common = self.common_state()
        # A scikit-learn estimator given by the user is a part like the fitted one.
        settings = {"estimator": self.estimator, **common["settings"]}
        parts = [part.to_state() for part in self.parts_]
        return {"kind": "target_features", **common, "settings": settings, "parts": parts}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        self = cls.from_common_state(state)
        each = zip(self.targets_, state["parts"], strict=True)
        self.parts_ = [PARTS[part.target.kind].from_state(saved) for part, saved in each]
        return self
