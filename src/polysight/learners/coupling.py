"""From votes between pairs of classes to one score a class, smoothly.

Support vector machines decide between every two classes. Counting votes throws away by how much; here each
decision value counts by its log-sigmoid, so that a close vote counts little.

Source: Hastie and Tibshirani, "Classification by pairwise coupling", Annals of Statistics 1998.
Departures: the mean log-probability of a class against each other one, instead of their iterative fit; the scale
that makes scores into probabilities is a temperature fitted on held-out rows.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float
from scipy.special import log_expit

#: A decision value of 1 is the margin: well beyond chance, short of certain.
STEEPNESS = 2.0


def coupled_scores(decisions: Float[np.ndarray, "row ..."]) -> Float[np.ndarray, "row class"]:
    """Class scores from one-against-one decision values.

    Args:
        decisions: What ``SVC(decision_function_shape="ovo").decision_function`` gives: [row] for two classes (positive
            is the second class), else [row, pair] in the order (0, 1), (0, 2), ..., (1, 2), ... (positive is the
            first).

    Returns:
        Scores whose softmax, at some temperature, are probabilities.
    """
    if decisions.ndim == 1:
        return np.column_stack([log_expit(-STEEPNESS * decisions), log_expit(STEEPNESS * decisions)])
    classes = int((1 + np.sqrt(1 + 8 * decisions.shape[1])) / 2)
    first, second = np.triu_indices(classes, k=1)
    scores = np.zeros((len(decisions), classes))
    for pair, (i, j) in enumerate(zip(first, second, strict=True)):
        scores[:, i] += log_expit(STEEPNESS * decisions[:, pair])
        scores[:, j] += log_expit(-STEEPNESS * decisions[:, pair])
    return scores / (classes - 1)
