"""Conformal sets: quantiles and sets against ten plain lines, and coverage as promised."""

import numpy as np
import pytest

from polysight.evaluation.conformal import Adaptive, LeastAmbiguous


def simulated(rows, seed, classes=4):
    random = np.random.default_rng(seed)
    logits = 2 * random.normal(size=(rows, classes))
    odds = np.exp(logits)
    probabilities = odds / odds.sum(axis=1, keepdims=True)
    codes = (random.random((rows, 1)) > probabilities.cumsum(axis=1)[:, :-1]).sum(axis=1)
    return codes, probabilities


class Half:
    """In place of a generator: always one half."""

    def random(self, shape):
        return np.full(shape, 0.5)


def plain_score(method, row, k):
    if method == "lac":
        return 1 - row[k]
    return sum(p for p in row if p > row[k]) + 0.5 * row[k]


@pytest.mark.parametrize("method", [LeastAmbiguous(), Adaptive()])
@pytest.mark.parametrize("alpha", [0.05, 0.1, 0.2])
def test_quantile_and_sets_are_those_of_the_papers(method, alpha):
    codes, known = simulated(99, 0)
    _, fresh = simulated(20, 1)
    scores = sorted(plain_score(method.kind, row, k) for row, k in zip(known, codes, strict=True))
    quantile = scores[int(np.ceil(100 * (1 - alpha))) - 1]
    assert method.quantile(known, codes, alpha, Half()) == pytest.approx(quantile)
    plain = [[plain_score(method.kind, row, k) <= quantile for k in range(4)] for row in fresh]
    np.testing.assert_array_equal(method.sets(fresh, quantile, Half()), plain)


@pytest.mark.parametrize("method", [LeastAmbiguous(), Adaptive()])
def test_the_truth_is_in_the_set_as_often_as_promised(method):
    covered = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        codes, known = simulated(200, 2 * seed)
        quantile = method.quantile(known, codes, 0.1, random)
        truth, fresh = simulated(500, 2 * seed + 1)
        covered.append(method.sets(fresh, quantile, random)[np.arange(500), truth].mean())
    assert np.mean(covered) == pytest.approx(0.9, abs=0.015)


def test_too_few_rows_rule_nothing_out():
    codes, known = simulated(10, 0)
    method, random = LeastAmbiguous(), np.random.default_rng(0)
    assert method.quantile(known, codes, 0.05, random) == np.inf
    assert method.sets(known, np.inf, random).all()


def test_labels_never_seen_widen_the_sets():
    codes, known = simulated(199, 0)
    method, random = LeastAmbiguous(), np.random.default_rng(0)
    unseen = np.where(np.arange(199) < 15, -1, codes)
    assert method.quantile(known, unseen, 0.1, random) > method.quantile(known, codes, 0.1, random)
    assert method.quantile(known, unseen, 0.05, random) == np.inf
