"""Blocks: the feature sets of several inputs, learned on training rows and joined into one matrix."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from jaxtyping import Int
from scipy.sparse import csr_array, hstack, issparse

from polysight.core.config import build, describe
from polysight.core.errors import ConfigError
from polysight.core.memo import remembered
from polysight.core.randomness import derived_seed
from polysight.data.cache import default_cache
from polysight.data.samples import Samples
from polysight.data.view import Matrix, View
from polysight.modalities import FEATURES
from polysight.modalities.base import Features, Modality, absent_rows_to_zero

#: What is derived of so many rows is small enough to be remembered.
_FEW = 256


@dataclass(frozen=True, eq=False)
class Block:
    """One feature set of one input, with the scale its training rows had.

    Dense columns are standardised and divided by the root of their number, so that a row has about unit norm;
    sparse rows (TF-IDF) have unit norm already. Rows in which the input is absent are exactly zero, the mean
    of the training rows.
    """

    name: str
    features: Features
    mean: np.ndarray | None = None
    scale: np.ndarray | None = None

    def learn(
        self,
        view: View,
        codes: Int[np.ndarray, " row"],
        groups: Int[np.ndarray, " row"] | None,
        *,
        classes: int,
        seed: int,
    ) -> tuple[Self, Matrix]:
        """A copy that has learned from the rows in which the input is present, and the training part of the matrix."""
        labels = (codes.tobytes(), b"" if groups is None else groups.tobytes()) if self.features.from_labels else ()
        settings = json.dumps(describe(self.features), sort_keys=True)
        key = (self.name, settings, view.fingerprint(), seed, labels)
        return remembered(key, lambda: self._learned(view, codes, groups, classes, seed))

    def transform(self, view: View) -> Matrix:
        """The block's part of the feature matrix, float32, for rows that were not learned from."""
        if view.origin is not None:
            return absent_rows_to_zero(self.transform(view.origin.view)[view.origin.rows], view.any_present)
        return remembered((self, view.fingerprint()), lambda: self._transformed(view))

    def _learned(
        self,
        view: View,
        codes: Int[np.ndarray, " row"],
        groups: Int[np.ndarray, " row"] | None,
        classes: int,
        seed: int,
    ) -> tuple[Self, Matrix]:
        rows = np.flatnonzero(view.any_present)
        fitted, matrix = self.features.learn(
            _derived(self.features, view)[rows],
            codes[rows],
            None if groups is None else groups[rows],
            classes=classes,
            seed=derived_seed(seed, self.name),
        )
        block = replace(self, features=fitted)
        if not issparse(matrix) and fitted.scaled:
            spread = matrix.std(axis=0)
            spread[spread < 1e-6] = np.inf  # a constant column says nothing; it becomes zero
            scale = spread * np.sqrt(max(np.isfinite(spread).sum(), 1))
            block = replace(block, mean=matrix.mean(axis=0), scale=scale)
        return block, _spread_out(block._scaled(matrix), rows, len(view))

    def _transformed(self, view: View) -> Matrix:
        matrix = self._scaled(self.features.transform(_derived(self.features, view)))
        return absent_rows_to_zero(matrix, view.any_present)

    def _scaled(self, matrix: Matrix) -> Matrix:
        if self.scale is None:
            return matrix
        return np.clip((matrix - self.mean) / self.scale, -1.0, 1.0).astype(np.float32)


def _spread_out(matrix: Matrix, rows: Int[np.ndarray, " row"], count: int) -> Matrix:
    """The given rows at their places among ``count``, zeros between them."""
    if len(rows) == count:
        return matrix
    # 32-bit positions: scikit-learn's support vector machines take no others.
    places = (rows.astype(np.int32), np.arange(len(rows), dtype=np.int32))
    return csr_array((np.ones(len(rows), dtype=matrix.dtype), places), shape=(count, len(rows))) @ matrix


def make_blocks(inputs: Mapping[str, Modality], chosen: Mapping[str, Sequence[Any]] | None) -> list[Block]:
    """The blocks of some inputs: the named feature sets, or each modality's defaults.

    Raises:
        ConfigError: A feature set for an input that is not there, or for another modality.
    """
    unknown = set(chosen or {}) - set(inputs)
    if unknown:
        raise ConfigError(
            f"features are given for {sorted(unknown)}, the inputs are {sorted(inputs)}", where="features"
        )
    blocks = []
    for name, modality in inputs.items():
        for spec in (chosen or {}).get(name, modality.default_features):
            features: Features = build(FEATURES, spec, where=f"features.{name}")
            if features.modality != modality.kind:
                raise ConfigError(
                    f"{features.kind} looks at {features.modality}, but {name!r} is {modality.kind}",
                    where=f"features.{name}",
                )
            blocks.append(Block(name, features))
    return blocks


def with_derived(samples: Samples, features: Mapping[str, Sequence[Features]]) -> Samples:
    """Samples that carry what the given feature sets derive, computed once (or found in the cache) for all folds."""
    views = dict(samples.views)
    for name, sets in features.items():
        for feature_set in sets:
            view = views[name]
            views[name] = view.with_derived(derived_name(feature_set), _derived(feature_set, view))
    return Samples(views)


def join(blocks: Sequence[Block], matrices: Sequence[Matrix]) -> Matrix:
    """The parts of all blocks side by side; sparse if any is.

    Each input has the same say however many feature sets describe it, and a row has about unit norm however many
    inputs there are: so one kernel width and one penalty fit all tables.
    """
    sets = Counter(block.name for block in blocks)
    shares = [np.float32((len(sets) * sets[block.name]) ** -0.5) for block in blocks]
    parts = [matrix * share for matrix, share in zip(matrices, shares, strict=True)]
    if any(issparse(part) for part in parts):
        return csr_array(hstack(parts, format="csr", dtype=np.float32))
    return np.hstack(parts)


def derived_name(features: Features) -> str:
    """The name under which a view keeps what a feature set derives: what that depends on."""
    return json.dumps(features.derivation(), sort_keys=True)


def _derived(features: Features, view: View) -> Matrix:
    name = derived_name(features)
    if name in view.derived:
        return view.derived[name]
    # Views in which nothing is present have equal keys whatever input they are of, and with it whatever width.
    if not features.cached or not view.any_present.any():
        return features.derive(view)
    key = f"{name}:{view.fingerprint()}"

    def found() -> Matrix:
        return default_cache().matrix(key, lambda: features.derive(view))

    # The models of all folds ask for the same; of many rows it would fill the memory.
    return remembered(key, found) if len(view) <= _FEW else found()


def sets_by_input(blocks: Iterable[Block]) -> dict[str, list[Features]]:
    """The feature sets of some blocks, by input, so that what learns nothing is derived once."""
    sets: dict[str, list[Features]] = {}
    for block in blocks:
        sets.setdefault(block.name, []).append(block.features)
    return sets
