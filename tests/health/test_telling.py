"""Telling: chance is 0, a copy is 1, groups stay whole, and luck is seldom called skill."""

import numpy as np
import pytest

from polysight.health.leaky_columns import areas
from polysight.health.telling import FOLDS, levels_of, places, telling


@pytest.fixture
def codes():
    return np.random.default_rng(0).integers(0, 3, 240)


def test_a_copy_tells_everything_and_noise_nothing(codes):
    rng = np.random.default_rng(1)
    assert telling(np.array(list("abc"))[codes], codes).skill == 1.0
    assert telling(codes * 10 + rng.uniform(0, 1, 240), codes).skill > 0.95
    assert telling(codes * 10.0, codes).p == 0.01
    lucky = [telling(np.random.default_rng(seed).normal(size=240), codes, seed=seed).p <= 0.01 for seed in range(60)]
    assert np.mean(lucky) <= 0.05


def test_what_cannot_tell_is_not_asked(codes):
    unique = np.arange(240).astype(str)
    assert telling(unique, codes) == (0.0, 1.0)
    assert telling(np.zeros(240), codes) == (0.0, 1.0)
    assert telling(np.array(list("abc"))[codes], np.zeros(240, dtype=int)) == (0.0, 1.0)
    assert telling(np.array(list("abc"))[codes], codes, worthwhile=2.0).p == 1.0


def test_a_group_is_on_one_side_and_its_luck_counts_once():
    rng = np.random.default_rng(2)
    groups = np.repeat(np.arange(12), 20)
    codes = rng.integers(0, 2, 12)[groups]
    place = places(codes, groups, seed=0)
    assert set(place) == set(range(FOLDS))
    assert (np.array([len(set(place[groups == group])) for group in range(12)]) == 1).all()
    # The name of the group tells its label where rows are dealt out, and nothing of other groups.
    names = groups.astype(str)
    assert telling(names, codes).skill == 1.0
    assert telling(names, codes, groups).skill <= 0.2


def test_without_groups_classes_are_dealt_out_like_cards(codes):
    place = places(codes, None, seed=3)
    counts = np.array([np.bincount(codes[place == fold], minlength=3) for fold in range(FOLDS)])
    assert np.ptp(counts, axis=0).max() <= 1


def test_bins_hold_alike_many_rows_and_missing_is_a_level():
    values = np.r_[np.random.default_rng(0).normal(size=160), [np.nan] * 10]
    levels = levels_of(values)
    assert len(set(levels[160:])) == 1
    assert not set(levels[160:]) & set(levels[:160])
    assert np.ptp(np.bincount(levels)[1:]) <= 1
    assert levels_of(np.full(5, np.nan)).tolist() == [0] * 5


def test_many_rows_are_judged_by_some(codes, monkeypatch):
    monkeypatch.setattr("polysight.health.telling.MOST_ROWS", 100)
    groups = np.arange(240) // 2
    assert telling(np.array(list("abc"))[codes], codes, groups).skill > 0.9


def test_areas_are_those_of_scikit_learn():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(5)
    codes = np.repeat([0, 1, 2], [50, 40, 5])
    values = np.round(codes + rng.normal(size=95), 1)
    values[3] = np.nan
    known = ~np.isnan(values)
    found = areas(values, codes)
    for code in (0, 1):
        area = roc_auc_score(codes[known] == code, values[known])
        assert found[code] == pytest.approx(max(area, 1 - area))
    assert found[2] == 0.5
