"""Modalities whose cells are read one by one: a file each, or a text each. Read in threads, kept in the cache."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from polysight.core.devices import cpu_count
from polysight.core.errors import UnreadableCellError
from polysight.core.files import resolve_inside
from polysight.data.cache import default_cache
from polysight.data.view import MISSING_KEY, Cells, Problem, View, content_key
from polysight.modalities.base import Modality

#: One decoded cell: named arrays of fixed shape and dtype.
Decoded = Mapping[str, np.ndarray]
#: The content key of a cell, and the cell decoded.
Outcome = tuple[bytes, Decoded]

#: How many cells are in memory as bytes at once, unless a modality says otherwise; also what a cache entry holds.
CHUNK = 128
#: The largest file that is read, in bytes.
LARGEST_FILE = 2 * 1000**3


T = TypeVar("T")


class Cell(NamedTuple):
    """A cell that is not empty, and where it stands."""

    row: int
    slot: int
    value: Any


@dataclass(frozen=True, kw_only=True)
class CellwiseModality(Modality):
    """Reads each cell on its own: ``load`` gives its bytes, ``decode`` turns bytes into arrays of fixed shape."""

    #: Raised whenever decoding changes, so that older cache entries are not used.
    decoder_version: ClassVar[int] = 1
    #: What an absent slot holds, for arrays where that is not zero.
    blanks: ClassVar[Mapping[str, float | str]] = {}
    #: Whether decoding is worth keeping on disk.
    decoding_is_slow: ClassVar[bool] = True
    #: How many cells are in memory as bytes at once; fewer where a cell may have hundreds of megabytes.
    cells_at_once: ClassVar[int] = CHUNK

    def content(self, value: Any, root: Path) -> bytes:
        """The bytes of a cell, whatever it holds; by default those ``load`` finds for its text.

        Raises:
            UnreadableCellError: There are none.
        """
        return self.load(str(value), root)

    def load(self, cell: str, root: Path) -> bytes:
        """The content of a cell that is text; by default the bytes of the file it names.

        Raises:
            UnreadableCellError: The file is not there, not readable, larger than 2 GB or outside the root.
        """
        path = resolve_inside(cell, root)
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise UnreadableCellError("too_large", "the file is larger than 2 GB", path=cell, fix="make it smaller")
            return path.read_bytes()
        except OSError as error:
            raise UnreadableCellError("unreadable", f"cannot be read: {error.strerror}", path=cell) from None

    @abstractmethod
    def decode(self, content: bytes) -> Decoded:
        """Turn a cell's content into arrays, whose shapes depend on settings alone.

        Raises:
            UnreadableCellError: The content is not what it should be.
        """

    @abstractmethod
    def blank(self) -> Decoded:
        """What ``decode`` would give for a cell that is not there: the same shapes and dtypes, nothing in them."""

    @abstractmethod
    def decoding_settings(self) -> dict[str, Any]:
        """The settings ``decode`` depends on; part of every content key."""

    def read(self, cells: Cells) -> View:
        """Read every cell: empty ones are absent, unreadable ones absent with a Problem."""
        found = self._filled(cells)
        shape = (len(cells), len(self.columns))
        present, keys = np.zeros(shape, dtype=bool), np.full(shape, MISSING_KEY)
        arrays = self._arrays(cells, keys)
        problems: list[Problem] = []
        with ThreadPoolExecutor(max_workers=cpu_count()) as pool:
            # In chunks, so that the files of a large table are never in memory all at once.
            for start in range(0, len(found), self.cells_at_once):
                chunk = found[start : start + self.cells_at_once]
                for cell, outcome in zip(chunk, self._read_chunk(chunk, cells.root, pool), strict=True):
                    if isinstance(outcome, UnreadableCellError):
                        problems.append(_problem(cell, str(self.columns[cell.slot]), outcome))
                        continue
                    present[cell.row, cell.slot] = True
                    keys[cell.row, cell.slot], decoded = outcome
                    for name, array in arrays.items():
                        array[cell.row, cell.slot] = decoded[name]
        return View(arrays, present, _row_keys(keys), tuple(problems), self.blanks)

    def _arrays(self, cells: Cells, keys: np.ndarray) -> dict[str, Any]:
        """Arrays for all cells, in which every slot is absent; ``keys`` will hold the content key of each."""
        shape = (len(cells), len(self.columns))
        return {
            name: np.full((*shape, *blank.shape), self.blanks.get(name, 0), dtype=blank.dtype)
            for name, blank in self._blank().items()
        }

    def _filled(self, cells: Cells) -> list[Cell]:
        return [
            Cell(row, slot, value)
            for slot, column in enumerate(self.columns)
            for row, value in enumerate(cells.frame[column].tolist())
            if not is_empty(value)
        ]

    def _read_chunk(
        self, chunk: Sequence[Cell], root: Path, pool: ThreadPoolExecutor
    ) -> list[Outcome | UnreadableCellError]:
        contents = list(pool.map(lambda cell: caught(self.content, cell.value, root), chunk))
        outcomes = iter(self._decode_chunk([c for c in contents if isinstance(c, bytes)], pool))
        return [next(outcomes) if isinstance(content, bytes) else content for content in contents]

    def _decode_chunk(self, contents: Sequence[bytes], pool: ThreadPoolExecutor) -> list[Outcome | UnreadableCellError]:
        if not contents:
            return []
        keys = [self._content_key(content) for content in contents]

        def compute() -> dict[str, np.ndarray]:
            outcomes = list(pool.map(lambda content: caught(self.decode, content), contents))
            failures = [[o.reason, o.what, o.fix] if isinstance(o, UnreadableCellError) else [] for o in outcomes]
            stacked = {
                name: np.stack([blank if isinstance(o, UnreadableCellError) else o[name] for o in outcomes])
                for name, blank in self._blank().items()
            }
            return {**stacked, "failures": np.frombuffer(json.dumps(failures).encode(), dtype=np.uint8)}

        arrays = default_cache().arrays(content_key(keys).decode(), compute) if self.decoding_is_slow else compute()
        failures = json.loads(arrays["failures"].tobytes())
        return [
            UnreadableCellError(failure[0], failure[1], fix=failure[2])
            if failure
            else (keys[position], {name: array[position] for name, array in arrays.items() if name != "failures"})
            for position, failure in enumerate(failures)
        ]

    def _content_key(self, content: bytes) -> bytes:
        settings = json.dumps([self.kind, self.decoder_version, self.decoding_settings()], sort_keys=True)
        return content_key([settings, content])

    def _blank(self) -> dict[str, np.ndarray]:
        return {name: np.asarray(value) for name, value in self.blank().items()}


def is_empty(value: Any) -> bool:
    """Whether a cell holds nothing: None, NaN, NA, NaT, or text without a single visible character."""
    if isinstance(value, str):
        return not value.strip()
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def caught(function: Callable[..., T], *args: Any) -> T | UnreadableCellError:
    """What a function gives, or the error that says why a cell cannot be read."""
    try:
        return function(*args)
    except UnreadableCellError as error:
        return error


def _problem(cell: Cell, column: str, error: UnreadableCellError) -> Problem:
    # A cell that holds an object (an array, say) is named by its type, not spelled out.
    file = str(cell.value)[:500] if pd.api.types.is_scalar(cell.value) else f"<{type(cell.value).__name__}>"
    return Problem(cell.row, column, file, error.reason, error.what, error.fix)


def _row_keys(cell_keys: np.ndarray) -> np.ndarray:
    if cell_keys.shape[1] == 1:
        return cell_keys[:, 0]
    joined = [
        MISSING_KEY if (row == MISSING_KEY).all() else content_key([bytes(key) for key in row]) for row in cell_keys
    ]
    return np.asarray(joined, dtype=cell_keys.dtype)
