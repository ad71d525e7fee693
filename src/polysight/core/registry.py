"""Registries: names to classes, imported only when asked for; third parties join through entry points."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any

from polysight.core.errors import ConfigError, did_you_mean


class Registry(Mapping[str, str]):
    """``kind -> "module:Class"``; listing imports nothing, ``load`` imports one class.

    Packages add kinds of their own with an entry point in the group ``polysight.<noun>``.

    Args:
        noun: What the kinds are ("fusion", "modality"...), used in messages and as the entry-point group.
        entries: The kinds polysight brings.
    """

    def __init__(self, noun: str, entries: Mapping[str, str]) -> None:
        self.noun = noun
        self._entries = dict(entries)

    def _all(self) -> dict[str, str]:
        return _from_entry_points(self.noun) | self._entries

    def __getitem__(self, kind: str) -> str:
        return self._all()[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def load(self, kind: str) -> type[Any]:
        """Import and return the class of a kind.

        Raises:
            ConfigError: No such kind; the nearest name is offered.
        """
        entries = self._all()
        if kind not in entries:
            raise ConfigError(
                f"there is no {self.noun} named {kind!r}",
                fix=did_you_mean(kind, entries) or f"choose one of: {', '.join(sorted(entries))}",
            )
        module, _, name = entries[kind].partition(":")
        loaded: type[Any] = getattr(importlib.import_module(module), name)
        return loaded


@lru_cache
def _from_entry_points(noun: str) -> dict[str, str]:
    """What other packages bring. Asked once: looking through all installed packages takes milliseconds."""
    return {point.name: point.value for point in entry_points(group=f"polysight.{noun}")}
