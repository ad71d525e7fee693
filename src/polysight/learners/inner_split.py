"""The rows of a training table that choose the best epoch."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int

from polysight.core.errors import DataError
from polysight.core.events import emit
from polysight.core.randomness import derived_seed
from polysight.data.splits import holdout

#: Fewer rows than this choose an epoch by luck.
LEAST_ROWS = 30


def inner_split(
    codes: Int[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None, *, fraction: float, seed: int
) -> tuple[Int[np.ndarray, " row"], Int[np.ndarray, " row"] | None]:
    """Rows to train on and rows to choose by; all and None where choosing would be luck, or cannot be.

    The event ``no_validation`` says why there are none although a fraction was asked for.
    """
    everything = np.arange(len(codes))
    if not fraction:
        return everything, None
    if fraction * len(codes) < LEAST_ROWS:
        emit("no_validation", reason=f"{len(codes)} rows are too few to set some aside")
        return everything, None
    try:
        return holdout(codes, groups, fraction=fraction, seed=derived_seed(seed, "validation"))
    except DataError as error:
        emit("no_validation", reason=error.what)
        return everything, None
