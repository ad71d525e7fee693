"""Metrics: twelve numbers about one set of predictions, under any weighting of its rows."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

from polysight.core.errors import DataError
from polysight.evaluation.calibration import Calibration
from polysight.evaluation.decisions import Decisions, decision_metrics
from polysight.evaluation.ranking import Ranking

#: Every metric, in the order tables show them.
METRICS = (
    "accuracy",
    "balanced_accuracy",
    "precision_macro",
    "recall_macro",
    "f1_macro",
    "f1_weighted",
    "mcc",
    "roc_auc_ovr",
    "average_precision",
    "log_loss",
    "brier",
    "ece",
)


class Scores:
    """Predictions made ready, so that each further weighting costs little more than a sum.

    Args:
        codes: The true class of each row, a position in the columns of ``probabilities``, or -1 for a label
            never seen in training: such a row is wrong whatever was predicted.
        probabilities: Rows that sum to one.
        predicted: The class said of each row; None says the most probable. Whether probabilities are to be believed is
            always asked of the most probable class.

    Raises:
        DataError: No row, shapes that do not agree, or probabilities that are not.
    """

    def __init__(
        self,
        codes: Int[np.ndarray, " row"],
        probabilities: Float[np.ndarray, "row class"],
        predicted: Int[np.ndarray, " row"] | None = None,
    ) -> None:
        check_predictions(codes, probabilities)
        probabilities = np.asarray(probabilities, dtype=np.float64)
        likeliest = probabilities.argmax(axis=1)
        said = likeliest if predicted is None else predicted
        self._decisions = Decisions(codes, said, probabilities.shape[1])
        self._ranking = Ranking(codes, probabilities)
        self.calibration = Calibration(probabilities.max(axis=1), likeliest == codes)
        own = np.where(codes < 0, 0.0, probabilities[np.arange(len(codes)), codes])
        self._log_loss = -np.log(np.clip(own, np.finfo(np.float64).eps, 1.0))
        self._brier = np.square(probabilities).sum(axis=1) - 2 * own + 1
        if probabilities.shape[1] == 2:
            self._brier /= 2

    def __call__(self, weights: Float[np.ndarray, "row resample"]) -> dict[str, Float[np.ndarray, " resample"]]:
        """Every metric under each column of weights; NaN where a metric is undefined."""
        total = weights.sum(axis=0)
        return {
            **decision_metrics(self._decisions.count(weights)),
            **self._ranking.metrics(weights),
            "log_loss": (self._log_loss @ weights) / total,
            "brier": (self._brier @ weights) / total,
            "ece": self.calibration.error(weights),
        }


def metric_values(
    codes: Int[np.ndarray, " row"], probabilities: Float[np.ndarray, "row class"]
) -> dict[str, float | None]:
    """Every metric of one set of predictions; None where it is undefined.

    Averages: ``*_macro``, ``roc_auc_ovr`` (one versus rest) and ``average_precision`` are means over the classes
    that occur in ``codes``. ``brier`` is the sum over classes, halved for two classes, as in scikit-learn.
    ``ece`` is debiased, over 10 bins of equal mass.
    """
    values = Scores(codes, probabilities)(np.ones((len(codes), 1)))
    return {name: None if np.isnan(values[name][0]) else float(values[name][0]) for name in METRICS}


def check_rows(codes: Int[np.ndarray, " row"]) -> None:
    """Refuse to measure on nothing.

    Raises:
        DataError: There is no row.
    """
    if len(codes) == 0:
        raise DataError("there is no row to evaluate on", where="evaluation", fix="pass a table with labelled rows")


def check_predictions(codes: Int[np.ndarray, " row"], probabilities: Float[np.ndarray, "row class"]) -> None:
    """Refuse what is not a set of predictions.

    Raises:
        DataError: No row, shapes that do not agree, or probabilities that are not.
    """
    where = "evaluation"
    check_rows(codes)
    if probabilities.ndim != 2 or len(probabilities) != len(codes):
        raise DataError(f"{len(codes)} labels but probabilities of shape {probabilities.shape}", where=where)
    if not np.isfinite(probabilities).all() or (probabilities < 0).any():
        raise DataError("a probability is negative or not a number", where=where)
    if np.abs(probabilities.sum(axis=1) - 1).max() > 1e-3:
        worst = int(np.abs(probabilities.sum(axis=1) - 1).argmax())
        raise DataError(
            f"the probabilities of row {worst} sum to {probabilities[worst].sum():.4g}, not to one",
            where=where,
            fix="divide each row by its sum, or pass logits through a softmax",
        )
    if codes.min() < -1 or codes.max() >= probabilities.shape[1]:
        raise DataError(f"a class code is outside -1 to {probabilities.shape[1] - 1}", where=where)
