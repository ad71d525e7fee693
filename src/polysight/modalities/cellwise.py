"""Modalities whose cells are read one by one: a file each, or a text each. Read in threads, kept in the cache."""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

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


@dataclass(frozen=True, kw_only=True)
class CellwiseModality(Modality):
    """Reads each cell on its own: ``load`` gives its bytes, ``decode`` turns bytes into arrays of fixed shape."""

    #: Raised whenever decoding changes, so that older cache entries are not used.
    decoder_version: ClassVar[int] = 1
    #: What an absent slot holds, for arrays where that is not zero.
    blanks: ClassVar[Mapping[str, float | str]] = {}

    def load(self, cell: str, root: Path) -> bytes:
        """The content of a cell; by default the bytes of the file it names.

        Raises:
            UnreadableCellError: The file is not there, not readable or outside the root.
        """
        path = resolve_inside(cell, root)
        try:
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
        settings = json.dumps([self.kind, self.decoder_version, self.decoding_settings()], sort_keys=True)
        flat = [
            (row, str(column), value)
            for column in self.columns
            for row, value in enumerate(cells.frame[column].tolist())
            if not _is_empty(value)
        ]
        with ThreadPoolExecutor(max_workers=cpu_count()) as pool:
            contents = list(pool.map(lambda item: self._loaded(item[2], cells.root), flat))
            keys = [
                content_key([settings, content]) if isinstance(content, bytes) else MISSING_KEY for content in contents
            ]
            failures: list[list[str]] = []

            def compute() -> dict[str, np.ndarray]:
                decoded = list(pool.map(self._decoded, contents))
                failures[:] = [[d.reason, d.what, d.where, d.fix] if isinstance(d, Exception) else [] for d in decoded]
                stacked = {
                    name: np.stack([blank if isinstance(d, Exception) else d[name] for d in decoded])
                    for name, blank in self.blank().items()
                }
                notes = np.frombuffer(json.dumps(failures).encode(), dtype=np.uint8)
                return {**stacked, "failures": notes}

            if flat:
                name = content_key([settings, *keys, *_load_errors(contents)]).decode()
                found = default_cache().arrays(name, compute) if self.decoding_is_slow else compute()
                failures = json.loads(bytes(found["failures"]))
            else:
                found = {}
        return self._assemble(cells, flat, found, failures, keys)

    #: Whether decoding is worth keeping on disk.
    decoding_is_slow: ClassVar[bool] = True

    def _loaded(self, value: Any, root: Path) -> bytes | UnreadableCellError:
        try:
            return self.load(str(value), root)
        except UnreadableCellError as error:
            return error

    def _decoded(self, content: bytes | UnreadableCellError) -> Decoded | UnreadableCellError:
        if isinstance(content, UnreadableCellError):
            return content
        try:
            return self.decode(content)
        except UnreadableCellError as error:
            return error

    def _assemble(
        self,
        cells: Cells,
        flat: list[tuple[int, str, Any]],
        found: Mapping[str, np.ndarray],
        failures: list[list[str]],
        keys: list[bytes],
    ) -> View:
        slots = {column: slot for slot, column in enumerate(self.columns)}
        shape = (len(cells), len(self.columns))
        arrays = {
            name: np.full((*shape, *np.shape(blank)), self.blanks.get(name, 0), dtype=np.asarray(blank).dtype)
            for name, blank in self.blank().items()
        }
        present = np.zeros(shape, dtype=bool)
        cell_keys = np.full(shape, MISSING_KEY)
        problems = []
        for position, (row, column, value) in enumerate(flat):
            if failures[position]:
                reason, what, _, fix = failures[position]
                problems.append(Problem(row, column, str(value)[:500], reason, what, fix))
                continue
            present[row, slots[column]] = True
            cell_keys[row, slots[column]] = keys[position]
            for name, array in arrays.items():
                array[row, slots[column]] = found[name][position]
        return View(arrays, present, _row_keys(cell_keys), tuple(problems), self.blanks)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or bool(pd.isna(value))


def _load_errors(contents: list[bytes | UnreadableCellError]) -> list[str]:
    return [f"{c.reason}:{c.what}" for c in contents if isinstance(c, UnreadableCellError)]


def _row_keys(cell_keys: np.ndarray) -> np.ndarray:
    if cell_keys.shape[1] == 1:
        return cell_keys[:, 0]
    joined = [
        MISSING_KEY if (row == MISSING_KEY).all() else content_key([bytes(key) for key in row]) for row in cell_keys
    ]
    return np.asarray(joined, dtype=cell_keys.dtype)
