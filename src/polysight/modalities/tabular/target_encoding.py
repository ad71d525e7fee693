"""Target encoding: each category as how often each class occurs with it; a few dense numbers for any count of levels.

Source: Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes in classification and
prediction problems", SIGKDD Explorations 2001; cross-fitting as in scikit-learn's ``TargetEncoder``.
Departures: rows of one group stay together when values are cross-fitted, and every fold shrinks towards the class
shares of all training rows, so that a level without other rows looks the same in each fold and in new rows.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import ClassVar, Self

import numpy as np
from jaxtyping import Float, Int

from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.splits import folds
from polysight.data.view import Matrix
from polysight.modalities.tabular.coding import FIRST
from polysight.modalities.tabular.features import TableFeatures
from polysight.modalities.tabular.scaling import normal_scores, quantiles_of


@dataclass(frozen=True, kw_only=True)
class TargetEncoded(TableFeatures):
    """Normal scores of numbers, missing indicators, and class shares by category: for columns of many levels.

    A training row never sees its own label: its shares come from the folds (whole groups) it is not in. New rows
    get the shares of all training rows. A level never seen says nothing: it has the shares of all rows; a missing
    category is a level of its own. Two classes need one column a category, more need one a class and category,
    which together weigh as much as a number. Rows are brought to a length of one, as in ``onehot``.

    Attributes:
        smoothing: How many rows of the overall shares are added to those of a level.
        n_folds: How many folds cross-fit the training rows.
        shares: What ``learn`` learns: the smoothed class shares of every level less those of all rows, float64
            [level, class]; the levels of all columns one after the other, each column's from code 0 on.
        quantiles: The numbers as ``onehot`` knows them, float64 [quantile, numeric].
        scale: What each column is divided by, float64 [column]; infinite where it says nothing in training.
    """

    kind: ClassVar[str] = "target_encoded"
    scaled: ClassVar[bool] = False
    from_labels: ClassVar[bool] = True

    smoothing: float = 10.0
    n_folds: int = 5
    # Arrays have no single truth value, so they take no part in ``==``.
    shares: Float[np.ndarray, "level class"] | None = field(
        default=None, repr=False, compare=False, metadata={"learned": True}
    )
    quantiles: Float[np.ndarray, "quantile numeric"] | None = field(
        default=None, repr=False, compare=False, metadata={"learned": True}
    )
    scale: Float[np.ndarray, " column"] | None = field(
        default=None, repr=False, compare=False, metadata={"learned": True}
    )

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ConfigError: Smoothing that is not positive, or fewer than two folds.
        """
        if not self.smoothing > 0:
            raise ConfigError(f"smoothing must be above 0, not {self.smoothing}", where=self.kind)
        if self.n_folds < 2:
            raise ConfigError(f"n_folds must be at least 2, not {self.n_folds}", where=self.kind)

    def learn(
        self,
        derived: Matrix,
        codes: Int[np.ndarray, " row"],
        groups: Int[np.ndarray, " row"] | None,
        *,
        classes: int,
        seed: int = 0,
    ) -> tuple[Self, Matrix]:
        """A copy that knows the shares in these rows, and these rows with shares from other folds."""
        known = dataclasses.replace(self.fit(derived), quantiles=quantiles_of(derived["numbers"]))
        members = np.eye(classes)[codes][:, 1 if classes == 2 else 0 :]
        places = known._places(derived)
        fitted = dataclasses.replace(known, shares=known._shares(places, members, members.mean(axis=0)))
        columns = fitted._columns(derived, fitted._cross_fitted(places, members, codes, groups, seed))
        spread = columns.std(axis=0)
        spread[spread < 1e-6] = np.inf
        # The columns of one category, one a class, weigh as much as one number.
        weight = np.ones(len(spread))
        weight[2 * derived["numbers"].shape[1] :] = members.shape[1]
        spread *= np.sqrt(weight)
        length = np.sqrt(np.square(columns / spread).sum(axis=1).mean()) or 1.0
        fitted = dataclasses.replace(fitted, scale=spread * length)
        return fitted, fitted._scaled(columns)

    def transform(self, derived: Matrix) -> Matrix:
        """Dense float32 [row, 2 * numeric + class * categorical], with the shares of all training rows.

        Raises:
            NotFittedError: Called before ``learn``.
        """
        if self.shares is None:
            raise NotFittedError("target_encoded learns from labels", fix="call learn with the training rows first")
        return self._scaled(self._columns(derived, self.shares[self._places(derived)]))

    def _places(self, derived: Matrix) -> Int[np.ndarray, "row categorical"]:
        """The line of ``shares`` that each category stands in."""
        sizes = np.asarray([FIRST + len(known) for known in self.levels or ()], dtype=np.int64)
        return self.codes(derived) + (np.cumsum(sizes) - sizes)

    def _shares(
        self, places: Int[np.ndarray, "row categorical"], members: Float[np.ndarray, "row class"], overall: np.ndarray
    ) -> Float[np.ndarray, "level class"]:
        counts = np.zeros((sum(FIRST + len(known) for known in self.levels or ()), members.shape[1]))
        rows = np.zeros((len(counts), 1))
        np.add.at(counts, places, members[:, None])
        np.add.at(rows, places, 1.0)
        return (counts + self.smoothing * overall) / (rows + self.smoothing) - overall

    def _cross_fitted(
        self,
        places: Int[np.ndarray, "row categorical"],
        members: Float[np.ndarray, "row class"],
        codes: Int[np.ndarray, " row"],
        groups: Int[np.ndarray, " row"] | None,
        seed: int,
    ) -> Float[np.ndarray, "row categorical class"]:
        values = np.zeros((*places.shape, members.shape[1]))
        if len(np.unique(np.arange(len(codes)) if groups is None else groups)) < 2:
            return values
        for train, judged in folds(codes, groups, n=self.n_folds, seed=seed):
            values[judged] = self._shares(places[train], members[train], members.mean(axis=0))[places[judged]]
        return values

    def _columns(self, derived: Matrix, shares: Float[np.ndarray, "row categorical class"]) -> np.ndarray:
        numbers = derived["numbers"]
        if self.quantiles is None:
            raise NotFittedError("target_encoded learns from labels", fix="call learn with the training rows first")
        return np.hstack([normal_scores(numbers, self.quantiles), np.isnan(numbers), shares.reshape(len(shares), -1)])

    def _scaled(self, columns: np.ndarray) -> Float[np.ndarray, "row column"]:
        return (columns / self.scale).astype(np.float32)
