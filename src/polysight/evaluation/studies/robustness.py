"""Robustness: what is left of a model when inputs are missing, worse than in training, or unlike anything seen."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Float

from polysight.core.randomness import generator
from polysight.data.samples import Samples
from polysight.evaluation.intervals import plain_mean
from polysight.evaluation.studies.base import Case, Study
from polysight.evaluation.studies.chosen_rows import some_rows
from polysight.evaluation.studies.corruption_curves import CorruptionCurves, scope
from polysight.evaluation.variants import Predictor, Variants

#: Rows that are asked about, at most.
ROWS = 200
#: Up to so many inputs every set of missing ones is tried; of more, so many sets.
ALL_SETS, SETS = 6, 63
#: How often a cell is missing.
RATES = (0.0, 0.1, 0.25, 0.5, 0.75)


class Robustness(Study):
    """Accuracy with every set of inputs missing, with cells missing at random, and with cells corrupted.

    All of it is asked of the same few rows (see ``some_rows``), corruptions of fewer of them. Where rows were judged by
    several models, only the sets that are known already are given.
    """

    kind: ClassVar[str] = "robustness"

    def run(self, case: Case) -> Mapping[str, Any]:
        """The numbers; ``skipped`` says what was left out, and why."""
        rows = some_rows(case, ROWS, "robustness")
        some = case.take(rows)
        known = _known(some.variants)
        if case.model is None:
            return {
                "patterns": [_pattern(some, missing, found) for missing, found in known.items()],
                "missing_rate": [],
                "corruptions": [],
                "out_of_distribution": {"auroc": None, "reason": "several_models"},
                "rows": len(rows),
                "skipped": [{"part": p, "reason": "several_models"} for p in ("missing_rate", "corruptions")],
            }
        asked, inputs = some.samples.as_origin(), getattr(case.model, "inputs_", {})
        within = scope(asked, inputs)
        few = some_rows(case, within.rows, "corruptions", among=rows)
        samples = asked.take(np.searchsorted(rows, few))
        curves = CorruptionCurves(case.take(few), case.model, samples, inputs, within.conditions)
        return {
            "patterns": _patterns(some, case.model, asked, known),
            "missing_rate": _missing_rates(some, case.model, asked),
            "corruptions": curves.accuracy(),
            "out_of_distribution": curves.out_of_distribution(),
            "rows": len(rows),
            "skipped": [dict(one) for one in within.skipped],
        }


def _pattern(some: Case, missing: frozenset[str], answers: Float[np.ndarray, "some class"]) -> dict[str, Any]:
    """A line about one set of missing inputs."""
    return {
        "missing": sorted(missing),
        "accuracy": some.accuracy(answers).to_json(),
        "log_loss": _log_loss(some, answers),
    }


def _log_loss(some: Case, answers: Float[np.ndarray, "some class"]) -> dict[str, Any]:
    """The mean over rows, as ``metrics.Scores`` has it, with its interval."""
    own = np.where(some.codes < 0, 0.0, answers[np.arange(len(answers)), some.codes])
    losses = -np.log(np.clip(own, np.finfo(np.float64).eps, 1.0))
    return plain_mean(losses, some.resampling).to_json()


def _known(variants: Variants) -> dict[frozenset[str], Float[np.ndarray, "some class"]]:
    """The answers that are there already, by the inputs that are missing; fewest first."""
    names = frozenset(variants.alone)
    found = {frozenset({name}): answers for name, answers in variants.without.items()}
    found |= {names - {name}: answers for name, answers in variants.alone.items()}
    return {frozenset(): variants.whole, **found}


def _patterns(
    some: Case, model: Predictor, asked: Samples, known: Mapping[frozenset[str], Float[np.ndarray, "some class"]]
) -> list[dict[str, Any]]:
    lines = []
    for missing in _sets(asked.names, frozenset(known), some.seed):
        answers = known[missing] if missing in known else model.predict_samples(asked.hide(missing))
        lines.append(_pattern(some, missing, answers))
    return lines


def _sets(names: tuple[str, ...], known: frozenset[frozenset[str]], seed: int) -> list[frozenset[str]]:
    """The sets of missing inputs that leave something, fewest missing first; of many inputs some at random."""
    if len(names) <= ALL_SETS:
        return [frozenset(some) for count in range(len(names)) for some in combinations(names, count)]
    random, chosen = generator(seed, "robustness", "sets"), set(known)
    while len(chosen) < SETS:
        some = random.random(len(names)) < random.random()
        if not some.all():
            chosen.add(frozenset(np.asarray(names)[some].tolist()))
    return sorted(chosen, key=lambda missing: (len(missing), sorted(missing)))


def _missing_rates(some: Case, model: Predictor, asked: Samples) -> list[dict[str, Any]]:
    """Every cell is missing with the same probability; what is missing at one rate is so at all higher ones."""
    luck = generator(some.seed, "robustness", "missing").random(asked.present.shape)
    lines = []
    for rate in RATES:
        answers = model.predict_samples(asked.hide_where(luck < rate)) if rate else some.variants.whole
        lines.append({"rate": rate, "accuracy": some.accuracy(answers).to_json()})
    return lines
