"""What a learner is: a scikit-learn classifier over a table of several inputs; samples in, probabilities out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from polysight import artifact
from polysight.core.errors import IncompatibleError, NotFittedError
from polysight.data.samples import Samples
from polysight.data.targets import groups_of, labels_of
from polysight.evaluation.evaluate import codes_of, evaluate_model
from polysight.evaluation.result import Evaluation
from polysight.learners import LEARNERS
from polysight.learners.specs import as_plain
from polysight.modalities.base import Modality
from polysight.modalities.inputs import Task, prepare, read_samples
from polysight.objectives.imbalance.base import Remedy
from polysight.objectives.imbalance.decision import choose

#: Inputs as users write them: a modality, or its spec as plain data.
InputSpecs = Mapping[str, Modality | Mapping[str, Any] | str]


class Learner(ClassifierMixin, BaseEstimator, ABC):
    """The common part of every learner: a table becomes samples, codes become labels.

    Subclasses write ``fit_samples`` and ``predict_samples``; ensembles call these two directly, so that files
    are read once for all members and folds.

    Attributes:
        classes_: The labels, sorted.
        inputs_: The inputs with every automatic setting resolved.
        prior_: How often each class occurs in training; the answer for a row in which nothing can be read.
        decision_: The factor of each class's probability where a class is chosen; None chooses the most probable.
    """

    #: Where a remedy against imbalance acts in this learner (see ``objectives.imbalance.base.PLACES``).
    remedy_place: ClassVar[str] = ""

    decision_: Float[np.ndarray, " class"] | None = None

    inputs: InputSpecs | None
    group: str | None
    random_state: int

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

    def save(self, folder: Path | str) -> None:
        """Write everything predicting needs into a folder: arrays, JSON and checked scikit-learn parts, no code."""
        self._check_fitted()
        artifact.write(Path(folder), self.to_state(), kind="model", facts={"classes": [str(c) for c in self.classes_]})

    @classmethod
    def load(cls, folder: Path | str, *, device: str | None = None) -> Self:
        """Read what ``save`` wrote; see ``load_model``.

        Raises:
            ArtifactError: Truncated, tampered with, written by a newer version, or another kind of learner.
        """
        model = load_model(folder, device=device)
        if not isinstance(model, cls):
            raise IncompatibleError(
                f"holds a {type(model).__name__}, not a {cls.__name__}",
                where=str(folder),
                fix="use polysight.load_model",
            )
        return model

    def read(self, X: pd.DataFrame, *, root: Path | str | None = None) -> Samples:
        """Read a table into samples with the inputs learned in ``fit``; absent columns are missing inputs."""
        self._check_fitted()
        return read_samples(self.inputs_, X, root=root)

    def settings(self) -> dict[str, Any]:
        """The constructor's arguments for the saved model: plain data as it is, inputs and features as specs."""
        options = self.get_params(deep=False)
        plain = (str, int, float, bool, list, tuple, type(None))
        kept = {name: value for name, value in options.items() if isinstance(value, plain)}
        told = {n: v for n, v in options.items() if isinstance(v, Mapping | Remedy)}
        return kept | {name: as_plain(value, where=name) for name, value in told.items()}

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

    @abstractmethod
    def to_state(self) -> dict[str, Any]:
        """Everything predicting needs, as a tree of arrays, JSON and scikit-learn parts."""

    @classmethod
    @abstractmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""

    def _check_fitted(self) -> None:
        try:
            check_is_fitted(self, "classes_")
        except ValueError:
            raise NotFittedError(f"this {type(self).__name__} is not fitted yet", fix="call fit first") from None


def load_model(folder: Path | str, *, device: str | None = None) -> Any:
    """Read any saved learner.

    Args:
        folder: What ``save`` wrote.
        device: Where its networks run: ``auto``, ``cpu``, ``cuda`` or ``mps``. None takes what the model was
            trained on, or what there is instead.

    Raises:
        ArtifactError: Truncated, tampered with, or written by a newer version.
        MissingFileError: There is no model.
        ConfigError: No such device, or not on this machine.
    """
    if device is not None:
        # Brings torch, which a model without networks answers without.
        from polysight.training.device import choose_device

        device = choose_device(device).type
    state = artifact.read(Path(folder))
    return LEARNERS.load(state["kind"]).from_state(state if device is None else _placed(state, device))


def _placed(state: Any, device: str) -> Any:
    """A state in which every learner, whatever it is part of, has a device."""
    if isinstance(state, list):
        return [_placed(part, device) for part in state]
    if not isinstance(state, dict):
        return state
    placed = {name: _placed(part, device) for name, part in state.items()}
    settings = placed.get("settings")
    if isinstance(settings, dict) and "device" in settings:
        placed["settings"] = {**settings, "device": device}
    return placed
