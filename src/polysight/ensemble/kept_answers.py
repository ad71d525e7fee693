"""Kept answers: what a fitted ensemble said of its training rows out of fold, for thresholds that are chosen later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int

from polysight.data.splits import holdout
from polysight.ensemble.leaderboard import answer_out_of_fold
from polysight.ensemble.member import Member
from polysight.ensemble.recipe import Cookbook
from polysight.evaluation.studies.base import OutOfFold
from polysight.modalities.inputs import Task

#: Rows kept at most; a threshold is known well enough from these.
MOST_ROWS = 5_000
#: Probabilities kept at most, so that a model of a thousand classes stays small.
MOST_NUMBERS = 2_000_000


def kept_answers(cookbook: Cookbook, members: Sequence[Member], task: Task, seed: int) -> OutOfFold:
    """The answers to the training rows by models that had not seen them, shown every input; of many rows, some.

    Kept in single precision: they are looked at, not computed on. The recipes that make one answer of the members'
    votes have been chosen on these rows, so as results they would be slightly optimistic.

    Args:
        cookbook: How votes become answers.
        members: All members, with their votes out of fold.
        task: The training rows.
        seed: Which rows are kept where there are too many; each class in proportion.
    """
    everything = frozenset(task.samples.names)
    rows = _some(task.codes, min(MOST_ROWS, MOST_NUMBERS // len(cookbook.prior)), seed)
    after, before = (
        answer_out_of_fold(cookbook, members, task, everything, calibrated=calibrated)[rows].astype(np.float32)
        for calibrated in (True, False)
    )
    return OutOfFold(after, task.codes[rows], before)


def _some(codes: Int[np.ndarray, " row"], most: int, seed: int) -> Int[np.ndarray, " some"]:
    if len(codes) <= most:
        return np.arange(len(codes))
    return holdout(codes, None, fraction=most / len(codes), seed=seed)[1]
