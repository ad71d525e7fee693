"""Search: a few settings of an estimator, compared inside the training rows; the simplest that is as good is taken.

Source: the one-standard-error rule of Breiman, Friedman, Olshen, Stone, Classification and Regression Trees, 1984.
Departures: the error is that of the paired difference to the best candidate, by group where there are groups; two
settings judged on the same rows differ far less by chance than each does alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from polysight.core.events import emit
from polysight.data.view import Matrix
from polysight.learners.calibration import TemperatureScaling, log_probabilities
from polysight.learners.teacher import Teacher

Settings = Mapping[str, Any]


class Part(NamedTuple):
    """An inner fold: features of the rows that teach and of those that judge, nothing learned from the latter."""

    teaching: Matrix
    codes: Int[np.ndarray, " row"]
    judging: Matrix
    judging_codes: Int[np.ndarray, " row"]


class Found(NamedTuple):
    """The settings taken, and the temperature that suits their answers on rows they have not seen.

    Attributes:
        settings: The settings.
        scaling: The temperature.
        answers: Their answers on the judging rows, before the temperature.
        codes: The classes of these rows.
    """

    settings: Settings
    scaling: TemperatureScaling
    answers: Float[np.ndarray, "row class"]
    codes: Int[np.ndarray, " row"]


def search(
    make: Callable[[Settings], Any],
    candidates: Sequence[Settings],
    parts: Sequence[Part],
    *,
    prior: Float[np.ndarray, " class"],
    groups: Int[np.ndarray, " row"] | None = None,
    teacher: Teacher = Teacher(),  # noqa: B008 - a frozen value
) -> Found:
    """Compare candidates by their log-loss on all judging rows, each candidate at its best temperature.

    The event ``settings_chosen`` says what was taken and the loss of each candidate.

    Args:
        make: Makes an unfitted estimator from settings.
        candidates: Settings, the simplest first.
        parts: Inner folds; with a single candidate and part, this is a hold-out that finds a temperature.
        prior: How often each class occurs; the answer of a part that holds a single class.
        groups: The group of each judging row, the parts one after the other; rows of a group count as one.
        teacher: How an estimator is taught; judging rows take no part in it.
    """
    codes = np.concatenate([part.judging_codes for part in parts])
    judged = [_judged(make, settings, parts, codes, prior, teacher) for settings in candidates]
    losses = np.column_stack([loss for loss, _, _ in judged])
    taken = simplest_within_one_error(losses, groups)
    if len(candidates) > 1:
        emit("settings_chosen", settings=dict(candidates[taken]), losses=losses.mean(axis=0).round(4).tolist())
    return Found(candidates[taken], *judged[taken][1:], codes)


def simplest_within_one_error(
    losses: Float[np.ndarray, "row candidate"], groups: Int[np.ndarray, " row"] | None = None
) -> int:
    """The first candidate whose mean loss is within one standard error of the best one's."""
    best = int(losses.mean(axis=0).argmin())
    worse = losses - losses[:, [best]]
    if groups is not None:
        members = np.unique(groups, return_inverse=True)[1]
        sums = np.zeros((members.max() + 1, worse.shape[1]))
        np.add.at(sums, members, worse)
        worse = sums * (len(sums) / len(groups))
    # A single unit says nothing about chance.
    errors = worse.std(axis=0, ddof=1) / np.sqrt(len(worse)) if len(worse) > 1 else np.zeros(worse.shape[1])
    return int(np.flatnonzero(worse.mean(axis=0) <= errors + 1e-12)[0])


def _judged(
    make: Callable[[Settings], Any],
    settings: Settings,
    parts: Sequence[Part],
    codes: Int[np.ndarray, " row"],
    prior: Float[np.ndarray, " class"],
    teacher: Teacher,
) -> tuple[Float[np.ndarray, " row"], TemperatureScaling, Float[np.ndarray, "row class"]]:
    """The loss of each judging row, the temperature it was calibrated with, and the answers before that."""
    answers = np.concatenate([_answers(make(settings), part, prior, teacher) for part in parts])
    scaling = TemperatureScaling().fit(answers, codes)
    losses = -log_probabilities(scaling.transform(answers))[np.arange(len(codes)), codes]
    return losses, scaling, answers


def _answers(
    estimator: Any, part: Part, prior: Float[np.ndarray, " class"], teacher: Teacher
) -> Float[np.ndarray, "row class"]:
    if len(np.unique(part.codes)) < 2:
        return np.tile(prior, (len(part.judging_codes), 1))
    return teacher.answers(teacher.taught(estimator, part.teaching, part.codes), part.judging, prior=prior)
