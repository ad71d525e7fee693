"""FeatureClassifier: feature sets of every input, side by side, under one classical estimator (early fusion)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from jaxtyping import Float, Int

from polysight.core.devices import one_blas_thread
from polysight.core.errors import DataError
from polysight.core.randomness import derived_seed
from polysight.data.samples import Samples
from polysight.data.splits import Fold, folds, holdout
from polysight.data.view import Matrix
from polysight.learners.base import InputSpecs, Learner
from polysight.learners.blocks import Block, make_blocks, sets_by_input, with_derived
from polysight.learners.calibration import TemperatureScaling
from polysight.learners.estimators import as_spec, make_estimator
from polysight.learners.grids import candidates
from polysight.learners.joined import Joined
from polysight.learners.row_space import row_coordinates
from polysight.learners.search import Found, Part, Settings, search
from polysight.learners.support_vectors import SupportVectors
from polysight.learners.teacher import Teacher
from polysight.modalities import FEATURES, MODALITIES
from polysight.modalities.base import Features, Modality
from polysight.objectives.imbalance.base import remedy_for

#: Inner folds of a search: candidates learn from three quarters of the rows.
SEARCH_FOLDS = 4


class FeatureClassifier(Learner):
    """Features of each input, scaled block by block and joined, under a scikit-learn estimator.

    An absent input contributes zeros (the training mean) and, if any training row lacked it, an indicator column.
    Estimators without probabilities (support vectors) get them by temperature scaling on a held-out quarter of
    the training rows, whole groups together.

    Args:
        inputs: The inputs; None infers them from the table.
        features: Feature sets by input (kinds or specs); None takes each modality's defaults.
        estimator: A kind (``polysight info estimator``), a spec, or a scikit-learn classifier.
        tune: Compare a few settings of a kind of estimator inside the training rows (``grids``), take the simplest
            within one standard error of the best, and scale its temperature. What a spec sets stays as set.
        imbalance: What helps rare classes: a kind (``polysight info imbalance``) or a spec. Probabilities stay those of
            the class shares the table has; ``predict`` moves. Choosing the power of ``threshold`` costs four more fits
            of the estimator, on inner folds.
        group: Column whose equal values never stand on both sides of an inner split.
        random_state: The seed of everything random.
    """

    remedy_place: ClassVar[str] = "features"

    def __init__(
        self,
        inputs: InputSpecs | None = None,
        *,
        features: Mapping[str, Sequence[Any]] | None = None,
        estimator: Any = "logistic",
        tune: bool = False,
        imbalance: Any = None,
        group: str | None = None,
        random_state: int = 0,
    ) -> None:
        self.inputs = inputs
        self.features = features
        self.estimator = estimator
        self.tune = tune
        self.imbalance = imbalance
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
        """Learn features and estimator from samples already read, of which rows with nothing present teach nothing.

        A fold may leave a single class, or no row with the inputs it looks at: then every answer is the prior.

        Raises:
            ConfigError: An option does not fit.
        """
        teacher = self._teacher()
        self.n_classes_ = classes
        self.prior_ = (np.bincount(codes, minlength=classes) + 1.0) / (len(codes) + classes)
        self.joined_, self.scaler_, self.estimator_, self.decision_ = Joined(), None, None, None
        usable = np.flatnonzero(samples.present.any(axis=1))
        if len(np.unique(codes[usable])) < 2:
            return self
        if len(usable) < len(samples):
            samples, codes, groups = samples.take(usable), codes[usable], None if groups is None else groups[usable]
        blocks = make_blocks(inputs, self.features)
        # Not what ``transform`` gives: labels may have been learned from.
        self.joined_, matrix = Joined.learn(blocks, samples, codes, groups, classes=classes, seed=self.random_state)
        found = None
        if divisions := self._divisions(codes, groups, teacher):
            found = search(
                self._make_estimator,
                candidates(self.estimator, rows=len(codes), classes=classes) if self.tune else ({},),
                self._parts(samples, matrix, codes, groups, divisions),
                prior=self.prior_,
                groups=None if groups is None else np.concatenate([groups[judging] for _, judging in divisions]),
                teacher=teacher,
            )
            if self._scales():
                self.scaler_ = found.scaling
        self.estimator_ = teacher.taught(self._make_estimator(found.settings if found else {}), matrix, codes)
        self.decision_ = self._decision(teacher, found)
        return self

    def predict_samples(self, samples: Samples) -> Float[np.ndarray, "row class"]:
        """Probabilities; the training prior where nothing is present."""
        if self.estimator_ is None or not len(samples):
            return np.tile(self.prior_, (len(samples), 1))
        matrix = self.joined_.transform(samples)
        probabilities = self._teacher().answers(self.estimator_, matrix, prior=self.prior_)
        if self.scaler_ is not None:
            probabilities = self.scaler_.transform(probabilities)
        return np.where(self.joined_.present(samples)[:, None], probabilities, self.prior_)

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what its feature sets derive."""
        return with_derived(samples, sets_by_input(self.joined_.blocks))

    def feature_sets(self, inputs: Mapping[str, Modality]) -> dict[str, list[Features]]:
        """The feature sets this learner will look at, by input, so that what learns nothing is derived once."""
        return sets_by_input(make_blocks(inputs, self.features))

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
            "indicators": list(self.joined_.indicators),
            "temperature": None if self.scaler_ is None else self.scaler_.temperature_,
            "estimator": _estimator_state(self.estimator_),
            "decision": self.decision_,
            "blocks": [
                {"name": b.name, "features": b.features.to_state(), "mean": b.mean, "scale": b.scale}
                for b in self.joined_.blocks
            ],
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        self = cls(**state["settings"])
        self.classes_, self.n_classes_, self.prior_ = state["classes"], state["n_classes"], state["prior"]
        self.inputs_ = {n: MODALITIES.load(s["kind"]).from_state(s) for n, s in state["inputs"].items()}
        self.estimator_ = _estimator_of(state["estimator"])
        self.scaler_ = None if state["temperature"] is None else TemperatureScaling(state["temperature"])
        self.decision_ = state.get("decision")
        blocks = tuple(
            Block(b["name"], FEATURES.load(b["features"]["kind"]).from_state(b["features"]), b["mean"], b["scale"])
            for b in state["blocks"]
        )
        self.joined_ = Joined(blocks, tuple(state["indicators"]))
        return self

    def _make_estimator(self, settings: Settings) -> Any:
        spec = {**settings, **as_spec(self.estimator)} if settings else self.estimator
        return make_estimator(spec, derived_seed(self.random_state, "estimator") % 2**31)

    def _teacher(self) -> Teacher:
        return Teacher(remedy_for(self.imbalance, self.remedy_place), self.random_state)

    def _decision(self, teacher: Teacher, found: Found | None) -> Float[np.ndarray, " class"] | None:
        """The factors of the decision, learned on the rows that judged, if any did."""
        if teacher.remedy is None:
            return None
        if found is None:
            return teacher.remedy.decision(self.prior_)
        answers = found.answers if self.scaler_ is None else self.scaler_.transform(found.answers)
        return teacher.remedy.decision(self.prior_, answers, found.codes)

    def _scales(self) -> bool:
        """Whether probabilities get a temperature."""
        return self.tune or not hasattr(self._make_estimator({}), "predict_proba")

    def _divisions(
        self, codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None, teacher: Teacher
    ) -> list[Fold]:
        """The rows that teach and judge when settings, a temperature or a decision are looked for; else none."""
        judges = teacher.remedy is not None and teacher.remedy.judges
        if not judges and not self._scales():
            return []
        # Where groups cannot be parted, rows are: a temperature or a setting can do little harm.
        for apart in (groups, None):
            try:
                if self.tune or judges:
                    return folds(codes, apart, n=SEARCH_FOLDS, seed=derived_seed(self.random_state, "search"))
                return [holdout(codes, apart, fraction=0.25, seed=self.random_state)]
            except DataError:
                continue
        return []

    def _parts(
        self,
        samples: Samples,
        matrix: Matrix,
        codes: Int[np.ndarray, " row"],
        groups: Int[np.ndarray, " row"] | None,
        divisions: Sequence[Fold],
    ) -> list[Part]:
        """The matrix divided; what was learned from labels is learned anew from the teaching rows of each division."""
        if not self.joined_.from_labels:
            seen = row_coordinates(matrix, self._make_estimator({})) if len(divisions) > 1 else matrix
            return [Part(seen[rows], codes[rows], seen[judging], codes[judging]) for rows, judging in divisions]
        parts = []
        for rows, judging in divisions:
            apart = None if groups is None else groups[rows]
            seen, judge = self.joined_.divided(
                samples.take(rows),
                codes[rows],
                apart,
                samples.take(judging),
                classes=self.n_classes_,
                seed=self.random_state,
            )
            parts.append(Part(seen, codes[rows], judge, codes[judging]))
        return parts


def _estimator_state(estimator: Any) -> Any:
    """Our own estimators tell their state; scikit-learn's are parts the artifact knows how to save."""
    return estimator.to_state() if isinstance(estimator, SupportVectors) else estimator


def _estimator_of(state: Any) -> Any:
    return SupportVectors.from_state(state) if isinstance(state, Mapping) else state
