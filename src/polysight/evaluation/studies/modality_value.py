"""Whether each input is worth having: alone, left out, shuffled, without interactions; and whether fusion pays.

Source: shuffled inputs, L. Breiman, "Random Forests", Machine Learning 2001 (permutation importance); the additive
projection, see ``evaluation.additive``.
Departures: an input is shuffled among the rows that have it, so that what is missing stays missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isqrt
from typing import Any, ClassVar

import numpy as np
from scipy.special import softmax

from polysight.core.randomness import generator
from polysight.evaluation.additive import additive_projection
from polysight.evaluation.intervals import paired_gain, share_estimate, undefined
from polysight.evaluation.recombined import Recombined
from polysight.evaluation.studies.base import Case, Study
from polysight.evaluation.studies.chosen_rows import some_rows
from polysight.evaluation.variants import Predictor
from polysight.evaluation.verdict import fusion_verdict, rows_needed

#: Rows that are asked about once more for each input that is shuffled.
SHUFFLED_ROWS = 300
#: Rows of the additive projection, and the rows put together for it, at most.
ADDITIVE_ROWS, PUT_TOGETHER = 64, 4096

_VERDICTS = {"fusion_yes": "yes", "fusion_no": "no", "fusion_open": "cannot_tell"}


class ModalityValue(Study):
    """Accuracy with all inputs, each alone, all but one, each shuffled, and of the additive projection.

    ``gain`` is that of all inputs over the best single one, which was chosen on training rows where the model tells
    it; paired, on all rows. ``verdict`` is ``yes`` or ``no`` where its whole interval lies above zero or none of it
    does, else ``cannot_tell``; ``rows_needed`` are then about those that could. ``additive`` says how accurate the
    model is (``all``) and its projection is on some ``rows``. Where rows were judged by several models, nothing is
    shuffled or projected.
    """

    kind: ClassVar[str] = "modality_value"

    def run(self, case: Case) -> Mapping[str, Any] | None:
        """The numbers; None where there is one input only."""
        variants, codes, resampling = case.variants, case.codes, case.resampling
        if len(case.samples.names) < 2:
            return None
        alone = {name: variants.chosen(answers) == codes for name, answers in variants.alone.items()}
        without = {name: variants.chosen(answers) == codes for name, answers in variants.without.items()}
        best = case.best_single if case.best_single in alone else max(alone, key=lambda name: alone[name].mean())
        gain = paired_gain(case.right, alone[best], resampling)
        verdict = fusion_verdict(gain)
        return {
            "all": share_estimate(case.right, resampling).to_json(),
            "alone": {name: share_estimate(right, resampling).to_json() for name, right in alone.items()},
            "without": {name: share_estimate(right, resampling).to_json() for name, right in without.items()},
            "shuffled": {} if case.model is None else _shuffled(case, case.model),
            "additive": undefined("several_models").to_json() if case.model is None else _additive(case, case.model),
            "gain": {**gain.to_json(), "over": best},
            "verdict": _VERDICTS[verdict],
            "rows_needed": rows_needed(gain, len(codes)) if verdict == "fusion_open" else None,
        }


def _shuffled(case: Case, model: Predictor) -> dict[str, Any]:
    """Accuracy with the cells of each input dealt out anew among the rows that have it."""
    some = case.take(some_rows(case, SHUFFLED_ROWS, "shuffled"))
    asked = Recombined(model, some.samples)
    found = {}
    for name in some.samples.names:
        picks = {other: np.arange(len(some.codes)) for other in some.samples.names}
        there = np.flatnonzero(some.samples.views[name].any_present)
        picks[name][there] = generator(case.seed, "shuffled", name).permutation(there)
        found[name] = some.accuracy(asked.probabilities(picks)).to_json()
    return found


def _additive(case: Case, model: Predictor) -> dict[str, Any]:
    """Accuracy of the projection, and of the model on the same rows."""
    names = case.samples.names
    terms = len(names) if len(names) > 2 else 1
    some = case.take(some_rows(case, min(ADDITIVE_ROWS, isqrt(PUT_TOGETHER // terms)), "additive"))
    logits = additive_projection(Recombined(model, some.samples), names, len(some.codes))
    return {
        **some.accuracy(softmax(logits, axis=1)).to_json(),
        "all": share_estimate(some.right, some.resampling).to_json(),
        "rows": len(some.codes),
    }
