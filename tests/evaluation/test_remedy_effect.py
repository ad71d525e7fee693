"""The effect of a remedy: recall by class beside scikit-learn's, its gain with a paired interval."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, recall_score

from polysight.evaluation.remedy_effect import remedy_effect
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.variants import Variants


def said(codes, share, rng):
    return np.where(rng.random(len(codes)) < share[codes], codes, (codes + 1) % len(share))


def test_it_is_the_recall_of_scikit_learn_with_and_without():
    rng = np.random.default_rng(0)
    codes = np.repeat([0, 1, 2], [200, 60, 40])
    without = said(codes, np.array([0.95, 0.6, 0.3]), rng)
    with_it = said(codes, np.array([0.85, 0.7, 0.8]), rng)
    effect = remedy_effect(codes, without, with_it, ["a", "b", "c"], Resampling(len(codes)))
    for name, predicted in (("without", without), ("with", with_it)):
        expected = recall_score(codes, predicted, average=None)
        assert [effect["recall"][label][name] for label in "abc"] == pytest.approx(expected.tolist())
        assert effect["recall_macro"][name] == pytest.approx(expected.mean())
        assert effect["accuracy"][name] == pytest.approx(accuracy_score(codes, predicted))
    gain = effect["recall"]["c"]["gain"]
    assert 0.2 < gain["low"] < gain["value"] < gain["high"]
    assert gain["value"] == pytest.approx(effect["recall"]["c"]["with"] - effect["recall"]["c"]["without"])
    assert effect["recall"]["a"]["gain"]["value"] < 0


def test_the_interval_is_paired():
    rng = np.random.default_rng(1)
    codes = rng.integers(2, size=300)
    without = said(codes, np.array([0.7, 0.7]), rng)
    same = remedy_effect(codes, without, without, [0, 1], Resampling(300))
    assert same["recall_macro"]["gain"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_a_class_without_rows_has_no_recall():
    codes = np.array([0, 0, 1, 1, -1])
    effect = remedy_effect(codes, np.array([0, 1, 1, 1, 0]), np.array([0, 0, 1, 1, 0]), [0, 1, 2], Resampling(5))
    assert effect["recall"]["2"]["with"] is None
    assert effect["recall"]["2"]["gain"]["reason"] == "no_rows"
    assert effect["recall"]["0"]["gain"]["value"] == 0.5
    assert effect["accuracy"]["with"] == pytest.approx(0.8)


def test_decisions_of_several_models_are_pooled_row_by_row():
    probabilities = np.array([[0.6, 0.4], [0.6, 0.4]])
    majority = np.zeros(2, dtype=int)
    moved = Variants(probabilities, {}, {}, majority, np.tile([1.0, 2.0], (2, 1)))
    plain = Variants(probabilities, {}, {}, majority)
    pooled = Variants.pool([(np.array([0, 3]), plain), (np.array([1, 2]), moved)])
    assert pooled.chosen(pooled.whole).tolist() == [0, 1, 1, 0]
    assert Variants.pool([(np.array([0, 1]), plain)]).factors is None
