"""Table columns as one vector: one-hot and scaled for linear models, ordinal and untouched for trees."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, cast

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from polysight.core.errors import NotFittedError
from polysight.data.view import Matrix, View
from polysight.modalities.base import Cost, Features, learned
from polysight.modalities.tabular.coding import FIRST, MISSING, OTHER, codes, levels_of
from polysight.modalities.tabular.scaling import normal_scores, quantiles_of


@dataclass(frozen=True, kw_only=True)
class TableFeatures(Features):
    """What the table features share: the cells as they are, and the levels learned in ``fit``.

    Attributes:
        max_levels: How many levels of a column count on their own, the most frequent ones.
        levels: The levels of each categorical column, most frequent first.
    """

    modality: ClassVar[str] = "tabular"
    cached: ClassVar[bool] = False

    max_levels: int = 1_000
    levels: tuple[tuple[str, ...], ...] | None = learned()

    def cost(self, modality: Any) -> Cost:
        """Next to nothing."""
        return Cost(0.01, 0.01, 0.01, 3 * len(modality.columns))

    def derive(self, view: View) -> Matrix:
        """The cells, one record a row: ``numbers`` float64 [numeric] and ``categories`` object [categorical]."""
        numbers, categories = view.arrays["numbers"], view.arrays["categories"]
        fields = [("numbers", numbers.dtype, numbers.shape[1:]), ("categories", object, categories.shape[1:])]
        records = np.empty(len(view), dtype=np.dtype(fields))
        records["numbers"], records["categories"] = numbers, categories
        return records

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """A copy that knows the levels in these rows."""
        return dataclasses.replace(self, levels=levels_of(derived["categories"], self.max_levels))

    def codes(self, derived: Matrix) -> NDArray[np.int64]:
        """The level of each category as a number.

        Raises:
            NotFittedError: Called before ``fit``.
        """
        if self.levels is None:
            raise NotFittedError(f"{self.kind} has not seen training rows yet", fix="call fit first")
        return codes(derived["categories"], self.levels)


@dataclass(frozen=True, kw_only=True)
class OneHot(TableFeatures):
    """Normal scores of numbers, missing indicators, one column a level: for linear models and kernels.

    Columns in which nothing but zeros occurs in training are left out. So a number gets an indicator only if
    it has gaps, and a level never seen is all zeros unless rare levels were pooled; then it is one of those.
    Rows are brought to a length of one (root mean square over training), so that a table counts as much as the
    text or the image beside it.

    Attributes:
        quantiles: What ``fit`` learns of the numbers, float64 [quantile, numeric].
        kept: Which columns are not all zeros in training, int64 [kept].
        length: The root mean square length of training rows before they are brought to one.
    """

    kind: ClassVar[str] = "onehot"
    scaled: ClassVar[bool] = False

    # Arrays have no single truth value, so they take no part in ``==``.
    quantiles: Float[np.ndarray, "quantile numeric"] | None = field(
        default=None, repr=False, compare=False, metadata={"learned": True}
    )
    kept: Int[np.ndarray, " kept"] | None = field(default=None, repr=False, compare=False, metadata={"learned": True})
    length: float = learned(1.0)

    def fit(self, derived: Matrix, *, seed: int = 0) -> Self:
        """A copy that knows the quantiles and the levels in these rows."""
        fitted = dataclasses.replace(super().fit(derived), quantiles=quantiles_of(derived["numbers"]))
        energy = fitted._columns(derived).power(2).sum(axis=0) / max(1, len(derived))
        length = float(np.sqrt(energy.sum())) or 1.0
        return dataclasses.replace(fitted, kept=np.flatnonzero(energy), length=length)

    def transform(self, derived: Matrix) -> Matrix:
        """One vector a row, float32: dense without categories, sparse with them.

        Raises:
            NotFittedError: Called before ``fit``.
        """
        columns = self._columns(derived)[:, self.kept] / np.float32(self.length)
        return columns if derived["categories"].shape[1] else columns.toarray()

    def _columns(self, derived: Matrix) -> csr_array:
        coded = self.codes(derived)
        numbers = derived["numbers"]
        scores = normal_scores(numbers, cast("np.ndarray", self.quantiles))
        blocks = [csr_array(scores), csr_array(np.isnan(numbers), dtype=np.float32)]
        for column, known in enumerate(cast("Sequence[Sequence[str]]", self.levels)):
            # 32-bit positions: scikit-learn's support vector machines take no others.
            active = (np.arange(len(coded), dtype=np.int32), coded[:, column].astype(np.int32))
            ones = np.ones(len(coded), dtype=np.float32)
            blocks.append(csr_array((ones, active), shape=(len(coded), FIRST + len(known))))
        return csr_array(hstack(blocks, format="csr"))


@dataclass(frozen=True, kw_only=True)
class Ordinal(TableFeatures):
    """Numbers as they are, NaN where missing, and categories ranked by frequency: for trees, which need no more.

    The most frequent level is 0; a level never seen comes after the rarest one, a missing one is NaN. Trees
    split ranks like any number, so no one has to be told which columns are categorical; on three real tables
    native categorical splits were no better.
    """

    kind: ClassVar[str] = "ordinal"
    scaled: ClassVar[bool] = False

    def transform(self, derived: Matrix) -> Matrix:
        """Dense float32 [row, numeric + categorical] with NaN.

        Raises:
            NotFittedError: Called before ``fit``.
        """
        coded = self.codes(derived)
        last = np.asarray([len(known) for known in self.levels or ()], dtype=np.int64)
        ranks = np.where(coded == OTHER, last, coded - FIRST).astype(np.float32)
        ranks[coded == MISSING] = np.nan
        return np.column_stack([derived["numbers"].astype(np.float32), ranks])
