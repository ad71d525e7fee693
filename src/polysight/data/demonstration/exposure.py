"""Exposure: how bright and how rich in contrast a recording is says nothing about what it shows."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, UInt8


def exposed(
    values: Float[np.ndarray, "..."],
    rng: np.random.Generator,
    mean: tuple[float, float] = (0.0, 0.0),
    deviation: tuple[float, float] = (1.0, 1.0),
) -> Float[np.ndarray, "..."]:
    """The values, brought to a mean and a deviation drawn from these ranges, as an automatic exposure would.

    So whoever looks at nothing but the mean and the variance of a recording learns nothing from it.
    """
    spread = max(float(values.std()), 1e-9)
    return (values - values.mean()) / spread * rng.uniform(*deviation) + rng.uniform(*mean)


def as_bytes(values: Float[np.ndarray, "..."], rng: np.random.Generator) -> UInt8[np.ndarray, "..."]:
    """The same as 8 bits, of an ordinary exposure."""
    bright = exposed(values, rng, mean=(105.0, 150.0), deviation=(24.0, 42.0))
    return np.rint(bright).clip(0, 255).astype(np.uint8)
