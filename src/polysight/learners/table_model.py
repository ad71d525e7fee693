"""What every model over a table has in common: it reads a table, is saved and loaded, and knows its settings."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from polysight import artifact
from polysight.core.errors import IncompatibleError, NotFittedError
from polysight.data.samples import Samples
from polysight.evaluation.studies.base import Case
from polysight.evaluation.variants import Variants
from polysight.explain.explanation import Explanation
from polysight.explain.row import Explainable, explain_row
from polysight.explain.subject import Subject
from polysight.learners import LEARNERS
from polysight.learners.specs import as_plain
from polysight.modalities.base import Modality
from polysight.modalities.inputs import cells_of, read_samples
from polysight.objectives.imbalance.base import Remedy

#: Inputs as users write them: a modality, or its spec as plain data.
InputSpecs = Mapping[str, Modality | Mapping[str, Any] | str]


class Truth(NamedTuple):
    """The truth in a table.

    Attributes:
        expected: What answers are compared with, for the rows that have a truth.
        written: The same as the table writes it, as columns of a table of predictions.
        there: Which rows of the table have one.
    """

    expected: NDArray[Any]
    written: dict[str, NDArray[Any]]
    there: NDArray[np.bool_]


class TableModel(BaseEstimator, ABC):
    """A scikit-learn estimator over a table of several inputs; what it predicts is the subclasses' affair.

    Attributes:
        inputs_: The inputs with every automatic setting resolved.
    """

    inputs: InputSpecs | None
    group: str | None
    random_state: int
    inputs_: dict[str, Modality]

    def save(self, folder: Path | str) -> None:
        """Write everything predicting needs into a folder: arrays, JSON and checked scikit-learn parts, no code."""
        self._check_fitted()
        artifact.write(Path(folder), self.saved_state(), kind="model", facts=self.facts())

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
    def variants(self, samples: Samples) -> Variants:
        """Answers with all inputs, with each alone and with each missing."""

    @abstractmethod
    def assess(self, variants: Any, expected: Any, *, groups: NDArray[Any] | None, seed: int = 0) -> Any:
        """The numbers about answers that have been made already."""

    def studied(self, judged: Case, kinds: Iterable[str] | None = None) -> dict[str, Any]:
        """The answers of studies about rows it has not seen, by kind; nothing where a task has none.

        Args:
            judged: The rows and what was answered to them.
            kinds: Which studies; None runs all.
        """
        return {}

    def explain(
        self,
        X: pd.DataFrame,
        *,
        about: str | None = None,
        root: Path | str | None = None,
        methods: Sequence[str] | None = None,
        cases: bool = True,
    ) -> Explanation:
        """Why this model says what it says of one row: what each input did, what is in it, who voted how.

        Args:
            X: A table of one row, such as ``test.iloc[[0]]``; any inputs may be missing.
            about: What is explained, where a model says several things of a row: a target, a label, or a class other
                than the predicted one. None takes the first target; of labels the most probable, of classes the
                predicted one.
            root: The folder relative paths start from; see ``fit``.
            methods: The explainers that look inside inputs (``polysight info explainer``); None takes those that
                belong to every explanation, an empty sequence none.
            cases: Whether to show the nearest training rows, where the model keeps some.

        Raises:
            DataError: There is not exactly one row, or nothing in it can be read.
            ConfigError: No such explainer, or nothing is called as ``about`` says.
        """
        samples = self.read(X, root=root)
        model, subject = self.explained(about)
        return explain_row(model, subject, cells_of(self.inputs_, X, root=root), samples, methods=methods, cases=cases)

    @abstractmethod
    def explained(self, about: str | None) -> tuple[Explainable, Subject]:
        """The model as explanations ask it, and what they are about.

        Args:
            about: A target, class or label; None leaves it to the answer.

        Raises:
            ConfigError: Nothing is called so.
        """

    @abstractmethod
    def told(self, answers: Any, factors: Any = None) -> dict[str, NDArray[Any]]:
        """Answers as columns of a table of predictions.

        Args:
            answers: The answers.
            factors: Where they are of several models: the factors each row's model chooses a class by, if any.
        """

    @abstractmethod
    def truth_in(self, X: pd.DataFrame, y: Any) -> Truth:
        """The truth in a table, as this model is judged by it.

        Raises:
            MissingColumnError: The table lacks the target.
        """

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """What a saved model says of itself without being loaded."""

    @abstractmethod
    def to_state(self) -> dict[str, Any]:
        """Everything predicting needs, as a tree of arrays, JSON and scikit-learn parts."""

    @classmethod
    @abstractmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""

    def saved_state(self) -> dict[str, Any]:
        """What is written to disk: the state, and what belongs to a whole model but not to a member of one."""
        return self.to_state()

    @classmethod
    def from_saved_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``saved_state``."""
        return cls.from_state(state)

    def stamped(self, studies: Mapping[str, Any]) -> None:
        """Keep what studies of rows it has not seen found, where answers or explanations tell of it; here nowhere."""

    def _check_fitted(self) -> None:
        try:
            check_is_fitted(self, "inputs_")
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
    return LEARNERS.load(state["kind"]).from_saved_state(state if device is None else _placed(state, device))


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
