"""What a modality is: a value that reads cells into a View, and the encoders and features that look at one."""

from __future__ import annotations

import dataclasses
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from numpy.typing import NDArray

from polysight.core.config import describe
from polysight.data.view import Cells, Matrix, View
from polysight.modalities.corruption import Corruption
from polysight.modalities.facts import Fact, Measure
from polysight.modalities.units import Units, Whole

#: Named arrays of a batch, first axis the row.
Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Match:
    """How likely a column belongs to a modality (0 to 1), the role it would play, and why."""

    score: float
    role: str = ""
    reason: str = ""


#: Feature sets: kinds in ``FEATURES``, or specs of them.
FeatureSpecs = tuple[str | Mapping[str, Any], ...]


@dataclass(frozen=True)
class Classical:
    """A classical learner: feature sets and the estimator on top, with the options that suit them.

    Attributes:
        features: Feature sets.
        estimator: A kind in ``ESTIMATORS``.
        options: Options of the estimator.
        least_rows: Not worth a try with fewer rows.
        most_rows: Nor with more.
        reason: Why it is, in a few words.
    """

    features: FeatureSpecs
    estimator: str
    options: Mapping[str, float] = field(default_factory=dict)
    least_rows: int = 0
    most_rows: float = math.inf
    reason: str = ""


@dataclass(frozen=True)
class Cost:
    """What a feature set costs, roughly, on two ordinary cores; what a plan reckons with.

    Attributes:
        derive: Milliseconds a row to derive, once for all folds and kept on disk.
        fold: Milliseconds a row to fit and transform, in each fold.
        fit: Seconds of fitting that do not depend on the rows, in each fold.
        columns: About how many numbers a row becomes.
        kilobytes: What is derived of a row.
    """

    derive: float = 0.5
    fold: float = 0.05
    fit: float = 0.0
    columns: int = 300
    kilobytes: float = 1.0


def learned(default: Any = None) -> Any:
    """A dataclass field for what ``fit`` learns: state, not configuration."""
    return field(default=default, repr=False, metadata={"learned": True})


@dataclass(frozen=True, kw_only=True)
class Modality(ABC):
    """One way of seeing a sample. A value: ``settle`` and ``fit`` return changed copies, never change ``self``.

    The life of an input: ``settle`` resolves automatic settings from the training cells (an image size, a
    sampling rate; never from labels); ``read`` turns cells into a View and learns nothing, so it is done once
    and shared by all folds; ``fit`` learns from the training rows of a fold (a vocabulary, a scale);
    ``transform`` prepares the arrays an encoder takes.

    Attributes:
        columns: The table's columns this input looks at; empty means the column named like the input.
    """

    kind: ClassVar[str]
    #: The encoder a network uses for this modality, a kind in ``ENCODERS``.
    default_encoder: ClassVar[str]
    #: Augmentations that hardly ever change a label; what ``augment=None`` means.
    label_safe: ClassVar[tuple[str, ...]] = ()
    #: Augmentations that keep the label on some data and not on others; an ensemble adds those validation likes.
    perhaps_safe: ClassVar[tuple[str, ...]] = ()
    #: Ways in which cells may be worse than in training, by name; see ``modalities.corruption``.
    corruptions: ClassVar[Mapping[str, Corruption]] = {}
    #: Whether a network over this modality alone is worth its time beside classical learners.
    network_alone: ClassVar[bool] = True
    #: What can be said of a cell in plain words; see ``facts``.
    measures: ClassVar[Mapping[str, Measure]] = {}

    columns: tuple[str, ...] = ()

    def with_columns(self, columns: Sequence[str]) -> Self:
        """A copy that looks at the given columns."""
        return dataclasses.replace(self, columns=tuple(columns))

    @classmethod
    @abstractmethod
    def sniff(cls, column: pd.Series, root: Any) -> Match:
        """How likely this column is mine, from its values alone."""

    def settle(self, cells: Cells) -> Self:
        """A copy with every automatic setting resolved from the training cells; labels play no part."""
        return self

    @abstractmethod
    def read(self, cells: Cells) -> View:
        """Read cells row by row. A cell that is empty or cannot be read is absent, with a Problem if unreadable."""

    def fit(self, view: View) -> Self:
        """A copy that has learned what ``transform`` needs from these (training) rows."""
        return self

    @abstractmethod
    def transform(self, view: View) -> Arrays:
        """The arrays the encoder takes, row by row; deterministic, tolerant of values never seen."""

    def place_names(self, view: View) -> tuple[str, ...]:
        """What the places of the first row's array are called, one after the other, where they have names.

        The array is the one in the ``sight`` of this modality's encoders; a place that holds nothing is called "".
        Places on a picture, or moments, have no names.
        """
        return ()

    def facts(self, view: View) -> tuple[Fact, ...]:
        """What is worth saying of cells like these in plain words, for rules; labels play no part."""
        return tuple(of.fact(name, column) for column in self.columns for name, of in self.measures.items())

    def measured(self, view: View, fact: Fact) -> Float[np.ndarray, " row"]:
        """A fact of each row as a number; NaN where its cell is missing."""
        slot = self.columns.index(fact.column) if view.present.shape[1] > 1 else 0
        values = np.asarray(self.measures[fact.measure].of(self, view, slot, fact.value), dtype=np.float64)
        return np.where(view.present[:, slot], values, np.nan)

    def values_in(self, view: View) -> Mapping[str, tuple[float | str, ...]]:
        """Values that occur in these rows, by column, where cells are single values one may set otherwise.

        Numbers come in order, at even ranks; categories most frequent first. Nothing for cells that are files or texts.
        """
        return {}

    def augmented(self, arrays: Arrays, rng: np.random.Generator) -> Arrays:
        """The arrays of a training batch, randomly changed in the ways the constructor names."""
        return arrays

    def units(self, row: View) -> Units:
        """The readable parts of one row, each of which can be hidden; none where it is absent.

        Args:
            row: A view of length one, of this modality once settled; what was learned plays no part.
        """
        return self.units_there(row.in_memory()) if row.any_present[0] else Whole.of(row)

    def units_there(self, row: View) -> Units:
        """The parts of a row that is not absent; a modality that does not say what they are has none."""
        return Whole.of(row)

    @property
    def augments(self) -> bool:
        """Whether ``augmented`` changes anything: it does not where the option ``augment`` is empty."""
        return type(self).augmented is not Modality.augmented and getattr(self, "augment", None) != ()

    def augmented_by(self, names: Sequence[str]) -> Self:
        """A copy whose training batches are changed in the named ways; for modalities with the option ``augment``."""
        changed: Self = dataclasses.replace(self, **{"augment": tuple(names)})
        return changed

    @property
    def work(self) -> float:
        """Rough cost of training the default encoder: milliseconds a sample and epoch on two cores."""
        return 0.5

    @property
    @abstractmethod
    def default_features(self) -> FeatureSpecs:
        """The feature sets that describe this modality well side by side with others; asked once it is settled."""

    @property
    @abstractmethod
    def compact_features(self) -> FeatureSpecs:
        """A short dense description of at most a few hundred numbers, for trees."""

    @property
    @abstractmethod
    def classical(self) -> tuple[Classical, ...]:
        """The classical learners that suit this modality alone, the one to try first first."""

    def to_state(self) -> dict[str, Any]:
        """Configuration and everything learned, as a tree of arrays and JSON."""
        state: dict[str, Any] = describe(self)
        state["columns"] = list(self.columns)
        state["learned"] = {
            f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.metadata.get("learned")
        }
        return state

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        return _from_state(cls, state)


@dataclass(frozen=True, kw_only=True)
class Features(ABC):
    """One float vector a sample from one view. A value: ``fit`` returns a fitted copy.

    What learns nothing is done in ``derive`` (heavy, row-wise, computed once and cached on disk); what learns
    (a dictionary, a vocabulary, a projection) is done in ``fit``/``transform``, inside the fold; what learns from
    labels is done in ``learn``.
    """

    kind: ClassVar[str]
    #: The modality whose views these features look at.
    modality: ClassVar[str]
    #: Whether ``derive`` is worth keeping on disk.
    cached: ClassVar[bool] = True
    #: Whether columns are to be brought to one scale; not where they hold NaN or codes, which only trees understand.
    scaled: ClassVar[bool] = True
    #: Whether ``learn`` looks at labels; what judges other learned parts must then be learned apart from it.
    from_labels: ClassVar[bool] = False

    @abstractmethod
    def derive(self, view: View) -> Matrix:
        """The row-wise part that learns nothing."""

    def cost(self, modality: Any) -> Cost:
        """What it costs to describe views of a settled modality."""
        return Cost()

    def derivation(self) -> dict[str, Any]:
        """What ``derive`` depends on: feature sets that are equal in it share what they derive."""
        return describe(self)

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """A copy that has learned from these (training) rows; absent rows are not among them."""
        return self

    def learn(
        self,
        derived: Matrix,
        codes: Int[np.ndarray, " row"],
        groups: Int[np.ndarray, " row"] | None,
        *,
        classes: int,
        seed: int = 0,
    ) -> tuple[Self, Matrix]:
        """Fit to training rows and describe them, for an estimator that is to be trained on the description.

        Feature sets that look at labels override this: the vectors of training rows must then be made without
        their own labels (cross-fitted, whole groups together), which ``transform`` of the fitted copy cannot do.

        Args:
            derived: What ``derive`` gave for the training rows.
            codes: The class of each row, 0 to ``classes - 1``.
            groups: The group of each row, or None when each row stands for itself.
            classes: How many classes there are; some may not be among these rows.
            seed: The seed of everything random.

        Returns:
            The fitted copy, whose ``transform`` is for new rows, and one vector for each of these rows.
        """
        fitted = self.fit(derived, seed=seed)
        return fitted, fitted.transform(derived)

    def transform(self, derived: Matrix) -> Matrix:
        """One vector a row (float32, dense or sparse)."""
        return derived

    def to_state(self) -> dict[str, Any]:
        """Configuration and everything learned, as a tree of arrays, JSON and scikit-learn parts."""
        state: dict[str, Any] = describe(self)
        state["learned"] = {
            f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.metadata.get("learned")
        }
        return state

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``."""
        return _from_state(cls, state)


def _from_state(cls: type[Any], state: Mapping[str, Any]) -> Any:
    options = {name: value for name, value in state.items() if name not in ("kind", "learned")}
    values = {name: tuple(v) if isinstance(v, list) else v for name, v in (options | state["learned"]).items()}
    return cls(**values)


def absent_rows_to_zero(matrix: Matrix, any_present: NDArray[np.bool_] | Sequence[bool]) -> Matrix:
    """The matrix with rows that have nothing present set to exactly zero."""
    keep = np.asarray(any_present, dtype=bool)
    if keep.all():
        return matrix
    if isinstance(matrix, np.ndarray):
        return np.where(keep.reshape(-1, *[1] * (matrix.ndim - 1)), matrix, np.zeros((), matrix.dtype))
    return matrix.multiply(keep[:, None].astype(matrix.dtype)).tocsr()
