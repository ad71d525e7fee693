"""View: the cells of one input, read into arrays; absence and its reasons travel with them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
from jaxtyping import Bool, Int, Shaped
from numpy.typing import NDArray
from scipy.sparse import csr_array

#: One row a sample: a dense array (any number of axes) or a sparse matrix.
Matrix: TypeAlias = np.ndarray | csr_array


@dataclass(frozen=True)
class Problem:
    """A cell that could not be read: where it is, why, and what to do."""

    row: int
    column: str
    file: str
    code: str
    reason: str
    fix: str = ""


@dataclass(frozen=True)
class Cells:
    """The cells of one input as the table holds them, before anything is read.

    Attributes:
        frame: The input's columns; its positions (not its index) are the row numbers in problems.
        root: The folder that relative paths start from and must not leave.
    """

    frame: pd.DataFrame
    root: Path

    def __len__(self) -> int:
        return len(self.frame)


@dataclass(frozen=True, eq=False)
class View:
    """One input of n samples, read and ready for an encoder or a feature set.

    Attributes:
        arrays: Named arrays whose first axis is the row; absent slots hold zeros (or empty text).
        present: Which slots are there. A slot is one column of the input (a table input has one slot).
        keys: One content key a row (32 hexadecimal bytes): equal keys mean equal content and settings.
        problems: The cells that could not be read.
        blanks: What an absent row holds, for arrays where that is not zero (NaN in a table, "" in text).
        derived: Row-wise results that learn nothing (descriptors, spectra), kept so that folds share them.
        origin: The view these rows were taken from, where what is computed of it shall serve them; else None.
    """

    arrays: Mapping[str, Shaped[np.ndarray, "row ..."]]
    present: Bool[np.ndarray, "row slot"]
    keys: Shaped[np.ndarray, " row"]
    problems: tuple[Problem, ...] = ()
    blanks: Mapping[str, float | str] = field(default_factory=dict)
    derived: Mapping[str, Matrix] = field(default_factory=dict)
    origin: Origin | None = None

    def __len__(self) -> int:
        return len(self.present)

    @property
    def any_present(self) -> Bool[np.ndarray, " row"]:
        """Which rows have at least one slot."""
        return np.logical_or.reduce(self.present, axis=1)

    @property
    def nbytes(self) -> int:
        """The bytes its cells take in memory, or would take if they were read (text counts little)."""
        return sum(int(np.prod(array.shape)) * array.dtype.itemsize for array in self.arrays.values())

    def take(self, rows: NDArray[np.integer] | Sequence[int]) -> View:
        """The given rows, in that order, without problems."""
        index = np.asarray(rows, dtype=np.intp)
        # Taking, unlike indexing, reads nothing of what is stored on disk (``StoredRows``).
        arrays = {name: array.take(index, axis=0) for name, array in self.arrays.items()}
        derived = {name: matrix[index] for name, matrix in self.derived.items()}
        origin = None if self.origin is None else Origin(self.origin.view, self.origin.rows[index])
        return View(arrays, self.present[index], self.keys[index], (), self.blanks, derived, origin)

    def as_origin(self) -> View:
        """A copy whose rows, however they are taken, repeated, put together or hidden, know where they come from.

        Inside ``core.memo.remembering`` their features are then computed once, all together.
        """
        return replace(self, origin=Origin(replace(self, origin=None), np.arange(len(self))))

    def hide(self, rows: Bool[np.ndarray, " row"]) -> View:
        """A copy in which the given rows are absent, exactly as if their cells had been empty."""
        if not rows.any():
            return self
        arrays = {name: array.copy() for name, array in self.arrays.items()}
        for name, array in arrays.items():
            array[rows] = self.blanks.get(name, 0)
        keys = self.keys.copy()
        keys[rows] = MISSING_KEY
        return replace(self, arrays=arrays, present=self.present & ~rows[:, None], keys=keys)

    def followed_by(self, other: View) -> View:
        """The rows of this view, then those of another of the same input, without problems and derived results."""
        arrays = {name: np.concatenate([array, other.arrays[name]]) for name, array in self.arrays.items()}
        present, keys = (np.concatenate([getattr(self, n), getattr(other, n)]) for n in ("present", "keys"))
        return View(arrays, present, keys, blanks=self.blanks)

    def in_memory(self) -> View:
        """The view with everything read that is stored elsewhere (``StoredRows``); for few rows, to be asked often."""
        return replace(self, arrays={name: np.asarray(array) for name, array in self.arrays.items()})

    def with_derived(self, name: str, matrix: Matrix) -> View:
        """A copy that carries one more row-wise result."""
        return replace(self, derived={**self.derived, name: matrix})

    def fingerprint(self) -> str:
        """A content key for all rows in this order."""
        return hashlib.blake2b(np.ascontiguousarray(self.keys).tobytes(), digest_size=16).hexdigest()


@dataclass(frozen=True, eq=False)
class Origin:
    """Where the rows of a view come from: a view, and the row of it that each one is (or was, if it is hidden)."""

    view: View
    rows: Int[np.ndarray, " row"]


#: The key of a row in which nothing is present.
MISSING_KEY = b"0" * 32


def content_key(parts: Iterable[bytes | str]) -> bytes:
    """A 32-byte hexadecimal key of some content; each part is length-prefixed, so that parts cannot run together."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest().encode()
