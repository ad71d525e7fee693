"""The cache: what is expensive to recompute, kept on disk under a key made of content and settings."""

from __future__ import annotations

import contextlib
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file
from scipy.sparse import csr_array

from polysight.core.errors import ConfigError, StorageError
from polysight.core.events import emit
from polysight.core.files import atomic_path
from polysight.data.view import Matrix

#: Raised whenever the layout of an entry changes, so that older entries are rebuilt.
FORMAT = 1
#: With so many entries, a sixteenth of the limit is freed at once, and the folder is looked through when that is full.
MANY_ENTRIES = 64
#: How many bytes the cache may hold unless ``$POLYSIGHT_CACHE_LIMIT`` says otherwise.
DEFAULT_LIMIT = 10 * 1000**3

Arrays = dict[str, np.ndarray]


class Cache:
    """Arrays by key, one safetensors file an entry; a torn or foreign entry is rebuilt, never trusted.

    Entries are written atomically, so processes may share a folder. Arrays come back in memory of their own:
    they may be changed, and stay whole when the file is evicted. Nothing that is wrong with the disk ever
    reaches the caller: the first failure to write is told once (event ``cache_unavailable``), then nothing
    more is kept.

    Args:
        folder: Where entries are kept; None keeps nothing.
        limit: How many bytes the folder may hold; the least recently used entries go first.
    """

    def __init__(self, folder: Path | None = None, *, limit: int = DEFAULT_LIMIT) -> None:
        self.folder = folder
        self.limit = limit
        self._writable = folder is not None
        self._room = 0

    def arrays(self, key: str, compute: Callable[[], Arrays]) -> Arrays:
        """The arrays kept under ``key``, computed and kept on the first call.

        Raises:
            TypeError: ``compute`` gives an array that is not numeric (objects, text), for which no file is safe.
        """
        if self.folder is None:
            return compute()
        path = self.folder / f"{blake2b(key.encode(), digest_size=16).hexdigest()}.safetensors"
        found = _read(path, key)
        if found is None:
            found = compute()
            self._keep(path, key, found)
        return found

    def matrix(self, key: str, compute: Callable[[], Matrix]) -> Matrix:
        """The dense array or sparse matrix (CSR) kept under ``key``, computed and kept on the first call."""
        return _joined(self.arrays(key, lambda: _parts(compute())))

    def _keep(self, path: Path, key: str, arrays: Arrays) -> None:
        for name, array in arrays.items():
            if array.dtype.kind not in "biuf":
                raise TypeError(f"array {name!r} of dtype {array.dtype} cannot be cached: only numbers can")
        if not self._writable or sum(array.nbytes for array in arrays.values()) > self.limit:
            return
        ordered = {name: np.asarray(array, order="C") for name, array in arrays.items()}
        try:
            with atomic_path(path) as temporary:
                save_file(ordered, temporary, metadata=_header(key, ordered))
            # Looking through the folder at each write would take ever longer the more entries there are.
            self._room -= path.stat().st_size
            if self._room < 0:
                self._room = _evict(path.parent, self.limit)
        except (OSError, SafetensorError) as error:
            self._writable = False
            emit("cache_unavailable", reason=error.what if isinstance(error, StorageError) else str(error))


class ShortMemory(Cache):
    """A cache that keeps entries in memory, as long as it is itself kept."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, Arrays] = {}

    def arrays(self, key: str, compute: Callable[[], Arrays]) -> Arrays:
        """The arrays kept under ``key``, computed and kept on the first call; nobody may change them."""
        if key not in self._kept:
            self._kept[key] = compute()
        return self._kept[key]


_instead: ContextVar[Cache | None] = ContextVar("cache_instead", default=None)


@contextlib.contextmanager
def without_cache() -> Iterator[None]:
    """Nothing is kept and nothing is found, whatever the environment says: for measuring how long work takes."""
    token = _instead.set(Cache())
    try:
        yield
    finally:
        _instead.reset(token)


@contextlib.contextmanager
def passing_cache() -> Iterator[None]:
    """What is computed inside the block is shared there and then forgotten: for rows nobody will ask for again."""
    token = _instead.set(ShortMemory())
    try:
        yield
    finally:
        _instead.reset(token)


def default_cache() -> Cache:
    """The cache of this process: ``$POLYSIGHT_CACHE`` (``off`` for none), else the user's cache folder.

    Raises:
        ConfigError: ``$POLYSIGHT_CACHE_LIMIT`` is not a size such as ``500MB`` or ``10GB``.
    """
    instead = _instead.get()
    if instead is not None:
        return instead
    chosen = os.environ.get("POLYSIGHT_CACHE", "").strip()
    limit = _size(os.environ.get("POLYSIGHT_CACHE_LIMIT", "").strip())
    if chosen.lower() == "off":
        return _opened(None, limit)
    if chosen:
        return _opened(Path(chosen), limit)
    return _opened(_user_folder(), limit)


def _user_folder() -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path("~/.cache").expanduser()) / "polysight"
    except RuntimeError:
        # A user without a home (some containers) has nowhere to keep a cache.
        return None


@lru_cache(maxsize=8)
def _opened(folder: Path | None, limit: int) -> Cache:
    return Cache(folder, limit=limit)


def _size(text: str) -> int:
    if not text:
        return DEFAULT_LIMIT
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)b?", text.lower())
    if match is None:
        raise ConfigError(f"{text!r} is not a size", where="POLYSIGHT_CACHE_LIMIT", fix="write it like 500MB or 10GB")
    return int(float(match[1]) * 1000 ** " kmgt".index(match[2] or " "))


def _evict(folder: Path, limit: int) -> int:
    """Remove the least recently used entries beyond the limit; how many bytes may be written before the next look."""
    entries = []
    # What a killed process left half-written has the same ending and ages like any other entry.
    for path in folder.glob("*.safetensors"):
        # Another process may evict the same entry in between.
        with contextlib.suppress(FileNotFoundError):
            status = path.stat()
            entries.append((status.st_mtime_ns, status.st_size, path))
    held = sum(size for _, size, _ in entries)
    spare = limit // 16 if len(entries) > MANY_ENTRIES else 0
    if held > limit:
        for _, size, path in sorted(entries):
            if held <= limit - spare:
                break
            path.unlink(missing_ok=True)
            held -= size
    # Other processes write too: nobody relies on more than a small part of what is free.
    return min(limit - held, spare)


def _read(path: Path, key: str) -> Arrays | None:
    try:
        # Not memory-mapped: a mapped file that somebody truncates kills the process.
        with safe_open(path, framework="np", backend="pread") as file:
            metadata, arrays = file.metadata(), file.get_tensors()
    except (OSError, SafetensorError, KeyError, ValueError):
        return None
    if metadata != _header(key, arrays):
        return None
    # The time of last use, which eviction goes by; a folder that is read-only keeps the old one.
    with contextlib.suppress(OSError):
        os.utime(path)
    return dict(arrays)


def _header(key: str, arrays: Mapping[str, np.ndarray]) -> dict[str, str]:
    return {"key": key, "format": str(FORMAT), "polysight": _library_version(), "crc32": _checksum(arrays)}


@lru_cache(maxsize=1)
def _library_version() -> str:
    return version("polysight")


def _checksum(arrays: Mapping[str, np.ndarray]) -> str:
    checksum = 0
    for name in sorted(arrays):
        array = arrays[name]
        checksum = zlib.crc32(f"{name} {array.dtype.name} {array.shape}".encode(), checksum)
        checksum = zlib.crc32(array.data.cast("B") if array.size else b"", checksum)
    return f"{checksum:08x}"


def _parts(matrix: Matrix) -> Arrays:
    if isinstance(matrix, np.ndarray):
        return {"dense": matrix}
    shape = np.asarray(matrix.shape, dtype=np.int64)
    return {"data": matrix.data, "indices": matrix.indices, "indptr": matrix.indptr, "shape": shape}


def _joined(parts: Arrays) -> Matrix:
    if "dense" in parts:
        return parts["dense"]
    return csr_array((parts["data"], parts["indices"], parts["indptr"]), shape=tuple(parts["shape"].tolist()))
