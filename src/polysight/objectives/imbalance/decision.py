"""Decisions: which class is said, given honest probabilities - and why not always the likeliest.

The likeliest class makes fewest mistakes. The mean of the classes' recalls is largest when each probability is first
divided by the class's share of the table (the Bayes rule for macro-recall). Between the two lies a power of the share.

Source: Menon, Jayasumana, Rawat, Jain, Veit, Kumar, Long-tail Learning via Logit Adjustment, ICLR 2021 (post hoc);
Saerens, Latinne, Decaestecker, Adjusting the Outputs of a Classifier to New a Priori Probabilities, Neural Computation
2002 (shares taught with, divided out).
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int

#: The powers tried, from the Bayes rule of macro-recall to that of accuracy.
POWERS = (1.0, 0.75, 0.5, 0.25, 0.0)


def choose(
    probabilities: Float[np.ndarray, "row class"], factors: Float[np.ndarray, "*row class"] | None
) -> Int[np.ndarray, " row"]:
    """The class said of each row: the largest probability times factor; of (nearly) equal ones the likeliest.

    Args:
        probabilities: Honest ones. A row of which nothing is known has the prior, and so keeps the commonest class.
        factors: One a class, or one a row and class; None decides for the likeliest.
    """
    if factors is None:
        return probabilities.argmax(axis=1)
    scores = probabilities * factors
    nearly = scores >= scores.max(axis=1, keepdims=True) * (1 - 1e-9)
    return np.where(nearly, probabilities, -1.0).argmax(axis=1)


def natural(
    probabilities: Float[np.ndarray, "row class"], shift: Float[np.ndarray, " class"] | None
) -> Float[np.ndarray, "row class"]:
    """Probabilities with the factors of teaching divided out: those of the class shares the table has."""
    if shift is None:
        return probabilities
    scores = probabilities / shift
    return scores / scores.sum(axis=1, keepdims=True)


def best_power(
    probabilities: Float[np.ndarray, "row class"],
    codes: Int[np.ndarray, " row"],
    prior: Float[np.ndarray, " class"],
) -> float:
    """The power of the prior to divide by, from ``POWERS``: 1, unless another has a clearly better macro-recall.

    Rare classes have few rows to judge by, so another power must win by more than two standard errors of the paired
    difference to be taken.

    Args:
        probabilities: Honest probabilities of rows that taught nothing.
        codes: Their classes.
        prior: The class shares of the table.
    """
    hits = np.column_stack([choose(probabilities, prior**-power) == codes for power in POWERS])
    recalls = _macro(hits, codes)
    best = int(recalls.argmax())
    for place, recall in enumerate(recalls):
        if recalls[best] - recall <= 2 * _macro_error(hits[:, best] * 1.0 - hits[:, place], codes):
            return POWERS[place]
    return POWERS[best]


def _macro(hits: Bool[np.ndarray, "row power"], codes: Int[np.ndarray, " row"]) -> Float[np.ndarray, " power"]:
    return np.mean([hits[codes == code].mean(axis=0) for code in np.unique(codes)], axis=0)


def _macro_error(differences: Float[np.ndarray, " row"], codes: Int[np.ndarray, " row"]) -> float:
    """The standard error of a mean over classes of means over their rows."""
    own = [differences[codes == code] for code in np.unique(codes)]
    return float(np.sqrt(sum(values.var() / len(values) for values in own)) / len(own))
