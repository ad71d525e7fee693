"""Modalities whose cells are bulky: a cache entry each, and read again for each batch where they do not fit in memory.

What is kept is bounded by the cache's limit, on disk as in memory: a table ten times larger trains in the same memory,
only slower, because what the cache has no room for is decoded once more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from polysight.core.errors import DataError, UnreadableCellError
from polysight.data.cache import default_cache
from polysight.data.stored import HELD, StoredRows
from polysight.data.view import Cells
from polysight.modalities.cellwise import Cell, CellwiseModality, Outcome, caught


@dataclass(frozen=True, kw_only=True)
class BulkyModality(CellwiseModality):
    """Reads each cell on its own, like ``CellwiseModality``, and holds no more of them than fit.

    Arrays named in ``bulky`` are ``StoredRows`` where all cells together take more memory than ``HELD`` or than the
    cache may hold on disk: a View looks the same, ``transform`` passes them on as they are, and feature sets take out
    a few rows at a time.
    """

    #: The arrays that may be too large to be held.
    bulky: ClassVar[tuple[str, ...]]
    cells_at_once: ClassVar[int] = 16

    def _arrays(self, cells: Cells, keys: np.ndarray) -> dict[str, Any]:
        if self._fits(len(cells)):
            return super()._arrays(cells, keys)
        rows, slots = keys.shape
        blanks = self._blank()
        arrays: dict[str, Any] = {
            name: np.zeros((rows, slots, *blank.shape), blank.dtype)
            for name, blank in blanks.items()
            if name not in self.bulky
        }
        for name in self.bulky:
            arrays[name] = StoredRows(self._reader(name, cells, keys), rows, slots, blanks[name])
        return arrays

    def _fits(self, rows: int) -> bool:
        bulk = sum(self._blank()[name].nbytes for name in self.bulky)
        return rows * len(self.columns) * bulk <= min(HELD, default_cache().limit)

    def _reader(self, name: str, cells: Cells, keys: np.ndarray) -> Callable[[int, int], np.ndarray]:
        """What reads one array of one cell again.

        Raises:
            DataError: The file changed, or cannot be read any more.
        """

        def read(row: int, slot: int) -> np.ndarray:
            column = self.columns[slot]
            value = cells.frame[column].iloc[row]
            where = f"row {row}, column {column!r}"
            outcome = caught(self._read_cell, value, cells.root)
            if isinstance(outcome, UnreadableCellError):
                raise DataError(f"{value} could be read before and now {outcome.what}", where=where, fix=outcome.fix)
            key, decoded = outcome
            if key != keys[row, slot]:
                raise DataError(f"{value} changed while it was used", where=where, fix="start again")
            return decoded[name]

        return read

    def _read_chunk(
        self, chunk: Sequence[Cell], root: Path, pool: ThreadPoolExecutor
    ) -> list[Outcome | UnreadableCellError]:
        # A file's bytes are let go before the next one is read.
        return list(pool.map(lambda cell: caught(self._read_cell, cell.value, root), chunk))

    def _read_cell(self, value: Any, root: Path) -> Outcome:
        content = self.content(value, root)
        key = self._content_key(content)
        return key, default_cache().arrays(key.decode(), lambda: self._decoded(content))

    def _decoded(self, content: bytes) -> dict[str, np.ndarray]:
        return {name: np.asarray(array) for name, array in self.decode(content).items()}
