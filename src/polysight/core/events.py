"""Events: what long work says while it runs. The work emits; whoever cares listens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Listener = Callable[[str, dict[str, Any]], None]

_listeners: ContextVar[tuple[Listener, ...]] = ContextVar("listeners", default=())


def emit(name: str, **facts: Any) -> None:
    """Tell every listener what happened; costs nothing when nobody listens."""
    for listener in _listeners.get():
        listener(name, facts)


@contextmanager
def listen(listener: Listener) -> Iterator[None]:
    """Call ``listener(name, facts)`` for each event inside the block."""
    token = _listeners.set((*_listeners.get(), listener))
    try:
        yield
    finally:
        _listeners.reset(token)
