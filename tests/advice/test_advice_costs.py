from __future__ import annotations

from dataclasses import replace

import pytest
from made_up_facts import facts

from polysight.advice.candidates import peak_memory
from polysight.advice.costs import ESTIMATOR_SECONDS, epochs_for, learning_seconds, network_seconds, solving_seconds
from polysight.advice.plan import plan
from polysight.learners.estimators import ESTIMATORS
from polysight.modalities.image.features import Hog


def test_every_estimator_has_a_cost():
    assert set(ESTIMATOR_SECONDS) == set(ESTIMATORS)


@pytest.mark.parametrize("estimator", [*ESTIMATOR_SECONDS, "of somebody else"])
def test_more_rows_folds_and_inputs_cost_more(estimator):
    sets = {"photo": [Hog()]}
    once = solving_seconds(sets, estimator, facts(500), 5)
    assert 0 < once < solving_seconds(sets, estimator, facts(5000), 5)
    assert once < solving_seconds(sets, estimator, facts(500), 10)
    assert once < solving_seconds({**sets, "table": []}, estimator, facts(500), 5)
    assert 0 < learning_seconds(Hog(), "photo", facts(500), 4) < learning_seconds(Hog(), "photo", facts(500), 5)


def test_epochs_stay_between_fifteen_and_sixty():
    assert [epochs_for(facts(rows), 900, 5) for rows in (50, 1_000, 1_000_000)] == [60, 36, 15]


def test_an_accelerator_makes_networks_cheap():
    slow = network_seconds(["photo"], 20, facts(), 5)
    assert network_seconds(["photo"], 20, replace(facts(), accelerator="cuda"), 5) < slow / 5
    assert network_seconds(["photo"], 20, replace(facts(), cores=8), 5) < slow


def test_memory_grows_with_the_rows():
    small, large = (plan(facts(rows), "quick", limit=1e6) for rows in (500, 50_000))
    assert 500 < small.memory < large.memory
    assert small.memory == peak_memory(small.fitted, facts(500))
