"""Changes to training rows that leave the label alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from polysight.modalities.base import Arrays
from polysight.modalities.tabular.coding import MISSING, OTHER


def column_dropout(arrays: Arrays, rng: np.random.Generator, probability: float = 0.1) -> Arrays:
    """Hide cells: numbers become missing, categories missing or unknown, each with the given probability.

    A network so learns what to do without a column, and with a level it has never seen.
    """
    hidden_numbers = rng.random(arrays["numbers"].shape) < probability
    hidden_categories = rng.random(arrays["categories"].shape) < probability
    instead = rng.choice([MISSING, OTHER], size=arrays["categories"].shape)
    return {
        "numbers": np.where(hidden_numbers, np.float32(0), arrays["numbers"]),
        "missing": arrays["missing"] | hidden_numbers,
        "categories": np.where(hidden_categories, instead, arrays["categories"]),
    }


AUGMENTATIONS: Mapping[str, Callable[[Arrays, np.random.Generator], Arrays]] = {"column_dropout": column_dropout}
