"""What a learner is: a scikit-learn classifier over a table of several inputs; samples in, probabilities out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy.typing import NDArray
from sklearn.base import ClassifierMixin

from polysight.data.samples import Samples
from polysight.data.target_kinds.classes import Classes
from polysight.data.target_kinds.several import Targets
from polysight.data.targets import groups_of, labels_of
from polysight.evaluation.evaluate import codes_of, evaluate_model, evaluate_variants
from polysight.evaluation.result import Evaluation
from polysight.evaluation.studies.base import Case, study
from polysight.evaluation.variants import Variants
from polysight.explain.cases import Cases
from polysight.explain.subject import OneClass
from polysight.explain.trained import TrainedNetwork
from polysight.explain.voice import Voice
from polysight.learners.table_model import InputSpecs, TableModel, Truth, load_model
from polysight.modalities.base import Modality
from polysight.modalities.inputs import Task, prepare
from polysight.objectives.imbalance.decision import choose

__all__ = ["InputSpecs", "Learner", "load_model"]


class Learner(ClassifierMixin, TableModel):
    """The common part of every classifier: a table becomes samples, codes become labels.

    Subclasses write ``fit_samples`` and ``predict_samples``; ensembles call these two directly, so that files
    are read once for all members and folds.

    Attributes:
        classes_: The labels, sorted.
        inputs_: The inputs with every automatic setting resolved.
        prior_: How often each class occurs in training; the answer for a row in which nothing can be read.
        decision_: The factor of each class's probability where a class is chosen; None chooses the most probable.
        cases_: Training rows that answers are set beside when they are explained; None keeps none.
        values_: Values that table cells have in training, by input and column, from which changed rows are made.
        rules_: What the model does in a few rules, and how well these do what it does; empty where none were learned.
        faithfulness_: How explanations of each input stood up to tests, by input; empty where they were not tested.
    """

    #: Where a remedy against imbalance acts in this learner (see ``objectives.imbalance.base.PLACES``).
    remedy_place: ClassVar[str] = ""

    decision_: Float[np.ndarray, " class"] | None = None
    cases_: Cases | None = None
    values_: Mapping[str, Mapping[str, Sequence[float | str]]] = MappingProxyType({})
    rules_: Mapping[str, Any] = MappingProxyType({})
    faithfulness_: Mapping[str, Mapping[str, Any]] = MappingProxyType({})

    def fit(
        self,
        X: pd.DataFrame,
        y: str | Sequence[Any] | NDArray[Any] | pd.Series,
        *,
        groups: Sequence[Any] | NDArray[Any] | None = None,
        root: Path | str | None = None,
    ) -> Self:
        """Learn from a table.

        Args:
            X: One row a sample; media cells are paths under ``root``.
            y: The target: a column name of ``X``, or one label a row.
            groups: Rows of one group never stand on both sides of an inner split; overrides ``group``.
            root: The folder relative paths start from (default: ``X.attrs["root"]``, then the working directory).

        Raises:
            DataError: The table, its labels or all its files are unusable.
            ConfigError: An option does not fit.
        """
        ignore = getattr(self, "ignore", ())
        task = prepare(X, y, inputs=self.inputs, group=self.group, groups=groups, ignore=ignore, root=root)
        return self.fit_task(task)

    def fit_task(self, task: Task) -> Self:
        """Learn from a table already understood and read."""
        self.classes_: NDArray[Any] = task.classes
        self.inputs_: dict[str, Modality] = task.inputs
        self.feature_names_in_ = np.asarray(task.columns, dtype=object)
        self.n_features_in_ = len(task.columns)
        self.fit_samples(task.samples, task.codes, inputs=task.inputs, classes=len(task.classes), groups=task.groups)
        seen = {name: modality.values_in(task.samples.views[name]) for name, modality in task.inputs.items()}
        self.values_ = {name: values for name, values in seen.items() if values}
        return self

    def predict_proba(self, X: pd.DataFrame, *, root: Path | str | None = None) -> Float[np.ndarray, "row class"]:
        """The probability of each class, in the order of ``classes_``; any inputs may be missing."""
        self._check_fitted()
        return self.predict_samples(self.read(X, root=root))

    def predict(self, X: pd.DataFrame, *, root: Path | str | None = None) -> NDArray[Any]:
        """The label of each row: the most probable one, or with a remedy against imbalance that of ``choose``."""
        chosen = self.choose(self.predict_proba(X, root=root))
        return self.classes_[chosen]

    def choose(self, probabilities: Float[np.ndarray, "row class"]) -> Int[np.ndarray, " row"]:
        """The position in ``classes_`` of the class said of each row, given its probabilities."""
        return choose(probabilities, self.decision_)

    def score(
        self, X: pd.DataFrame, y: str | Sequence[Any] | NDArray[Any] | pd.Series, sample_weight: Any = None
    ) -> float:
        """Accuracy; ``y`` may be a column name of ``X``."""
        truth = labels_of(X, y).to_numpy()
        return float(np.average(self.predict(X) == truth, weights=sample_weight))

    def evaluate(
        self,
        X: pd.DataFrame,
        y: str | Sequence[Any] | NDArray[Any] | pd.Series,
        *,
        groups: Sequence[Any] | NDArray[Any] | None = None,
        root: Path | str | None = None,
    ) -> Evaluation:
        """Every metric with its 95 % interval, single-input and majority baselines, and each input missing.

        Args:
            X: A table the model has not seen.
            y: The truth: a column name of ``X``, or one label a row. Rows without a label are left out.
            groups: Rows of one group are drawn together when intervals are made; default: the model's ``group``
                column, where the table has it.
            root: The folder relative paths start from.
        """
        labels = labels_of(X, y)
        group_codes = groups_of(X, self.group if self.group in X.columns else None, groups)
        rows = np.flatnonzero(labels.notna())
        return evaluate_model(
            self,
            self.read(X, root=root).take(rows),
            codes_of(labels.iloc[rows].to_numpy(), self.classes_),
            groups=None if group_codes is None else group_codes[rows],
            best_single=getattr(self, "best_single_", None),
        )

    def variants(self, samples: Samples) -> Variants:
        """Probabilities with all inputs, with each alone and with each missing."""
        return Variants.predict(self, samples)

    def assess(
        self, variants: Variants, expected: Int[np.ndarray, " row"], *, groups: NDArray[Any] | None, seed: int = 0
    ) -> Evaluation:
        """The numbers about probabilities that have been made already; ``expected`` holds codes, -1 for unknown."""
        best = getattr(self, "best_single_", None)
        return evaluate_variants(variants, expected, self.classes_, groups=groups, seed=seed, best_single=best)

    def studied(self, judged: Case, kinds: Iterable[str] | None = None) -> dict[str, Any]:
        """The answers of studies about rows this classifier has not seen; by default of all."""
        return study(judged, kinds)

    def networks(self, rows: Samples) -> tuple[TrainedNetwork, ...]:
        """The networks that take part in the answers to such rows, for explanations to look into."""
        return ()

    def explained(self, about: str | None) -> tuple[Self, OneClass]:
        """Itself, and the class asked about or else the one it chooses."""
        classes = Classes("", tuple(self.classes_.tolist()))
        asked = None if about is None else Targets((classes,)).find(about)[1]
        return self, OneClass(classes, asked, self.decision_)

    def stamped(self, studies: Mapping[str, Any]) -> None:
        """Keep rules and the tests of explanations, to be told beside each explanation."""
        self.rules_, self.faithfulness_ = studies.get("rules", {}), studies.get("faithfulness", {})

    def saved_state(self) -> dict[str, Any]:
        """The state, and what explanations need beside it."""
        explaining = {
            "cases": None if self.cases_ is None else self.cases_.to_state(),
            "values": {name: {column: list(seen) for column, seen in of.items()} for name, of in self.values_.items()},
            "rules": dict(self.rules_),
            "faithfulness": dict(self.faithfulness_),
        }
        return {**self.to_state(), "explaining": explaining}

    @classmethod
    def from_saved_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``saved_state``; models saved before there were explanations have less to explain with."""
        self = cls.from_state(state)
        if explaining := state.get("explaining"):
            self.cases_ = None if explaining["cases"] is None else Cases.from_state(explaining["cases"])
            self.values_ = explaining["values"]
            self.rules_, self.faithfulness_ = explaining["rules"], explaining["faithfulness"]
        return self

    def apart(self, row: Samples) -> Voice:
        """What it says of one row already read, and what that was made of; of most learners nothing is to be seen."""
        heard = tuple(np.asarray(row.names)[row.present[0]].tolist())
        return Voice(type(self).__name__, heard, self.predict_samples(row)[0])

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what answering derives from them, where many questions about them are to come."""
        return samples

    def told(
        self, answers: Float[np.ndarray, "row class"], factors: Float[np.ndarray, "row class"] | None = None
    ) -> dict[str, NDArray[Any]]:
        """Probabilities as columns of a table of predictions."""
        chosen = choose(answers, self.decision_ if factors is None else factors)
        probabilities = {f"probability_{name}": answers[:, place] for place, name in enumerate(self.classes_)}
        return {"prediction": self.classes_[chosen], **probabilities}

    def truth_in(self, X: pd.DataFrame, y: Any) -> Truth:
        """The labels of a table: their codes, and as they are written."""
        return classes_in(X, y, self.classes_)

    def facts(self) -> dict[str, Any]:
        """What a saved model says of itself without being loaded."""
        return {"classes": [str(name) for name in self.classes_]}

    @abstractmethod
    def fit_samples(
        self,
        samples: Samples,
        codes: Int[np.ndarray, " row"],
        *,
        inputs: Mapping[str, Modality],
        classes: int,
        groups: Int[np.ndarray, " row"] | None = None,
    ) -> Self:
        """Learn from samples already read; ``codes`` are positions in ``classes_``."""

    @abstractmethod
    def predict_samples(self, samples: Samples) -> Float[np.ndarray, "row class"]:
        """Probabilities (float64, rows sum to one) of samples already read."""


def classes_in(X: pd.DataFrame, y: Any, classes: NDArray[Any]) -> Truth:
    """The labels of a table: their positions in ``classes`` (-1 for unknown ones), and as they are written.

    Raises:
        MissingColumnError: The table lacks the target.
    """
    labels = labels_of(X, y)
    there = labels.notna().to_numpy()
    truth = np.asarray(labels[there].tolist())
    return Truth(codes_of(truth, classes), {"target": truth}, there)
