"""The small problem with other targets than its label: an amount, and tags; shared by tests."""

import numpy as np
import pandas as pd

from small_problem import small_table


def small_targets(rows=120, seed=0, missing=0.1):
    """``amount`` follows text and numbers, ``tags`` (``warm``, ``tall``) the two halves of ``label``."""
    frame = small_table(rows, seed, missing)
    told = pd.to_numeric(frame["height"], errors="coerce").fillna(0.0)
    blue = frame["label"].isin(["c", "d"])
    amount = 100 + 2.0 * blue + 3.0 * told + np.random.default_rng(seed).normal(0, 0.2, rows)
    tags = {"a": "warm", "b": "warm|tall", "c": "", "d": "tall"}
    return frame.assign(amount=amount.round(4).astype(str), tags=frame["label"].map(tags))
