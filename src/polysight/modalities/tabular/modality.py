"""Tabular: the numeric and categorical columns of a table, together one input."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from jaxtyping import Float

from polysight.core.errors import ConfigError, NotFittedError, did_you_mean
from polysight.data.columns import column_type
from polysight.data.view import MISSING_KEY, Cells, Problem, View, content_key
from polysight.modalities.augmentations import check_augmentations
from polysight.modalities.base import Arrays, Classical, FeatureSpecs, Match, Modality, learned
from polysight.modalities.corruption import Corruption
from polysight.modalities.facts import Fact
from polysight.modalities.file_columns import evenly_spread
from polysight.modalities.tabular.augment import AUGMENTATIONS
from polysight.modalities.tabular.cells import days, levels, numbers
from polysight.modalities.tabular.coding import codes, levels_of
from polysight.modalities.tabular.corruptions import CORRUPTIONS
from polysight.modalities.tabular.facts import cell_facts, cell_measured
from polysight.modalities.tabular.scaling import normal_scores, quantiles_of, spread_values
from polysight.modalities.tabular.sniffing import table_column
from polysight.modalities.tabular.units import columns_of
from polysight.modalities.tabular.usual import usual_levels, usual_numbers
from polysight.modalities.units import Units

#: A table of numbers with at most so many columns suits a wider kernel (nodules: log-loss .278 instead of .304).
NARROW = 30
#: How many values of a number say what values it has: every twentieth of the rows.
RANKS = 21
#: How many training rows are looked at for usual ones.
_LOOKED_AT = 2_000


@dataclass(frozen=True, kw_only=True)
class Tabular(Modality):
    """Table columns. The whole table is one slot: present as soon as one of its cells is.

    Attributes:
        categorical: The columns that hold categories, the others hold numbers; None decides by their values.
        max_levels: How many levels of a column a network tells apart, the most frequent ones.
        augment: Changes to training batches, by name (``column_dropout``); None is all of them, empty is none.
        quantiles: What ``fit`` learns of the numeric columns, float64 [quantile, numeric].
        levels: What ``fit`` learns of the categorical columns, most frequent level first.
        usual_numbers: Numbers of a few usual rows, float64 [usual, numeric]; for explanations, known after ``settle``.
        usual_levels: Their categories.
    """

    kind: ClassVar[str] = "tabular"
    default_encoder: ClassVar[str] = "tabular_mlp"
    corruptions: ClassVar[Mapping[str, Corruption]] = CORRUPTIONS
    network_alone: ClassVar[bool] = False

    categorical: tuple[str, ...] | None = None
    max_levels: int = 1_000
    augment: tuple[str, ...] | None = None
    # Arrays have no single truth value, so they take no part in ``==``.
    quantiles: Float[np.ndarray, "quantile numeric"] | None = field(
        default=None, repr=False, compare=False, metadata={"learned": True}
    )
    levels: tuple[tuple[str, ...], ...] | None = learned()
    usual_numbers: Float[np.ndarray, "usual numeric"] | None = field(
        default=None, repr=False, compare=False, metadata={"learned": True}
    )
    usual_levels: tuple[tuple[str, ...], ...] | None = field(
        default=None, repr=False, compare=False, metadata={"learned": True}
    )

    def __post_init__(self) -> None:
        """Check the options.

        Raises:
            ConfigError: ``max_levels`` below one or an augmentation that does not exist.
        """
        if self.max_levels < 1:
            raise ConfigError(f"max_levels must be at least 1, not {self.max_levels}", where="tabular")
        check_augmentations(self.augment, AUGMENTATIONS, "tabular")
        for name in ("levels", "usual_levels"):
            if (known := getattr(self, name)) is not None:
                object.__setattr__(self, name, tuple(map(tuple, known)))

    @property
    def numeric(self) -> tuple[str, ...]:
        """The columns that hold numbers, in table order."""
        return tuple(column for column in self.columns if column not in (self.categorical or ()))

    @property
    def default_features(self) -> FeatureSpecs:
        """Scores and levels; beside categories, what labels they have, how they are spelled, and prices that repeat."""
        described = ("onehot", "target_encoded", "category_names", "repeated_numbers")
        return described if self.categorical else ("onehot",)

    @property
    def compact_features(self) -> FeatureSpecs:
        """The cells as they are, for trees; beside categories, the labels, spelling and endings of each."""
        described = ("ordinal", "target_encoded", "category_names_svd", "number_endings")
        return described if self.categorical else ("ordinal",)

    @property
    def classical(self) -> tuple[Classical, ...]:
        """As measured on houses, nodules, products and digits, 100 to 900 rows each.

        Spelling and endings for trees and repeated values for the linear model: log-loss of the mean of the four
        1.027 instead of 1.076 on products (five grouped folds), .458 instead of .471 on houses.
        """
        narrow = {} if self.categorical or len(self.columns) > NARROW else {"C": 3.0, "gamma": 0.25}
        spelled = ("onehot", "category_names") if self.categorical else ("onehot",)
        written = ("ordinal", "category_names_svd", "number_endings") if self.categorical else ("ordinal",)
        return (
            Classical(self.default_features, "logistic"),
            Classical(spelled, "svm", narrow),
            Classical(self.compact_features, "forest"),
            Classical(written, "boosting"),
        )

    @classmethod
    def sniff(cls, column: pd.Series, root: Any) -> Match:
        """Numbers, and categories that repeat."""
        return table_column(column)

    @property
    def work(self) -> float:
        """A small network over columns: little."""
        return 0.1

    def settle(self, cells: Cells) -> Self:
        """A copy that says which columns are categorical, and knows some usual rows (from at most 2,000).

        Raises:
            ConfigError: ``categorical`` names a column that is not among ``columns``.
        """
        for name in self.categorical or ():
            if name not in self.columns:
                fix = did_you_mean(name, self.columns) or f"its columns are: {', '.join(self.columns)}"
                raise ConfigError(f"{name!r} is not a column of this input", where="tabular.categorical", fix=fix)
        found = self.categorical
        if found is None:
            found = tuple(name for name in self.columns if column_type(days(cells.frame[name])) == "categorical")
        settled = dataclasses.replace(self, categorical=found)
        return settled if self.usual_numbers is not None else settled._with_usual_rows(cells)

    def _with_usual_rows(self, cells: Cells) -> Self:
        some = cells.frame.iloc[list(evenly_spread(len(cells), _LOOKED_AT))]
        view = self.read(Cells(some, cells.root))
        rows = view.any_present
        if not rows.any():
            return self
        numbers, categories = view.arrays["numbers"][rows], view.arrays["categories"][rows]
        return dataclasses.replace(self, usual_numbers=usual_numbers(numbers), usual_levels=usual_levels(categories))

    def read(self, cells: Cells) -> View:
        """Numbers (float64 [row, numeric], NaN where missing) and categories (object [row, categorical]).

        A cell of a numeric column that is neither empty nor a finite number is missing, with a Problem.

        Raises:
            NotFittedError: Called before ``settle``.
        """
        if self.categorical is None:
            raise NotFittedError("this Tabular does not know its categorical columns yet", fix="call settle first")
        values = np.empty((len(cells), len(self.numeric)))
        problems: list[Problem] = []
        for position, name in enumerate(self.numeric):
            values[:, position], bad = numbers(cells.frame[name])
            problems += [_not_a_number(int(row), name, cells.frame[name].iloc[row]) for row in np.flatnonzero(bad)]
        categorical = [name for name in self.columns if name in self.categorical]
        names = np.empty((len(cells), len(categorical)), dtype=object)
        for position, name in enumerate(categorical):
            names[:, position] = levels(cells.frame[name])
        present = ~np.isnan(values).all(axis=1) | (names != "").any(axis=1)
        return View(
            {"numbers": values, "categories": names},
            present[:, None],
            self._keys(values, names, present),
            tuple(problems),
            {"numbers": np.nan, "categories": ""},
        )

    def _keys(self, values: np.ndarray, names: np.ndarray, present: np.ndarray) -> np.ndarray:
        settings = json.dumps([self.kind, self.columns, self.categorical])
        keys = np.full(len(present), MISSING_KEY)
        for row in np.flatnonzero(present):
            keys[row] = content_key([settings, values[row].tobytes(), *names[row]])
        return keys

    def fit(self, view: View) -> Self:
        """A copy that knows the quantiles of the numbers and the levels of the categories in these rows."""
        rows = view.any_present
        return dataclasses.replace(
            self,
            quantiles=quantiles_of(view.arrays["numbers"][rows]),
            levels=levels_of(view.arrays["categories"][rows], self.max_levels),
        )

    def values_in(self, view: View) -> Mapping[str, tuple[float | str, ...]]:
        """Numbers at 21 even ranks, and the 20 most frequent levels."""
        numbers, names = view.arrays["numbers"], view.arrays["categories"]
        ranked = zip(self.numeric, (spread_values(column, RANKS) for column in numbers.T), strict=True)
        return {**dict(ranked), **dict(zip(self._categorical, levels_of(names, RANKS - 1), strict=True))}

    def transform(self, view: View) -> Arrays:
        """What a network takes, cell by cell.

        Returns:
            ``numbers``, float32 [row, numeric]: normal scores, zero where missing; ``missing``, bool
            [row, numeric]; ``categories``, int64 [row, categorical]: 0 missing, 1 unknown, then the levels.

        Raises:
            NotFittedError: Called before ``fit``.
        """
        if self.quantiles is None or self.levels is None:
            raise NotFittedError("this Tabular has not seen training rows yet", fix="call fit first")
        values = view.arrays["numbers"]
        return {
            "numbers": normal_scores(values, self.quantiles),
            "missing": np.isnan(values),
            "categories": codes(view.arrays["categories"], self.levels),
        }

    def place_names(self, view: View) -> tuple[str, ...]:
        """The columns, numeric ones first."""
        return (*self.numeric, *self._categorical)

    def facts(self, view: View) -> tuple[Fact, ...]:
        """Each number, and whether a category has each of its frequent levels."""
        return cell_facts(view, self.numeric, self._categorical)

    def measured(self, view: View, fact: Fact) -> Float[np.ndarray, " row"]:
        """A fact of each row; NaN where its cell is empty."""
        return cell_measured(view, fact, self.numeric, self._categorical)

    def units_there(self, row: View) -> Units:
        """The filled cells; the usual rows stand for those that are hidden."""
        numeric, categorical = self.numeric, self._categorical
        if self.usual_numbers is None or self.usual_levels is None:
            missing = np.full(len(numeric), np.nan), ("",) * len(categorical)
            return columns_of(row, (numeric, categorical), [missing])
        usual = list(zip(self.usual_numbers, self.usual_levels, strict=True))
        return columns_of(row, (numeric, categorical), usual)

    @property
    def _categorical(self) -> tuple[str, ...]:
        return tuple(column for column in self.columns if column in (self.categorical or ()))

    def augmented(self, arrays: Arrays, rng: np.random.Generator) -> Arrays:
        """A training batch with some cells hidden; the arrays given are left alone."""
        for name in AUGMENTATIONS if self.augment is None else self.augment:
            arrays = AUGMENTATIONS[name](arrays, rng)
        return arrays


def _not_a_number(row: int, column: str, value: Any) -> Problem:
    reason = f"{str(value)[:100]!r} is not a finite number"
    return Problem(row, column, "", "not_a_number", reason, f"correct the cell, or make {column!r} categorical")
