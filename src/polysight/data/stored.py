"""Stored rows: an array too large for memory, read again wherever rows of it are asked for."""

from __future__ import annotations

import copy
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import numpy as np
from jaxtyping import Int

from polysight.core.devices import cpu_count

#: Arrays up to so many bytes are kept in memory, or up to what the cache may hold, if that is less.
HELD = 256 * 1000**2
#: The place of a slot that holds nothing.
NOWHERE = -1


class StoredRows:
    """Looks like an array [row, slot, ...]; what it holds is read when rows are taken out.

    Indexing rows gives an ordinary array. ``take``, ``copy`` and what is set read nothing: they only say which slots
    there are. At first every slot is zero.

    Args:
        read: Gives what stands at a (row, slot), counted as when this was made; from any thread, always the same.
        rows: How many rows there are.
        slots: How many slots each has.
        blank: An array like what stands at a slot.
    """

    def __init__(self, read: Callable[[int, int], np.ndarray], rows: int, slots: int, blank: np.ndarray) -> None:
        self._read, self._blank = read, blank
        self._places = np.full((rows, slots), NOWHERE)

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows, slots, and the shape of what stands at a slot."""
        return (*self._places.shape, *self._blank.shape)

    @property
    def dtype(self) -> np.dtype:
        """The type of what stands at a slot."""
        return self._blank.dtype

    def __len__(self) -> int:
        return len(self._places)

    @property
    def ndim(self) -> int:
        """How many axes there are."""
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        """What is in memory: where the slots are found."""
        return self._places.nbytes

    def __getitem__(self, rows: Any) -> np.ndarray:
        """Rows, read: positions, a slice or a mask; or one row."""
        places = self._places[rows]
        found = np.zeros((places.size, *self._blank.shape), dtype=self.dtype)
        there = np.flatnonzero(places != NOWHERE)
        with ThreadPoolExecutor(max_workers=cpu_count()) as pool:
            for position, one in zip(there, pool.map(self._at, places.ravel()[there].tolist()), strict=True):
                found[position] = one
        return found.reshape(*places.shape, *self._blank.shape)

    def __setitem__(self, where: Any, value: Any) -> None:
        """Say that a (row, slot) holds what will be read there (not what is given), or that rows are zero."""
        if isinstance(where, tuple):
            row, slot = where
            self._places[row, slot] = row * self._places.shape[1] + slot
        elif np.any(value):
            raise ValueError("stored rows can be set to zero only")
        else:
            self._places[where] = NOWHERE

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """Everything, read."""
        return np.asarray(self[:], dtype=dtype)

    def take(self, rows: Any, axis: int = 0) -> Self:
        """The given rows, in that order."""
        return self._with(self._places.take(rows, axis=axis))

    def copy(self) -> Self:
        """A copy in which rows may be set to zero."""
        return self._with(self._places.copy())

    def _with(self, places: Int[np.ndarray, "row slot"]) -> Self:
        other = copy.copy(self)
        other._places = places
        return other

    def _at(self, place: int) -> np.ndarray:
        return self._read(*divmod(place, self._places.shape[1]))
