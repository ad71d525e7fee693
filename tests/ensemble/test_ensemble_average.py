"""Averages against plain lines: the mean of what is there, weights against a general optimiser."""

import numpy as np
import pytest
from scipy.optimize import minimize
from test_combiners import CLASSES, simulated

from polysight.ensemble.average import Mean
from polysight.ensemble.weighted import WeightedAverage


def loss(weights, votes, codes, present):
    total = np.zeros(len(codes))
    count = np.zeros(len(codes))
    for column, (weight, vote) in enumerate(zip(weights, votes.values(), strict=True)):
        total += weight * present[:, column] * vote[np.arange(len(codes)), codes]
        count += weight * present[:, column]
    seen = present.any(axis=1)
    return -np.log(total[seen] / count[seen]).sum()


def test_the_mean_is_of_what_is_there():
    votes, codes, present = simulated(0, rows=40)
    answer = Mean().fit(votes, codes).transform(votes, present)
    for row in range(2, 40):
        there = [vote[row] for column, vote in enumerate(votes.values()) if present[row, column]]
        if there:
            np.testing.assert_allclose(answer[row], np.mean(there, axis=0), rtol=1e-12)


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize("shrinkage", [0.0, 20.0])
def test_the_weights_are_those_of_a_general_optimiser(missing, shrinkage):
    votes, codes, present = simulated(4)
    present = present if missing else np.ones_like(present)
    found = WeightedAverage(shrinkage, iterations=5_000, tolerance=1e-8).fit(votes, codes, present)

    def penalised(raw):
        weights = np.exp(raw) / np.exp(raw).sum()
        return loss(weights, votes, codes, present) - shrinkage / 3 * np.log(weights).sum()

    mine = np.array([found.weights_.get(n, 1e-9) for n in "abc"])
    best = minimize(penalised, np.zeros(3), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9})
    assert penalised(np.log(mine)) <= best.fun + 0.02
    np.testing.assert_allclose(mine, np.exp(best.x) / np.exp(best.x).sum(), atol=2e-3)


def test_without_a_pull_never_worse_than_the_best_member():
    for seed in range(5):
        votes, codes, present = simulated(seed)
        present = np.ones_like(present)
        found = WeightedAverage(0.0, tolerance=1e-9).fit(votes, codes)
        weights = [found.weights_.get(n, 0.0) for n in "abc"]
        singles = [loss(w, votes, codes, present) for w in np.eye(3)]
        assert loss(weights, votes, codes, present) <= min(singles) + 1e-2


def test_only_members_without_weight_there_is_their_plain_mean():
    votes, codes, _ = simulated(0)
    found = WeightedAverage().fit({"a": votes["a"]}, codes)
    answer = found.transform({n: votes[n] for n in ("b", "c")})
    np.testing.assert_allclose(answer, (votes["b"] + votes["c"]) / 2, rtol=1e-12)
    assert answer.shape[1] == CLASSES


def test_no_vote_at_all_in_fit_leaves_equal_weights():
    votes, codes, present = simulated(0)
    found = WeightedAverage().fit(votes, codes, np.zeros_like(present))
    assert list(found.weights_.values()) == pytest.approx([1 / 3] * 3)
