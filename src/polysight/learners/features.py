"""FeatureClassifier: feature sets of every input, side by side, under one classical estimator (early fusion)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import csr_array, hstack, issparse
from scipy.special import softmax

from polysight.core.errors import DataError
from polysight.core.randomness import derived_seed
from polysight.data.samples import Samples
from polysight.data.splits import Fold, holdout
from polysight.data.view import Matrix
from polysight.learners.base import InputSpecs, Learner
from polysight.learners.blocks import Block, join, make_blocks
from polysight.learners.calibration import TemperatureScaling
from polysight.learners.coupling import coupled_scores
from polysight.learners.estimators import make_estimator
from polysight.learners.row_space import fit_estimator
from polysight.modalities import FEATURES, MODALITIES
from polysight.modalities.base import Features, Modality


class FeatureClassifier(Learner):
    """Features of each input, scaled block by block and joined, under a scikit-learn estimator.

    An absent input contributes zeros (the training mean) and, if any training row lacked it, an indicator column.
    Estimators without probabilities (support vectors) get them by temperature scaling on a held-out quarter of
    the training rows, whole groups together.

    Args:
        inputs: The inputs; None infers them from the table.
        features: Feature sets by input (kinds or specs); None takes each modality's defaults.
        estimator: A kind (``polysight info estimator``), a spec, or a scikit-learn classifier.
        group: Column whose equal values never stand on both sides of an inner split.
        random_state: The seed of everything random.
    """

    def __init__(
        self,
        inputs: InputSpecs | None = None,
        *,
        features: Mapping[str, Sequence[Any]] | None = None,
        estimator: Any = "logistic",
        group: str | None = None,
        random_state: int = 0,
    ) -> None:
        self.inputs = inputs
        self.features = features
        self.estimator = estimator
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
        """Learn features and estimator from samples already read, of which rows with nothing present teach nothing.

        A fold may leave a single class, or no row with the inputs it looks at: then every answer is the prior.
        """
        self.n_classes_ = classes
        self.prior_ = (np.bincount(codes, minlength=classes) + 1.0) / (len(codes) + classes)
        self.blocks_, self.indicators_, self.scaler_, self.estimator_ = [], [], None, None
        unfitted = make_blocks(inputs, self.features)
        usable = np.flatnonzero(samples.present.any(axis=1))
        if len(np.unique(codes[usable])) < 2:
            return self
        if len(usable) < len(samples):
            samples, codes, groups = samples.take(usable), codes[usable], None if groups is None else groups[usable]
        seen = [block for block in unfitted if samples.views[block.name].any_present.any()]
        self.blocks_ = [block.fit(samples.views[block.name], self.random_state) for block in seen]
        self.indicators_ = sorted({b.name for b in self.blocks_ if not samples.views[b.name].any_present.all()})
        matrix = self._matrix(samples)
        estimator = self._make_estimator()
        if not hasattr(estimator, "predict_proba"):
            self.scaler_ = self._held_out_scaling(matrix, codes, _held_out(codes, groups, self.random_state))
        self.estimator_ = fit_estimator(estimator, _fitting(matrix, estimator), codes)
        return self

    def predict_samples(self, samples: Samples) -> Float[np.ndarray, "row class"]:
        """Probabilities; the training prior where nothing is present."""
        if self.estimator_ is None or not len(samples):
            return np.tile(self.prior_, (len(samples), 1))
        probabilities = self._probabilities(self.estimator_, self._matrix(samples))
        if self.scaler_ is not None:
            probabilities = self.scaler_.transform(probabilities)
        present = np.logical_or.reduce([samples.views[block.name].any_present for block in self.blocks_])
        return np.where(present[:, None], probabilities, self.prior_)

    def feature_sets(self, inputs: Mapping[str, Modality]) -> dict[str, list[Features]]:
        """The feature sets this learner will look at, by input, so that what learns nothing is derived once."""
        sets: dict[str, list[Features]] = {}
        for block in make_blocks(inputs, self.features):
            sets.setdefault(block.name, []).append(block.features)
        return sets

    def to_state(self) -> dict[str, Any]:
        """Everything predicting needs."""
        return {
            "kind": "features",
            # A scikit-learn estimator given by the user is a part like the fitted one.
            "settings": {"estimator": self.estimator, **self.settings()},
            "classes": getattr(self, "classes_", np.arange(self.n_classes_)),
            "inputs": {name: modality.to_state() for name, modality in getattr(self, "inputs_", {}).items()},
            "n_classes": self.n_classes_,
            "prior": self.prior_,
            "indicators": list(self.indicators_),
            "temperature": None if self.scaler_ is None else self.scaler_.temperature_,
            "estimator": self.estimator_,
            "blocks": [
                {"name": b.name, "features": b.features.to_state(), "mean": b.mean, "scale": b.scale}
                for b in self.blocks_
            ],
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        self = cls(**state["settings"])
        self.classes_, self.n_classes_, self.prior_ = state["classes"], state["n_classes"], state["prior"]
        self.inputs_ = {n: MODALITIES.load(s["kind"]).from_state(s) for n, s in state["inputs"].items()}
        self.indicators_, self.estimator_ = list(state["indicators"]), state["estimator"]
        self.scaler_ = None if state["temperature"] is None else TemperatureScaling(state["temperature"])
        self.blocks_ = [
            Block(b["name"], FEATURES.load(b["features"]["kind"]).from_state(b["features"]), b["mean"], b["scale"])
            for b in state["blocks"]
        ]
        return self

    def _matrix(self, samples: Samples) -> Matrix:
        matrix = join(self.blocks_, samples)
        if not self.indicators_:
            return matrix
        absent = np.column_stack([~samples.views[name].any_present for name in self.indicators_]).astype(np.float32)
        return csr_array(hstack([matrix, absent], format="csr")) if issparse(matrix) else np.hstack([matrix, absent])

    def _make_estimator(self) -> Any:
        return make_estimator(self.estimator, derived_seed(self.random_state, "estimator") % 2**31)

    def _probabilities(self, estimator: Any, matrix: Matrix) -> Float[np.ndarray, "row class"]:
        if hasattr(estimator, "predict_proba"):
            known = estimator.predict_proba(_fitting(matrix, estimator))
        else:
            known = softmax(_scores(estimator, _fitting(matrix, estimator)), axis=1)
        # A class that no row taught keeps its prior: not seen in training does not mean impossible.
        unseen = np.setdiff1d(np.arange(self.n_classes_), estimator.classes_)
        probabilities = np.tile(np.maximum(self.prior_, 1e-9), (matrix.shape[0], 1))
        probabilities[:, estimator.classes_] = np.maximum(known * (1 - self.prior_[unseen].sum()), 1e-9)
        return probabilities / probabilities.sum(axis=1, keepdims=True)

    def _held_out_scaling(
        self, matrix: Matrix, codes: Int[np.ndarray, " row"], parts: Fold | None
    ) -> TemperatureScaling:
        if parts is None:
            return TemperatureScaling()
        train, held_out = parts
        trial = self._make_estimator()
        fit_estimator(trial, _fitting(matrix, trial)[train], codes[train])
        return TemperatureScaling().fit(self._probabilities(trial, matrix[held_out]), codes[held_out])


def _held_out(codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None, seed: int) -> Fold | None:
    """A quarter of the rows and the others; None where each row is the only one of its class."""
    # Where groups cannot be held out whole, rows are: one temperature can do little harm.
    for apart in (groups, None):
        try:
            return holdout(codes, apart, fraction=0.25, seed=seed)
        except DataError:
            continue
    return None


def _scores(estimator: Any, matrix: Matrix) -> Float[np.ndarray, "row class"]:
    """One score a class from a classifier that gives decision values only."""
    decisions = estimator.decision_function(matrix)
    if decisions.ndim > 1 and getattr(estimator, "decision_function_shape", "ovr") == "ovr":
        return decisions
    return coupled_scores(decisions)


def _fitting(matrix: Matrix, estimator: Any) -> Matrix:
    """Dense where the estimator takes nothing else."""
    takes_sparse = getattr(estimator.__sklearn_tags__().input_tags, "sparse", False)
    return matrix if takes_sparse or isinstance(matrix, np.ndarray) else matrix.toarray()
