"""Randomness: every random choice comes from a generator with a name, so that no two parts share a stream."""

from __future__ import annotations

import hashlib

import numpy as np


def derived_seed(seed: int, *names: object) -> int:
    """A seed for one purpose, from the user's seed and the purpose's name; stable across processes."""
    text = "/".join(str(part) for part in (seed, *names))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little")


def generator(seed: int, *names: object) -> np.random.Generator:
    """A NumPy generator for one purpose."""
    return np.random.default_rng(derived_seed(seed, *names))
