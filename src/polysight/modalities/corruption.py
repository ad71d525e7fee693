"""Corruption: the cells of an input made worse in a named way and with one of three severities, for robustness curves.

Source: D. Hendrycks and T. Dietterich, "Benchmarking Neural Network Robustness to Common Corruptions and
Perturbations", ICLR 2019.
Departures: three severities instead of five; every modality has a few corruptions of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Bool

from polysight.core.randomness import generator
from polysight.data.view import View, content_key

#: The severities, mildest first.
SEVERITIES = (1, 2, 3)
#: The arrays of a view, or those of them that a corruption changes.
Arrays = Mapping[str, np.ndarray]
#: Changes the arrays of a view: its arrays, which slots are there, the severity, where randomness comes from. It
#: returns the arrays that are changed, and leaves what is given alone.
Corruption = Callable[[Arrays, Bool[np.ndarray, "row slot"], int, np.random.Generator], Arrays]


def corrupted(view: View, name: str, change: Corruption, severity: int, *, seed: int = 0) -> View:
    """The rows of a view with their cells made worse; what is absent stays absent.

    Args:
        view: The rows.
        name: The name of the corruption.
        change: The corruption.
        severity: One of ``SEVERITIES``.
        seed: Same seed, same changes.
    """
    arrays: dict[str, Any] = {key: np.asarray(array) for key, array in view.arrays.items()}
    changed = change(arrays, view.present, severity, generator(seed, "corruption", name, severity))
    there = view.any_present
    mark = f"{name}/{severity}/{seed}"
    keys = view.keys.copy()
    keys[there] = [content_key([mark, bytes(key)]) for key in view.keys[there]]
    for key, array in changed.items():
        arrays[key] = array.copy()
        arrays[key][~there] = view.blanks.get(key, 0)
    return replace(view, arrays=arrays, keys=keys, problems=(), derived={}, origin=None)


def each_slot(
    array: np.ndarray,
    present: Bool[np.ndarray, "row slot"],
    change: Callable[[Any, tuple[int, int]], Any],
) -> np.ndarray:
    """A copy of an array [row, slot, ...] in which what stands at each slot that is there has been changed.

    Args:
        array: The array.
        present: Which slots are there.
        change: Gives the new content of a slot: its content, and (row, slot).
    """
    result = array.copy()
    for row, slot in np.argwhere(present).tolist():
        result[row, slot] = change(array[row, slot], (row, slot))
    return result
