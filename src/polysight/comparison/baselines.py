"""Baselines: each input alone through the same encoder, and the ensemble of these, weighed on rows left out."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from polysight.comparison.method import Method
from polysight.comparison.split import Split
from polysight.comparison.trial import COMPLETE, Trial
from polysight.core.randomness import derived_seed
from polysight.data.samples import Samples
from polysight.data.splits import folds
from polysight.ensemble.weighted import WeightedAverage
from polysight.learners.neural import NeuralClassifier

#: Folds on which the ensemble learns its weights.
FOLDS = 3
ENSEMBLE = "out-of-fold ensemble"

Codes = Int[np.ndarray, " row"]
Votes = dict[str, Float[np.ndarray, "row class"]]


def only(name: str) -> str:
    """What the baseline of one input is called."""
    return f"{name} only"


def alone(
    name: str, split: Split, objective: Any, common: Mapping[str, Any], seed: int, asked: Mapping[str, Samples]
) -> Trial:
    """One input through its encoder and a head; where a row lacks it, the prior.

    Args:
        name: The input.
        split: The rows.
        objective: The spec of the objective.
        common: Options that all methods share.
        seed: The seed of the fit.
        asked: The test rows by what is asked about them.
    """
    started = time.monotonic()
    learner = _fitted(name, split, np.arange(len(split.train.codes)), objective, common, seed)
    seconds = time.monotonic() - started
    answers = {what: learner.predict_samples(rows.only([name])) for what, rows in asked.items()}
    return Trial(answers, sum(p.numel() for p in learner.network_.parameters()), seconds)


def ensemble(
    members: Mapping[str, Trial],
    split: Split,
    objective: Any,
    common: Mapping[str, Any],
    seed: int,
    asked: Mapping[str, Samples],
) -> Trial:
    """The weighted mean of what each input alone answers, weights learned on folds the members had not seen.

    Args:
        members: The trials of the inputs alone, by input.
        split: The rows.
        objective: The spec of the objective.
        common: Options that all methods share.
        seed: The seed of folds and fits.
        asked: The test rows by what is asked about them.
    """
    started = time.monotonic()
    train = split.train
    votes: Votes = {name: np.zeros((len(train.codes), len(train.classes))) for name in members}
    parts = folds(train.codes, train.groups, n=FOLDS, seed=derived_seed(seed, "ensemble"))
    for rows, left_out in parts:
        for name in members:
            learner = _fitted(name, split, rows, objective, common, seed)
            votes[name][left_out] = learner.predict_samples(train.samples.only([name]).take(left_out))
    combiner = WeightedAverage().fit(votes, train.codes, _present(train.samples, members), groups=train.groups)
    seconds = time.monotonic() - started + sum(trial.seconds for trial in members.values())
    answers = {
        what: combiner.transform({n: t.answers[what] for n, t in members.items()}, _present(rows, members))
        for what, rows in asked.items()
    }
    return Trial(answers, sum(trial.parameters for trial in members.values()), seconds)


def best_baseline(trials: Mapping[str, list[Trial]], codes: Codes) -> str | None:
    """The baseline that is right most often; of equals, the first by name."""
    scores = {name: np.mean([trial.right(codes, COMPLETE).mean() for trial in of]) for name, of in trials.items()}
    return min(scores, key=lambda name: (-scores[name], name), default=None)


def _fitted(
    name: str, split: Split, rows: Codes, objective: Any, common: Mapping[str, Any], seed: int
) -> NeuralClassifier:
    """A network of one input, trained on those of these rows that have it."""
    train = split.train
    mine = rows[train.samples.views[name].any_present[rows]]
    # What teaches inputs beside each other has nothing to do with one alone.
    own = {key: value for key, value in common.items() if key not in ("auxiliary", "modality_dropout", "encoders")}
    encoders = {key: spec for key, spec in (common.get("encoders") or {}).items() if key == name}
    options = {**own, "encoders": encoders or None, "auxiliary": 0.0, "modality_dropout": 0.0}
    return (
        Method("concat", objective)
        .learner(options, seed)
        .fit_samples(
            train.samples.only([name]).take(mine),
            train.codes[mine],
            inputs={name: train.inputs[name]},
            classes=len(train.classes),
            groups=None if train.groups is None else train.groups[mine],
        )
    )


def _present(samples: Samples, names: Mapping[str, Any]) -> Bool[np.ndarray, "row member"]:
    return np.column_stack([samples.views[name].any_present for name in names])
