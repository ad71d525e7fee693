"""Conformal prediction: sets of classes that hold the truth in 95, 90 or 80 of 100 rows, and whether they do.

Source: see ``evaluation/conformal.py``; V. Vovk, "Cross-conformal predictors", Annals of Mathematics and Artificial
Intelligence 2015; R. Barber, E. Candès, A. Ramdas, R. Tibshirani, "Predictive Inference with the Jackknife+", Annals
of Statistics 2021 (CV+).
Departures: quantiles come from answers out of fold, given by the models of the folds, while the rows judged are
answered by all of those models together. The guarantee of a split does not carry over to that; a mean of models is
mostly the better one, so that sets are rather too large than too small. Hence coverage is measured, not assumed.
Neither does the guarantee hold for groups that have not been seen: the interval of the coverage counts groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Bool

from polysight.core.randomness import generator
from polysight.evaluation.conformal import Adaptive, Conformal, LeastAmbiguous
from polysight.evaluation.intervals import share_estimate
from polysight.evaluation.studies.base import Case, Study
from polysight.evaluation.studies.choosing import Choosing, choosing_rows
from polysight.evaluation.subsets import Subsets

#: The shares of rows whose truth may be missed.
ALPHAS = (0.05, 0.1, 0.2)


class ConformalStudy(Study):
    """Coverage and size of sets with LAC and, under ``adaptive``, with APS."""

    kind: ClassVar[str] = "conformal"

    def run(self, case: Case) -> Mapping[str, Any] | None:
        """As above; None where there are no rows to take quantiles from."""
        chosen_on, parts = choosing_rows(case)
        if not parts:
            return None
        first, second = (
            {"method": method.kind, "levels": [_level(case, method, parts, alpha) for alpha in ALPHAS]}
            for method in (LeastAmbiguous(), Adaptive())
        )
        return {"chosen_on": chosen_on, **first, "adaptive": second}


def _level(case: Case, method: Conformal, parts: Sequence[Choosing], alpha: float) -> dict[str, Any]:
    sets = _sets(case, method, parts, alpha)
    known = case.codes >= 0
    covered = known & sets[np.arange(len(sets)), np.maximum(case.codes, 0)]
    size = sets.sum(axis=1)
    occurring = np.unique(case.codes[known])
    members = case.codes == occurring[:, None]
    own = Subsets(members, case.resampling).shares(covered) if len(occurring) else []
    return {
        "alpha": alpha,
        "coverage": share_estimate(covered, case.resampling).to_json(),
        "mean_size": round(float(size.mean()), 9),
        "singletons": round(float((size == 1).mean()), 9),
        "empty": round(float((size == 0).mean()), 9),
        "per_class": {str(case.classes[k]): share.to_json() for k, share in zip(occurring, own, strict=True)},
    }


def _sets(case: Case, method: Conformal, parts: Sequence[Choosing], alpha: float) -> Bool[np.ndarray, "row class"]:
    sets = np.zeros(case.variants.whole.shape, dtype=bool)
    random = generator(case.seed, "conformal", method.kind)
    for part in parts:
        quantile = method.quantile(part.probabilities, part.codes, alpha, random)
        sets[part.rows] = method.sets(case.variants.whole[part.rows], quantile, random)
    return sets
