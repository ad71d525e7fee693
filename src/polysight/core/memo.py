"""Memo: what members of one ensemble have in common - a dictionary learned on the rows of a fold - is computed once.

Several members look at the same feature sets and learn from the same rows. Inside ``remembering`` what is learned from
rows is kept under their content, so that the second member finds what the first one learned; and what a model computes
of an input is kept for the next question about the same rows, whatever else of them is hidden then. Outside nothing is
kept.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

#: How many bytes of arrays are kept; what was not asked for longest goes first.
LIMIT = 10**9


class Memo:
    """Values by key, as many as fit.

    Args:
        limit: How many bytes of arrays may be kept.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0

    def get(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The value under a key, computed the first time."""
        if key in self._kept:
            self._kept.move_to_end(key)
            found: T = self._kept[key][0]
            return found
        value = compute()
        size = _bytes_of(value)
        self._kept[key] = value, size
        self._bytes += size
        while self._bytes > self.limit and self._kept:
            self._bytes -= self._kept.popitem(last=False)[1][1]
        return value


_memo: ContextVar[Memo | None] = ContextVar("memo", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Keep what is learned inside the block, until its end."""
    token = _memo.set(Memo())
    try:
        yield
    finally:
        _memo.reset(token)


@contextmanager
def remembering_here() -> Iterator[None]:
    """As ``remembering``, unless a block around this one remembers already: then its memory serves."""
    if _memo.get() is not None:
        yield
    else:
        with remembering():
            yield


def remembered(key: Hashable, compute: Callable[[], T]) -> T:
    """What is kept under a key, or computed; inside ``remembering`` it is then kept. Nobody may change it."""
    memo = _memo.get()
    return compute() if memo is None else memo.get(key, compute)


def _bytes_of(value: Any) -> int:
    if isinstance(value, tuple):
        return sum(_bytes_of(part) for part in value)
    # NumPy's and torch's arrays; sparse matrices have several.
    if hasattr(value, "nbytes"):
        return int(value.nbytes)
    return sum(getattr(value, name).nbytes for name in ("data", "indices", "indptr") if hasattr(value, name))
