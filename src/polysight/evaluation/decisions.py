"""Decisions: what the predicted labels alone say - accuracy, precision, recall, F1 and Matthews' coefficient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import csr_array


@dataclass(frozen=True, eq=False)
class Counts:
    """Weighted counts of each class, for several weightings of the same rows at once.

    Attributes:
        hits: Rows of the class that were predicted as the class.
        support: Rows of the class.
        predicted: Rows predicted as the class.
    """

    hits: Float[np.ndarray, "class resample"]
    support: Float[np.ndarray, "class resample"]
    predicted: Float[np.ndarray, "class resample"]


class Decisions:
    """The true and predicted class of each row, ready to be counted under any weights.

    A true code of -1 is a label the model has never seen: it counts as one more class that is always missed.

    Args:
        codes: The true class of each row, a position in ``classes`` or -1.
        predicted: The predicted class of each row.
        classes: How many classes the model knows.
    """

    def __init__(self, codes: Int[np.ndarray, " row"], predicted: Int[np.ndarray, " row"], classes: int) -> None:
        truth = np.where(codes < 0, classes, codes)
        kinds = classes + 1
        hit = np.flatnonzero(truth == predicted)
        self._hits = _indicator(truth[hit], hit, (kinds, len(truth)))
        everywhere = np.arange(len(truth))
        self._support = _indicator(truth, everywhere, (kinds, len(truth)))
        self._predicted = _indicator(predicted, everywhere, (kinds, len(truth)))

    def count(self, weights: Float[np.ndarray, "row resample"]) -> Counts:
        """Count under each column of weights; the last class stands for labels never seen in training."""
        return Counts(self._hits @ weights, self._support @ weights, self._predicted @ weights)


def _indicator(kind: Int[np.ndarray, " k"], row: Int[np.ndarray, " k"], shape: tuple[int, int]) -> csr_array:
    return csr_array((np.ones(len(row)), (kind, row)), shape=shape)


def decision_metrics(counts: Counts) -> dict[str, Float[np.ndarray, " resample"]]:
    """Metrics of predicted labels; macro averages run over the classes that occur in the truth.

    A class that occurs but is never predicted has precision 0 in the average, as in scikit-learn. MCC is NaN
    where the truth or the predictions are of one class only (R. Gorodkin, 2004, "Comparing two K-category
    assignments by a K-category correlation coefficient").
    """
    occurs = counts.support > 0
    number = occurs.sum(axis=0)
    total, hits = counts.support.sum(axis=0), counts.hits.sum(axis=0)
    recall = _ratio(counts.hits, counts.support)
    precision = _ratio(counts.hits, counts.predicted) * occurs
    f1 = _ratio(2 * counts.hits, counts.support + counts.predicted) * occurs
    return {
        "accuracy": hits / total,
        "balanced_accuracy": recall.sum(axis=0) / number,
        "precision_macro": precision.sum(axis=0) / number,
        "recall_macro": recall.sum(axis=0) / number,
        "f1_macro": f1.sum(axis=0) / number,
        "f1_weighted": (f1 * counts.support).sum(axis=0) / total,
        "mcc": _matthews(counts, total, hits),
    }


def _ratio(part: Float[np.ndarray, "*any"], whole: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _matthews(
    counts: Counts, total: Float[np.ndarray, " resample"], hits: Float[np.ndarray, " resample"]
) -> Float[np.ndarray, " resample"]:
    covariance = hits * total - (counts.support * counts.predicted).sum(axis=0)
    truth = total**2 - (counts.support**2).sum(axis=0)
    predicted = total**2 - (counts.predicted**2).sum(axis=0)
    # Rounding leaves dust where one class has all the weight; relative to total² it cannot be a real variance.
    varies = np.minimum(truth, predicted) > 1e-9 * total**2
    spread = np.sqrt(np.where(varies, truth * predicted, 1.0))
    return np.where(varies, covariance / spread, np.nan)
