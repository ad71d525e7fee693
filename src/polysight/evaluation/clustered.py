"""Standard errors of means over rows of which some belong together.

Source: Liang and Zeger, "Longitudinal data analysis using generalized linear models", Biometrika 1986: sums over
clusters are independent where rows are not.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int


def clustered_error(values: Float[np.ndarray, " row"], groups: Int[np.ndarray, " row"] | None) -> float:
    """The standard error of the mean of ``values``, rows of one group counted as dependent.

    Infinite where there is one group: nothing is known about others then.
    """
    names, cluster = (
        (np.arange(len(values)), np.arange(len(values))) if groups is None else np.unique(groups, return_inverse=True)
    )
    count = len(names)
    if count < 2:
        return np.inf
    deviation = np.bincount(cluster, weights=values - values.mean())
    return float(np.sqrt((deviation**2).sum() * count / (count - 1))) / len(values)
