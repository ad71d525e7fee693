"""How table cells get worse: numbers that are a little off, cells of the wrong row, cells that are empty."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np

from polysight.modalities.corruption import Arrays, Corruption

#: By severity: deviations of noise, in deviations of each column; the share of cells that are wrong or empty.
NOISE = {1: 0.25, 2: 0.5, 3: 1.0}
SHARE = {1: 0.1, 2: 0.25, 3: 0.5}


def noise(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Gaussian noise on every number; categories stay."""
    numbers = arrays["numbers"]
    with warnings.catch_warnings():
        # A column without a number has no deviation, and needs none.
        warnings.simplefilter("ignore", RuntimeWarning)
        spread = np.nan_to_num(np.nanstd(numbers, axis=0))
    return {"numbers": numbers + NOISE[severity] * spread * rng.normal(size=numbers.shape)}


def permute(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Some cells of every column change places with others of the column."""
    there = np.flatnonzero(present.any(axis=1))
    return {name: _permuted(arrays[name], there, SHARE[severity], rng) for name in ("numbers", "categories")}


def drop(arrays: Arrays, present: np.ndarray, severity: int, rng: np.random.Generator) -> Arrays:
    """Some cells are empty; a row keeps one at least."""
    numbers, categories = arrays["numbers"], arrays["categories"]
    filled = np.concatenate([~np.isnan(numbers), categories != ""], axis=1)
    luck = np.where(filled, rng.random(filled.shape), -1.0)
    lost = (luck < SHARE[severity]) & (luck < luck.max(axis=1, keepdims=True))
    columns = numbers.shape[1]
    return {
        "numbers": np.where(lost[:, :columns], np.nan, numbers),
        "categories": np.where(lost[:, columns:], "", categories),
    }


def _permuted(cells: np.ndarray, rows: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    result = cells.copy()
    for column in range(cells.shape[1]):
        some = rows[rng.random(len(rows)) < share]
        result[some, column] = cells[rng.permutation(some), column]
    return result


CORRUPTIONS: Mapping[str, Corruption] = {"noise": noise, "permute": permute, "drop": drop}
