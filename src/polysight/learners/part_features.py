"""Feature learners of one target, by its kind: a regressor, a classifier, or one classifier a label (one against rest).

They share what features learn (see ``memo``), so that a label more costs little more than its classifier.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from jaxtyping import Int

from polysight.core.randomness import derived_seed
from polysight.data.samples import Samples
from polysight.data.target_kinds.base import Answers, Target, Truth
from polysight.learners.amount_scale import AmountScale
from polysight.learners.blocks import Block, make_blocks, sets_by_input, with_derived
from polysight.learners.features import FeatureClassifier
from polysight.learners.fitting import taken
from polysight.learners.joined import Joined
from polysight.learners.kernel_ridge import KernelRidge
from polysight.learners.regressors import make_regressor
from polysight.modalities import FEATURES
from polysight.modalities.base import Modality

Groups = Int[np.ndarray, " row"] | None


class PartFeatures(ABC):
    """What answers one target from features; rows that teach have its cell."""

    @abstractmethod
    def fit(
        self, samples: Samples, truth: Truth, target: Target, inputs: Mapping[str, Modality], groups: Groups
    ) -> Self:
        """Learn."""

    @abstractmethod
    def answer(self, samples: Samples) -> Answers:
        """Answers; the prior where nothing is there."""

    @abstractmethod
    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what its feature sets derive."""

    @abstractmethod
    def to_state(self) -> Any:
        """Everything answering needs."""

    @classmethod
    @abstractmethod
    def from_state(cls, state: Any) -> Self:
        """The way back from ``to_state``."""


class AmountFeatures(PartFeatures):
    """Features of each input side by side under a regressor; see ``FeatureClassifier`` for how they are joined.

    Amounts are learned on a scale of their own (``AmountScale``).

    Args:
        features: Feature sets by input; None takes each modality's defaults.
        estimator: A kind of regressor or of classifier (whose counterpart is taken), a spec, or a regressor.
        seed: The seed of everything random.
    """

    def __init__(self, features: Mapping[str, Sequence[Any]] | None, estimator: Any, seed: int) -> None:
        self.features, self.estimator, self.seed = features, estimator, seed
        self.joined = Joined()
        self.fitted: Any = None

    def fit(
        self, samples: Samples, truth: Truth, target: Target, inputs: Mapping[str, Modality], groups: Groups
    ) -> Self:
        """Learn from rows in which something is there."""
        amounts = truth[:, 0]
        self.mean, self.scale = float(amounts.mean()), AmountScale.learn(amounts)
        usable = np.flatnonzero(samples.present.any(axis=1))
        if len(usable) < 2:
            return self
        strata = target.strata(truth[usable])
        # Feature sets that learn from classes learn from shares of the rows in order of amount.
        self.joined, matrix = Joined.learn(
            make_blocks(inputs, self.features),
            samples.take(usable),
            strata,
            None if groups is None else groups[usable],
            classes=int(strata.max()) + 1,
            seed=self.seed,
        )
        regressor = make_regressor(self.estimator, derived_seed(self.seed, "estimator") % 2**31)
        self.fitted = regressor.fit(taken(matrix, regressor), self.scale.forward(amounts[usable]))
        return self

    def answer(self, samples: Samples) -> Answers:
        """Amounts; the mean of training rows where nothing is there."""
        if self.fitted is None or not len(samples):
            return np.full((len(samples), 1), self.mean)
        matrix = self.joined.transform(samples)
        amounts = self.scale.back(self.fitted.predict(taken(matrix, self.fitted)))
        return np.where(self.joined.present(samples), amounts, self.mean)[:, None].astype(np.float64)

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what its feature sets derive."""
        return with_derived(samples, sets_by_input(self.joined.blocks))

    def to_state(self) -> Any:
        """Blocks, regressor and scale."""
        blocks = [
            {"name": b.name, "features": b.features.to_state(), "mean": b.mean, "scale": b.scale}
            for b in self.joined.blocks
        ]
        own = isinstance(self.fitted, KernelRidge)
        return {
            "mean": self.mean,
            "scale": self.scale.to_state(),
            "indicators": list(self.joined.indicators),
            "blocks": blocks,
            "regressor": self.fitted.to_state() if own else self.fitted,
        }

    @classmethod
    def from_state(cls, state: Any) -> Self:
        """The way back from ``to_state``."""
        self = cls(None, "ridge", 0)
        self.mean, self.scale = state["mean"], AmountScale.from_state(state["scale"])
        blocks = tuple(
            Block(b["name"], FEATURES.load(b["features"]["kind"]).from_state(b["features"]), b["mean"], b["scale"])
            for b in state["blocks"]
        )
        self.joined = Joined(blocks, tuple(state["indicators"]))
        saved = state["regressor"]
        self.fitted = KernelRidge.from_state(saved) if isinstance(saved, Mapping) else saved
        return self


class ClassFeatures(PartFeatures):
    """A ``FeatureClassifier``, or one for each label.

    Args:
        features: Feature sets by input; None takes each modality's defaults.
        estimator: A kind of classifier, a spec, or a classifier.
        seed: The seed of everything random.
    """

    def __init__(self, features: Mapping[str, Sequence[Any]] | None, estimator: Any, seed: int) -> None:
        self.features, self.estimator, self.seed = features, estimator, seed
        self.models: list[FeatureClassifier] = []

    def fit(
        self, samples: Samples, truth: Truth, target: Target, inputs: Mapping[str, Modality], groups: Groups
    ) -> Self:
        """One classifier that tells the classes apart."""
        self.models = [self._fitted(samples, truth[:, 0], target.answers, inputs, groups)]
        return self

    def answer(self, samples: Samples) -> Answers:
        """The probability of each class."""
        return self.models[0].predict_samples(samples)

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what its feature sets derive, which are the same for each classifier."""
        return self.models[0].prepared(samples)

    def to_state(self) -> Any:
        """The classifiers."""
        return {"models": [model.to_state() for model in self.models]}

    @classmethod
    def from_state(cls, state: Any) -> Self:
        """The way back from ``to_state``."""
        self = cls(None, "logistic", 0)
        self.models = [FeatureClassifier.from_state(model) for model in state["models"]]
        return self

    def _fitted(
        self, samples: Samples, codes: np.ndarray, classes: int, inputs: Mapping[str, Modality], groups: Groups
    ) -> FeatureClassifier:
        model = FeatureClassifier(features=self.features, estimator=self.estimator, random_state=self.seed)
        return model.fit_samples(samples, codes.astype(np.int64), inputs=inputs, classes=classes, groups=groups)


class LabelFeatures(ClassFeatures):
    """A classifier for each label against all rows without it."""

    def fit(
        self, samples: Samples, truth: Truth, target: Target, inputs: Mapping[str, Modality], groups: Groups
    ) -> Self:
        """One classifier a label."""
        self.models = [self._fitted(samples, column, 2, inputs, groups) for column in truth.T]
        return self

    def answer(self, samples: Samples) -> Answers:
        """The probability of each label."""
        return np.column_stack([model.predict_samples(samples)[:, 1] for model in self.models])


PARTS: Mapping[str, type[AmountFeatures] | type[ClassFeatures]] = {
    "classification": ClassFeatures,
    "multilabel": LabelFeatures,
    "regression": AmountFeatures,
}
