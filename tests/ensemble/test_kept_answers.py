"""Kept answers: those the leaderboard is about, before and after calibration, few enough to save."""

import numpy as np
import pytest

from polysight.data.samples import Samples
from polysight.ensemble import kept_answers as module
from polysight.ensemble.kept_answers import kept_answers
from polysight.ensemble.leaderboard import answer_out_of_fold
from polysight.ensemble.member import Member
from polysight.ensemble.recipe_learning import learn_recipes
from polysight.learners.calibration import TemperatureScaling
from polysight.modalities.inputs import Task


class Complete(Samples):
    """Samples of one input that every row has."""

    def __init__(self, rows):
        self.__dict__["views"] = {"a": None}
        self.__dict__["rows"] = rows

    @property
    def present(self):
        return np.ones((self.rows, 1), dtype=bool)


@pytest.fixture
def fitted():
    rng = np.random.default_rng(0)
    codes = np.repeat([0, 1, 2], [120, 60, 20])
    logits = 4 * (rng.normal(size=(200, 3)) + np.eye(3)[codes])
    votes = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    members = [Member("a", ("a",), [], {frozenset("a"): votes})]
    task = Task(Complete(200), codes, np.arange(3), None, {}, np.arange(200))
    return learn_recipes(members, task, np.bincount(codes) / 200), members, task, votes


def test_they_are_the_answers_out_of_fold_before_and_after_the_temperature(fitted):
    cookbook, members, task, votes = fitted
    kept = kept_answers(cookbook, members, task, 0)
    np.testing.assert_array_equal(kept.codes, task.codes)
    np.testing.assert_allclose(kept.before, votes, atol=1e-8)
    after = answer_out_of_fold(cookbook, members, task, frozenset("a"))
    np.testing.assert_allclose(kept.probabilities, after, rtol=1e-6)
    temperature = cookbook.recipe(frozenset("a")).temperature
    assert temperature > 1.5
    np.testing.assert_allclose(TemperatureScaling(temperature).transform(kept.before), after, rtol=1e-4)
    assert kept.probabilities.dtype == kept.before.dtype == np.float32


@pytest.mark.parametrize("limit", [("MOST_ROWS", 100), ("MOST_NUMBERS", 300)])
def test_of_many_rows_some_of_each_class_are_kept(fitted, monkeypatch, limit):
    monkeypatch.setattr(module, *limit)
    kept = kept_answers(*fitted[:3], 0)
    assert np.bincount(kept.codes).tolist() == [60, 30, 10]
    again, other = kept_answers(*fitted[:3], 0), kept_answers(*fitted[:3], 1)
    np.testing.assert_array_equal(kept.before, again.before)
    assert not np.array_equal(kept.before, other.before)
