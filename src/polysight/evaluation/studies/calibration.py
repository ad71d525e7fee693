"""Calibration: whether a stated confidence of 80 % is right 80 % of the time, and what the model's own step did for it.

Source: see ``evaluation/calibration.py`` and ``evaluation/brier.py``.
Departures: the error of a perfectly calibrated model is simulated with independent rows; groups that err together
would show more. Before and after are told of the training rows, out of fold, on which the model's temperature was
fitted: one number fitted on many rows flatters itself little.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float, Int

from polysight.core.randomness import generator
from polysight.evaluation.brier import brier_parts
from polysight.evaluation.calibration import Calibration
from polysight.evaluation.intervals import Estimate, calibration_estimate
from polysight.evaluation.metrics import metric_values
from polysight.evaluation.studies.base import Case, OutOfFold, Study
from polysight.evaluation.subsets import Subsets

#: Simulations of a perfectly calibrated model.
SIMULATIONS = 400
#: Rows looked at in one simulation at most times simulations; bounds memory to some tens of megabytes.
_MOST = 4_000_000


class CalibrationStudy(Study):
    """The reliability curve, the calibration error beside that of a perfect model, Brier's parts, before and after."""

    kind: ClassVar[str] = "calibration"

    def run(self, case: Case) -> Mapping[str, Any]:
        """As above. Whether probabilities are to be believed is asked of the most probable class."""
        whole = case.variants.whole
        right = whole.argmax(axis=1) == case.codes
        calibration = Calibration(whole.max(axis=1), right)
        return {
            "reliability": _curve(case, calibration, right),
            "ece": calibration_estimate(calibration, case.resampling).to_json(),
            "ece_if_calibrated": _if_calibrated(calibration, len(right), case.seed).to_json(),
            "brier": brier_parts(case.codes, whole).to_json(),
            **_before_and_after(case.out_of_fold),
        }


def _curve(case: Case, calibration: Calibration, right: np.ndarray) -> list[dict[str, Any]]:
    bins = calibration.reliability()
    members = calibration.place == np.arange(len(bins.rows))[:, None]
    return [
        {
            "confidence": round(float(confidence), 9),
            "accuracy": share.value,
            "low": share.low,
            "high": share.high,
            "rows": int(rows),
        }
        for confidence, share, rows in zip(
            bins.confidence, Subsets(members, case.resampling).shares(right), bins.rows, strict=True
        )
    ]


def _if_calibrated(calibration: Calibration, rows: int, seed: int) -> Estimate:
    """Mean and 95 % range over simulations."""
    times = int(np.clip(_MOST // rows, 20, SIMULATIONS))
    errors = calibration.error_if_calibrated(generator(seed, "calibration", "simulated"), times)
    low, high = np.quantile(errors, (0.025, 0.975))
    mean, low, high = (round(float(number), 9) for number in (errors.mean(), low, high))
    return Estimate(mean, low, high)


def _before_and_after(kept: OutOfFold | None) -> dict[str, Any]:
    if kept is None or kept.before is None:
        return {"before": None, "after": None}
    return {"before": _told(kept.codes, kept.before), "after": _told(kept.codes, kept.probabilities)}


def _told(codes: Int[np.ndarray, " row"], probabilities: Float[np.ndarray, "row class"]) -> dict[str, float | None]:
    # Single precision on disk: the rows of many classes sum to one only nearly.
    exact = np.asarray(probabilities, dtype=np.float64)
    values = metric_values(codes, exact / exact.sum(axis=1, keepdims=True))
    return {name: round(value, 9) for name in ("log_loss", "brier", "ece") if (value := values[name]) is not None}
