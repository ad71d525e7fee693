"""Cells that hold many numbers: a list, an array, or the text of a JSON list."""

from __future__ import annotations

import json
from typing import Any

import numpy as np


def holds_numbers(cell: Any) -> bool:
    """Whether a cell is a list of numbers, or of lists of numbers (None stands for a missing one).

    Example:
        >>> holds_numbers("[1, 2.5, null]"), holds_numbers([[1, 2], [3, 4]]), holds_numbers("[a]"), holds_numbers("1")
        (True, True, False, False)
    """
    if isinstance(cell, str):
        return (rows := listed(cell)) is not None and _are_numbers(rows)
    if isinstance(cell, np.ndarray):
        # Parquet gives arrays of arrays; 8-bit levels are images.
        plain = cell.ndim in (1, 2) and cell.dtype.kind in "biuf" and cell.dtype != np.uint8
        return plain or (cell.dtype == object and _are_numbers(list(cell)))
    return isinstance(cell, list | tuple) and _are_numbers(cell)


def listed(text: str) -> list[Any] | None:
    """The list a JSON text holds, or None where it is none.

    Example:
        >>> listed("[1, 2]"), listed("[1, 2"), listed("{}")
        ([1, 2], None, None)
    """
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        found: list[Any] = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found


def _are_numbers(rows: list[Any] | tuple[Any, ...]) -> bool:
    moments = [row if isinstance(row, list | tuple | np.ndarray) else (row,) for row in rows]
    return all(
        value is None or (isinstance(value, int | float | np.number) and not isinstance(value, bool))
        for moment in moments
        for value in moment
    )
