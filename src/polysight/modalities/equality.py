"""What the contract suite means by the same: arrays, views and stored states compared to the last bit."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from polysight.data.stored import StoredRows
from polysight.data.view import View
from polysight.modalities.base import Arrays


def require(holds: bool, otherwise: str) -> None:
    """Raise an AssertionError with a reason unless something holds."""
    if not holds:
        raise AssertionError(otherwise)


def same(one: Any, other: Any) -> bool:
    """Whether two trees are equal: arrays by type, shape and content (NaN equals NaN), lists like tuples."""
    if isinstance(one, np.ndarray | StoredRows) or isinstance(other, np.ndarray | StoredRows):
        one, other = np.asarray(one), np.asarray(other)
        alike = one.dtype == other.dtype and one.shape == other.shape
        return alike and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, dict | list | tuple) and isinstance(other, dict | list | tuple):
        if isinstance(one, dict) != isinstance(other, dict) or len(one) != len(other):
            return False
        if isinstance(one, dict) and isinstance(other, dict):
            return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
        return all(map(same, one, other))
    both_nan = one != one and other != other
    return bool(both_nan or one == other)


def same_view(one: View, other: View) -> bool:
    """Whether two views hold the same, problems apart."""
    parts = [(dict(view.arrays), view.present, view.keys, dict(view.blanks)) for view in (one, other)]
    return same(*parts)


def stored(tree: Any) -> Any:
    """The tree as it would come back from disk: arrays copied, everything else through JSON.

    Raises:
        TypeError: Something is neither an array of plain values nor JSON.
    """
    if isinstance(tree, dict):
        return {str(key): stored(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [stored(value) for value in tree]
    if isinstance(tree, np.ndarray):
        if tree.dtype.hasobject:
            raise TypeError("an array of objects cannot be stored as data")
        return tree.copy()
    return json.loads(json.dumps(tree))


def finite(arrays: Arrays) -> bool:
    """Whether every array is free of NaN and infinity."""
    return all(bool(np.isfinite(np.asarray(array)).all()) for array in arrays.values())
