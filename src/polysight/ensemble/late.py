"""LateFusionClassifier: one learner an input, their answers combined; the plainest honest multimodal baseline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self

import numpy as np
from jaxtyping import Float, Int
from sklearn.base import clone

from polysight.core.errors import ConfigError
from polysight.data.samples import Samples
from polysight.ensemble.product import ProductOfExperts
from polysight.learners import LEARNERS
from polysight.learners.base import InputSpecs, Learner
from polysight.learners.features import FeatureClassifier
from polysight.modalities import MODALITIES
from polysight.modalities.base import Modality


class LateFusionClassifier(Learner):
    """Fit one learner an input and combine their probabilities; an absent input is left out of the combination.

    Args:
        inputs: The inputs; None infers them from the table.
        learner: The unfitted learner cloned for each input; None is ``FeatureClassifier()``.
        combine: ``product`` (product of experts, corrected for the prior) or ``mean``.
        group: Column whose equal values never stand on both sides of an inner split.
        random_state: The seed of everything random.
    """

    def __init__(
        self,
        inputs: InputSpecs | None = None,
        *,
        learner: Learner | None = None,
        combine: Literal["product", "mean"] = "product",
        group: str | None = None,
        random_state: int = 0,
    ) -> None:
        self.inputs = inputs
        self.learner = learner
        self.combine = combine
        self.group = group
        self.random_state = random_state

    def fit_samples(
        self,
        samples: Samples,
        codes: Int[np.ndarray, " row"],
        *,
        inputs: Mapping[str, Modality],
        classes: int,
        groups: Int[np.ndarray, " row"] | None = None,
    ) -> Self:
        """Fit one learner on the rows that have each input; an input seen with one class only has none."""
        if self.combine not in ("product", "mean"):
            raise ConfigError(f"cannot combine by {self.combine!r}", where="combine", fix="product or mean")
        self.prior_ = (np.bincount(codes, minlength=classes) + 1.0) / (len(codes) + classes)
        self.learners_: dict[str, Learner] = {}
        for name, modality in inputs.items():
            rows = np.flatnonzero(samples.views[name].any_present)
            if len(np.unique(codes[rows])) < 2:
                continue
            base = FeatureClassifier(random_state=self.random_state) if self.learner is None else clone(self.learner)
            self.learners_[name] = base.fit_samples(
                samples.only([name]).take(rows),
                codes[rows],
                inputs={name: modality},
                classes=classes,
                groups=None if groups is None else groups[rows],
            )
        return self

    def predict_samples(self, samples: Samples) -> Float[np.ndarray, "row class"]:
        """The combination of what each row has; the prior where it has nothing."""
        names = list(self.learners_)
        if not names:
            return np.tile(self.prior_, (len(samples), 1))
        votes = np.stack([self.learners_[name].predict_samples(samples.only([name])) for name in names])
        there = np.stack([samples.views[name].any_present for name in names])[..., None]
        if self.combine == "mean":
            counts = there.sum(axis=0)
            return np.where(counts > 0, (votes * there).sum(axis=0) / np.maximum(counts, 1), self.prior_)
        # A vote equal to the prior is no evidence: that is what an absent input contributes.
        experts = dict(zip(names, np.where(there, votes, self.prior_), strict=True))
        return ProductOfExperts(self.prior_).transform(experts)

    def to_state(self) -> dict[str, Any]:
        """Everything predicting needs."""
        return {
            "kind": "late",
            "settings": self.settings(),
            "classes": getattr(self, "classes_", np.arange(len(self.prior_))),
            "inputs": {name: modality.to_state() for name, modality in getattr(self, "inputs_", {}).items()},
            "prior": self.prior_,
            "learners": {name: learner.to_state() for name, learner in self.learners_.items()},
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        self = cls(**state["settings"])
        self.classes_, self.prior_ = state["classes"], state["prior"]
        self.inputs_ = {n: MODALITIES.load(s["kind"]).from_state(s) for n, s in state["inputs"].items()}
        self.learners_ = {n: LEARNERS.load(s["kind"]).from_state(s) for n, s in state["learners"].items()}
        # A learner given is no plain data, but each fitted copy knows how it was made.
        if "learner" not in state["settings"] and self.learners_:
            self.learner = clone(next(iter(self.learners_.values())))
        return self
