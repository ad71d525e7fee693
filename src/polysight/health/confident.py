"""Confident learning: rows whose label a model, which has not seen them, confidently takes for another.

Source: C. Northcutt, L. Jiang, I. Chuang, "Confident learning: estimating uncertainty in dataset labels", JAIR 2021
(equations 1 to 3). A row is counted as class j when its probability of j reaches the mean probability of j among
rows labelled j; where several classes qualify, the most probable counts. Rows off the diagonal of these counts are
suspects. Departures: rows that qualify for no class are counted nowhere, and suspects are ordered by the probability
of their own label (the least first).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int


class Confident(NamedTuple):
    """What confident learning says.

    Attributes:
        counts: Rows by label given and class confidently predicted.
        joint: The estimated share of rows by label given and true class; sums to 1.
        suspects: Rows that are probably labelled wrongly, the most probable first.
        suggested: The class each of them probably has.
    """

    counts: Int[np.ndarray, "class class"]
    joint: Float[np.ndarray, "class class"]
    suspects: Int[np.ndarray, " suspect"]
    suggested: Int[np.ndarray, " suspect"]


def confident_learning(codes: Int[np.ndarray, " row"], probabilities: Float[np.ndarray, "row class"]) -> Confident:
    """Find probable label errors.

    Args:
        codes: The label given to each row; every class has rows.
        probabilities: What a model that did not learn from the row thinks of it.
    """
    rows, classes = probabilities.shape
    given = np.bincount(codes, minlength=classes)
    own = probabilities[np.arange(rows), codes]
    thresholds = np.bincount(codes, weights=own, minlength=classes) / np.maximum(given, 1)
    # A class without rows has no threshold to reach; the margin takes rounding out of ties.
    qualified = (probabilities >= thresholds - 1e-12) & (given > 0)
    likely = np.where(qualified, probabilities, -1.0).argmax(axis=1)
    counted = qualified.any(axis=1)
    counts = np.zeros((classes, classes), dtype=np.intp)
    np.add.at(counts, (codes[counted], likely[counted]), 1)
    suspects = np.flatnonzero(counted & (likely != codes))
    suspects = suspects[np.argsort(own[suspects], kind="stable")]
    return Confident(counts, _joint(counts, given), suspects, likely[suspects])


def _joint(
    counts: Int[np.ndarray, "class class"], given: Int[np.ndarray, " class"]
) -> Float[np.ndarray, "class class"]:
    """Counts scaled so that each label has the share of rows it was given to; one never counted is taken as right."""
    scaled = counts + np.diag(np.where(counts.sum(axis=1) == 0, 1, 0))
    joint = scaled / scaled.sum(axis=1, keepdims=True) * given[:, None]
    return joint / joint.sum()
