"""What a learner of any target is: samples and truths in, answers out - an amount, labels, classes, or several."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy.typing import NDArray

from polysight.core.errors import LabelError
from polysight.core.events import emit
from polysight.data.samples import Samples
from polysight.data.target_kinds.base import Answers, Truth
from polysight.data.target_kinds.several import Part, Targets
from polysight.data.targets import groups_of
from polysight.evaluation.evaluate_targets import evaluate_targets
from polysight.evaluation.target_result import TargetsEvaluation
from polysight.evaluation.target_scores import SCORED, SCORES
from polysight.evaluation.variants import TargetVariants, Variants
from polysight.explain.subject import SUBJECTS, Subject
from polysight.explain.voice import Voice
from polysight.learners.one_target import OneTarget
from polysight.learners.table_model import TableModel
from polysight.learners.table_model import Truth as Told
from polysight.modalities import MODALITIES
from polysight.modalities.base import Modality
from polysight.modalities.target_task import TargetTask, prepare_targets, target_cells, written_as


class TargetLearner(TableModel):
    """The common part of learners of targets of any kind.

    Subclasses write ``fit_samples`` and ``predict_samples``; ensembles call these two directly, so that files
    are read once for all members and folds.

    Attributes:
        targets_: What is predicted.
        prior_: What is said about a row in which nothing can be read.
    """

    targets_: Targets
    prior_: Float[np.ndarray, " answer"]

    @property
    @abstractmethod
    def kinds(self) -> str | Sequence[str]:
        """The kind of each target, or one for all of them: names in ``TARGETS``, or ``auto``."""

    def fit(
        self,
        X: pd.DataFrame,
        y: Any,
        *,
        groups: Sequence[Any] | NDArray[Any] | None = None,
        root: Path | str | None = None,
    ) -> Self:
        """Learn from a table.

        Args:
            X: One row a sample; media cells are paths under ``root``.
            y: What to predict: a column name of ``X``, a list of several, or one cell a row. Rows without any are
                not learned from.
            groups: Rows of one group never stand on both sides of an inner split; overrides ``group``.
            root: The folder relative paths start from (default: ``X.attrs["root"]``, then the working directory).

        Raises:
            DataError: The table, its target or all its files are unusable.
            ConfigError: An option does not fit.
        """
        task = prepare_targets(
            X,
            y,
            kinds=self.kinds,
            inputs=self.inputs,
            group=self.group,
            groups=groups,
            ignore=getattr(self, "ignore", ()),
            root=root,
        )
        return self.fit_task(task)

    def fit_task(self, task: TargetTask) -> Self:
        """Learn from a table already understood and read."""
        self.inputs_ = task.inputs
        self.feature_names_in_ = np.asarray(task.columns, dtype=object)
        self.n_features_in_ = len(task.columns)
        return self.fit_samples(task.samples, task.truth, targets=task.targets, inputs=task.inputs, groups=task.groups)

    def predict(self, X: pd.DataFrame, *, root: Path | str | None = None) -> NDArray[Any] | pd.DataFrame:
        """The cell each row should have: an array for one target, a data frame for several; inputs may be missing."""
        decoded = self.targets_of().decode(self.predict_samples(self.read(X, root=root)))
        return decoded.iloc[:, 0].to_numpy() if decoded.shape[1] == 1 else decoded.set_index(X.index)

    def predict_proba(self, X: pd.DataFrame, *, root: Path | str | None = None) -> dict[str, pd.DataFrame]:
        """For each target with classes or labels their probabilities, one column each."""
        answers = self.predict_samples(self.read(X, root=root))
        found = {}
        for part in self.targets_of():
            details = part.target.details(answers[:, part.answers])
            if details:
                columns = {name.removeprefix("probability_"): values for name, values in details.items()}
                found[part.target.name] = pd.DataFrame(columns, index=X.index)
        return found

    def score(self, X: pd.DataFrame, y: Any, sample_weight: NDArray[Any] | None = None) -> float:
        """R2, accuracy, or the share of rows with every label right; of several targets the mean."""
        cells = self.cells_of(X, y)
        truth, answers = self.targets_of().encode(cells), self.predict_samples(self.read(X))
        weights = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, dtype=np.float64)
        values = []
        for part in self.targets_of():
            rows = part.known(truth)
            scores = SCORES[part.target.kind](part.target, truth[rows][:, part.columns], answers[rows][:, part.answers])
            values.append(scores(weights[rows][:, None])[SCORED[part.target.kind]][0])
        return float(np.mean(values))

    def evaluate(
        self,
        X: pd.DataFrame,
        y: Any,
        *,
        groups: Sequence[Any] | NDArray[Any] | None = None,
        root: Path | str | None = None,
    ) -> TargetsEvaluation:
        """Every metric with its 95 % interval, each input alone, an answer that looks at nothing, each input missing.

        Args:
            X: A table the model has not seen.
            y: The truth, as in ``fit``. Rows without any are left out.
            groups: Rows of one group are drawn together when intervals are made; default: the model's ``group``
                column, where the table has it.
            root: The folder relative paths start from.
        """
        samples, truth = self.read(X, root=root), self.truth_in(X, y)
        codes = groups_of(X, self.group if self.group in X.columns else None, groups)
        rows = np.flatnonzero(truth.there)
        mine = None if codes is None else codes[rows]
        return self.assess(self.variants(samples.take(rows)), truth.expected, groups=mine)

    def variants(self, samples: Samples) -> TargetVariants:
        """Answers with all inputs, with each alone and with each missing."""
        return TargetVariants.predict(self, samples)

    def assess(
        self, variants: Variants, expected: Truth, *, groups: NDArray[Any] | None, seed: int = 0
    ) -> TargetsEvaluation:
        """The numbers about answers that have been made already."""
        best = getattr(self, "best_single_", None)
        return evaluate_targets(self.targets_of(), variants, expected, groups=groups, seed=seed, best_single=best)

    def told(self, answers: Answers, factors: None = None) -> dict[str, NDArray[Any]]:
        """``prediction`` and ``probability_<class>``; of several targets with ``_<name>`` after the first word."""
        found: dict[str, NDArray[Any]] = {}
        for part in self.targets_:
            mine, suffix = answers[:, part.answers], "" if self.targets_.single else f"_{part.target.name}"
            found[f"prediction{suffix}"] = part.target.decode(mine)
            for name, values in part.target.details(mine).items():
                found[name.replace("probability", f"probability{suffix}", 1)] = values
        return found

    def truth_in(self, X: pd.DataFrame, y: Any) -> Told:
        """The target cells of a table, as numbers and as they are written."""
        cells = self.cells_of(X, y)
        truth = self.targets_.encode(cells)
        there = np.logical_or.reduce([part.known(truth) for part in self.targets_])
        for target in self.targets_.targets:
            if unseen := target.unseen(cells[target.name]):
                emit("labels_unseen", target=target.name, labels=unseen)
        return Told(truth[there], written_as(cells[there]), there)

    def cells_of(self, X: pd.DataFrame, y: Any) -> pd.DataFrame:
        """The target cells of a table under the names of this model's targets.

        Raises:
            LabelError: There are more or fewer targets than the model predicts.
        """
        cells, names = target_cells(X, y), self.targets_of().names
        if cells.shape[1] != len(names):
            raise LabelError(f"{cells.shape[1]} targets, the model predicts {len(names)}", where=", ".join(names))
        return cells if set(cells) == set(names) else cells.set_axis(list(names), axis=1)

    def explained(self, about: str | None) -> tuple[OneTarget, Subject]:
        """One of the targets, by default the first, and which of its classes or labels, if that is asked."""
        part, asked = next(iter(self.targets_)), None
        if about is not None:
            part, asked = self.targets_.find(about)
        return OneTarget(self, part), SUBJECTS[part.target.kind](part.target, asked)

    def apart(self, row: Samples, part: Part) -> Voice:
        """What it says of one target of one row already read, and what that was made of; of most nothing is seen."""
        heard = tuple(np.asarray(row.names)[row.present[0]].tolist())
        return Voice(type(self).__name__, heard, self.predict_samples(row)[0, part.answers])

    def prepared(self, samples: Samples) -> Samples:
        """The same samples with what answering derives from them, where many questions about them are to come."""
        return samples

    def targets_of(self) -> Targets:
        """What is predicted.

        Raises:
            NotFittedError: Nothing has been learned yet.
        """
        self._check_fitted()
        return self.targets_

    def facts(self) -> dict[str, Any]:
        """What a saved model says of itself without being loaded."""
        return {"targets": {part.target.name: part.target.kind for part in self.targets_}}

    @abstractmethod
    def fit_samples(
        self,
        samples: Samples,
        truth: Truth,
        *,
        targets: Targets,
        inputs: Mapping[str, Modality],
        groups: Int[np.ndarray, " row"] | None = None,
    ) -> Self:
        """Learn from samples already read; sets ``targets_`` and ``prior_``."""

    @abstractmethod
    def predict_samples(self, samples: Samples) -> Answers:
        """Answers (float64) to samples already read; the prior where nothing is there."""

    def common_state(self) -> dict[str, Any]:
        """The part of a state that all such learners have."""
        return {
            "settings": self.settings(),
            "targets": self.targets_.to_state(),
            "prior": self.prior_,
            "inputs": {name: modality.to_state() for name, modality in getattr(self, "inputs_", {}).items()},
        }

    @classmethod
    def from_common_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``common_state``."""
        self = cls(**state["settings"])
        self.targets_, self.prior_ = Targets.from_state(state["targets"]), state["prior"]
        self.inputs_ = {n: MODALITIES.load(s["kind"]).from_state(s) for n, s in state["inputs"].items()}
        return self
