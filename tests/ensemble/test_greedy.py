"""Greedy selection against ten plain lines, and its guard."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from polysight.ensemble.greedy import GreedySelection


def simulated(seed, members=5, rows=60, classes=3):
    rng = np.random.default_rng(seed)
    codes = rng.integers(classes, size=rows)
    logits = rng.normal(size=(members, rows, classes)) + 1.5 * rng.random((members, 1, 1)) * np.eye(classes)[codes]
    p = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
    return {f"m{i}": p[i] for i in range(members)}, codes


def log_loss(p, codes):
    return -np.log(p[np.arange(len(codes)), codes]).mean()


def reference(candidates, codes, rounds, tolerance):
    bag = [min(candidates, key=lambda n: log_loss(candidates[n], codes))]
    best = log_loss(candidates[bag[0]], codes)
    for _ in range(rounds):
        losses = {n: log_loss(np.mean([candidates[m] for m in [*bag, n]], axis=0), codes) for n in candidates}
        pick = min(losses, key=losses.get)
        if best - losses[pick] < tolerance:
            break
        bag.append(pick)
        best = losses[pick]
    return {n: bag.count(n) / len(bag) for n in bag}


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_same_as_the_plain_algorithm(seed):
    candidates, codes = simulated(seed)
    found = GreedySelection(rounds=15).fit(candidates, codes)
    expected = reference(candidates, codes, 15, 1e-4)
    assert found.weights_.keys() == expected.keys()
    assert all(abs(found.weights_[n] - w) < 1e-12 for n, w in expected.items())


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_never_worse_than_the_best_single_candidate(seed):
    candidates, codes = simulated(seed)
    found = GreedySelection().fit(candidates, codes)
    assert log_loss(found.transform(candidates), codes) <= min(log_loss(p, codes) for p in candidates.values()) + 1e-12
    assert abs(sum(found.weights_.values()) - 1) < 1e-12


def test_a_useless_candidate_gets_no_weight():
    candidates, codes = simulated(3)
    candidates["wrong"] = np.full_like(candidates["m0"], 1e-6)
    assert "wrong" not in GreedySelection().fit(candidates, codes).weights_


def test_a_missing_vote_leaves_the_average_to_the_others():
    candidates, codes = simulated(5)
    present = np.random.default_rng(0).random((60, 5)) > 0.3
    found = GreedySelection().fit(candidates, codes, present)
    weights = np.array([found.weights_.get(n, 0.0) for n in candidates])
    losses = []
    for row in range(60):
        share = weights * present[row]
        votes = np.array([p[row, codes[row]] for p in candidates.values()])
        if not share.sum():
            share = present[row].astype(float)
        losses.append(-np.log(share @ votes / share.sum() if share.sum() else found.prior_[codes[row]]))
    assert abs(found.loss_ - np.mean(losses)) < 1e-12


def test_one_standard_error_takes_the_first_selection_that_is_not_clearly_worse():
    candidates, codes = simulated(1, members=8, rows=80)
    groups = np.arange(80) // 2
    full, simple = (
        GreedySelection(one_standard_error=one).fit(candidates, codes, groups=groups) for one in (False, True)
    )
    assert simple.weights_.keys() < full.weights_.keys()
    worse = -np.log(
        simple.transform(candidates)[np.arange(80), codes] / full.transform(candidates)[np.arange(80), codes]
    )
    by_group = np.bincount(groups, weights=worse - worse.mean())
    assert worse.mean() <= np.sqrt((by_group**2).sum() * 40 / 39) / 80


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_bags_are_repeatable_and_keep_the_promise(seed):
    candidates, codes = simulated(seed)
    found, again = (GreedySelection(bags=7).fit(candidates, codes, groups=np.arange(60) // 3) for _ in range(2))
    assert found.weights_ == again.weights_
    assert abs(sum(found.weights_.values()) - 1) < 1e-12
    assert log_loss(found.transform(candidates), codes) <= min(log_loss(p, codes) for p in candidates.values()) + 1e-12
