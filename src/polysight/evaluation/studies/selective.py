"""Selective prediction: what happens to the mistakes if the model may say "I do not know".

Source: see ``evaluation/risk_coverage.py``.
Departures: thresholds are chosen on other rows than those they are measured on (``choosing``), so the accuracy that
was wanted may be missed; by how much is the result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from polysight.evaluation.intervals import share_estimate, undefined
from polysight.evaluation.risk_coverage import RiskCoverage
from polysight.evaluation.studies.base import Case, Study
from polysight.evaluation.studies.choosing import Choosing, choosing_rows, confidence_of
from polysight.evaluation.subsets import Subsets

#: The shares of rows answered at which the curve is drawn.
COVERAGES = np.linspace(0.05, 1.0, 20)
#: The accuracies an operating point is looked for at.
WANTED = (0.9, 0.95, 0.99)
#: A threshold that fewer rows speak for is none.
LEAST_ROWS = 20


class SelectiveStudy(Study):
    """Risk by coverage with intervals, the area under it, and the points at which an accuracy was wanted."""

    kind: ClassVar[str] = "selective"

    def run(self, case: Case) -> Mapping[str, Any]:
        """As above; a confidence is the probability of the class that is said."""
        whole = case.variants.whole
        confidence = confidence_of(whole, case.variants.chosen(whole))
        risk = RiskCoverage(confidence, case.right)
        chosen_on, parts = choosing_rows(case)
        return {
            "curve": [
                {
                    "coverage": round(point.coverage, 9),
                    "risk": point.risk.value,
                    "low": point.risk.low,
                    "high": point.risk.high,
                    "threshold": round(point.threshold, 9),
                }
                for point in risk.curve(COVERAGES, case.resampling)
            ],
            "aurc": round(risk.area, 9),
            "excess_aurc": round(risk.excess_area, 9),
            "chosen_on": chosen_on,
            "operating": [_operating(case, confidence, parts, wanted) for wanted in WANTED] if parts else [],
        }


def _operating(case: Case, confidence: np.ndarray, parts: Sequence[Choosing], wanted: float) -> dict[str, Any]:
    """The rows answered from a threshold on that was right often enough elsewhere, and how often it is right here."""
    answered, thresholds = np.zeros(len(confidence), dtype=bool), []
    for part in parts:
        other = RiskCoverage(part.confidence, part.predicted == part.codes)
        threshold = other.threshold(wanted, LEAST_ROWS)
        if threshold is not None:
            thresholds.append(threshold)
            answered[part.rows] = confidence[part.rows] >= threshold
    result = {"wanted_accuracy": wanted, "threshold": None}
    if not thresholds:
        reason = undefined("not_reached").to_json()
        return {**result, "coverage": reason, "accuracy": reason}
    return {
        **result,
        "threshold": round(float(np.median(thresholds)), 9),
        "coverage": share_estimate(answered, case.resampling).to_json(),
        "accuracy": Subsets(answered[None], case.resampling).shares(case.right)[0].to_json(),
    }
