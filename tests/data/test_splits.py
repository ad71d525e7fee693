"""Splits: each row on one side, groups whole, classes in proportion and always taught."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from polysight.core.errors import ConfigError, DataError
from polysight.core.events import listen
from polysight.data.splits import folds, holdout, repeated_folds


@st.composite
def tables(draw):
    """Codes and, half of the time, groups of 2 to 60 rows."""
    size = draw(st.integers(2, 60))
    codes = np.array(draw(st.lists(st.integers(0, draw(st.integers(0, 5))), min_size=size, max_size=size)))
    groups = draw(st.none() | st.lists(st.integers(0, draw(st.integers(1, 12))), min_size=size, max_size=size))
    return codes, None if groups is None else np.array(groups)


def units(codes, groups):
    return np.arange(len(codes)) if groups is None else groups


def is_partition(train, test, rows):
    return np.array_equal(np.sort(np.concatenate([train, test])), np.arange(rows))


def events_of(function):
    said = []
    with listen(lambda name, facts: said.append((name, facts))):
        function()
    return said


@settings(deadline=None)
@given(tables(), st.integers(2, 8), st.integers(0, 9))
def test_folds_judge_each_row_once_and_keep_groups_whole(table, n, seed):
    codes, groups = table
    assume(len(np.unique(units(codes, groups))) > 1)
    made = folds(codes, groups, n=n, seed=seed)
    assert len(made) == min(n, len(np.unique(units(codes, groups))))
    np.testing.assert_array_equal(np.sort(np.concatenate([test for _, test in made])), np.arange(len(codes)))
    for train, test in made:
        assert len(train)
        assert len(test)
        assert is_partition(train, test, len(codes))
        assert not set(units(codes, groups)[train]) & set(units(codes, groups)[test])
        assert (np.diff(train) > 0).all()
        assert (np.diff(test) > 0).all()


@settings(deadline=None)
@given(tables(), st.integers(2, 8), st.integers(0, 9))
def test_ungrouped_folds_are_as_even_as_can_be(table, n, seed):
    codes, _ = table
    made = folds(codes, None, n=n, seed=seed)
    sizes = [len(test) for _, test in made]
    assert max(sizes) - min(sizes) <= 1
    inside = np.array([np.bincount(codes[test], minlength=6) for _, test in made])
    assert (inside.max(axis=0) - inside.min(axis=0) <= 1).all()
    often = np.flatnonzero(np.bincount(codes) >= 2)
    assert all(set(often) <= set(codes[train]) for train, _ in made)


@settings(deadline=None)
@given(tables(), st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.integers(0, 9))
def test_holdout_keeps_groups_whole_and_every_class_in_training(table, fraction, seed):
    codes, groups = table
    distinct = np.unique(units(codes, groups))
    if not any(set(codes) == set(codes[units(codes, groups) != unit]) for unit in distinct):
        with pytest.raises(DataError, match="fix:"):
            holdout(codes, groups, fraction=fraction, seed=seed)
        return
    train, test = holdout(codes, groups, fraction=fraction, seed=seed)
    assert len(test)
    assert is_partition(train, test, len(codes))
    assert not set(units(codes, groups)[train]) & set(units(codes, groups)[test])
    assert set(codes[train]) == set(codes)


@settings(deadline=None)
@given(tables(), st.integers(0, 9))
def test_the_same_seed_gives_the_same_split(table, seed):
    codes, groups = table
    assume(len(np.unique(units(codes, groups))) > 1)
    for (train, test), (train2, test2) in zip(
        folds(codes, groups, n=3, seed=seed), folds(codes, groups, n=3, seed=seed), strict=True
    ):
        np.testing.assert_array_equal(train, train2)
        np.testing.assert_array_equal(test, test2)


def test_another_seed_gives_another_split():
    codes, groups = np.tile([0, 1], 100), np.repeat(np.arange(50), 4)
    for grouping in (None, groups):
        assert not np.array_equal(holdout(codes, grouping, seed=0)[1], holdout(codes, grouping, seed=1)[1])
        assert not np.array_equal(folds(codes, grouping, n=5, seed=0)[0][1], folds(codes, grouping, n=5, seed=1)[0][1])


def test_an_ungrouped_holdout_has_the_right_size_and_proportions():
    codes = np.repeat([0, 1, 2, 3], [100, 60, 37, 3])
    _, test = holdout(codes, None, fraction=0.2, seed=3)
    assert len(test) == 40
    assert (np.abs(np.bincount(codes[test], minlength=4) - 0.2 * np.bincount(codes)) < 1).all()


def test_a_grouped_holdout_comes_near_size_and_proportions():
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 60, 1200)
    codes = (rng.random(1200) < 0.2 + 0.6 * rng.random(60)[groups]).astype(int)
    for seed in range(5):
        _, test = holdout(codes, groups, fraction=0.2, seed=seed)
        assert abs(len(test) / 1200 - 0.2) < 0.01
        assert abs(codes[test].mean() - codes.mean()) < 0.02


def test_one_group_cannot_be_split():
    codes, groups = np.array([0, 1, 0, 1]), np.zeros(4, dtype=int)
    for split in (lambda: holdout(codes, groups, seed=0), lambda: folds(codes, groups, n=5, seed=0)):
        with pytest.raises(DataError, match="1 group") as caught:
            split()
        assert "group column" in caught.value.fix


def test_classes_that_each_live_in_one_group_cannot_be_held_out():
    codes = np.repeat([0, 1, 2], 5)
    with pytest.raises(DataError, match="only one with some class"):
        holdout(codes, codes, seed=0)


def test_a_class_in_one_group_stays_in_training_and_is_named():
    codes = np.array([0, 0, 1, 1, 0, 1, 0, 1, 2, 2])
    groups = np.array([0, 1, 0, 1, 2, 2, 3, 3, 4, 4])
    said = events_of(lambda: holdout(codes, groups, seed=0))
    assert said == [("class_in_one_group", {"classes": [2]})]
    for seed in range(10):
        assert 4 not in groups[holdout(codes, groups, fraction=0.4, seed=seed)[1]]
    assert events_of(lambda: folds(codes, groups, n=3, seed=0)) == said
    assert events_of(lambda: folds(codes, None, n=3, seed=0)) == []


def test_few_groups_leave_one_out_each():
    codes, groups = np.tile([0, 1], 20), np.repeat([7, 3, 5, 9], 10)
    made = folds(codes, groups, n=5, seed=0)
    assert sorted(set(groups[test]).pop() for _, test in made) == [3, 5, 7, 9]
    assert all(len(set(groups[test])) == 1 for _, test in made)


def test_no_training_part_lacks_a_class_where_that_can_be_avoided():
    # Class 2 lives in two groups of six: dealt to the same fold, that fold would train without it.
    codes = np.array([0, 1, 2] * 2 + [0, 1, 0] * 4)
    groups = np.repeat(np.arange(6), 3)
    for seed in range(20):
        assert all(set(codes[train]) == {0, 1, 2} for train, _ in folds(codes, groups, n=3, seed=seed))


def test_grouped_folds_are_at_least_as_even_as_those_of_scikit_learn():
    ours, theirs = [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        count = int(rng.integers(7, 40))
        groups = rng.choice(count, 300, p=rng.dirichlet(np.ones(count)))
        codes = (rng.random(300)[:, None] > rng.dirichlet(np.ones(3), count)[groups].cumsum(axis=1)[:, :2]).sum(axis=1)
        reference = StratifiedGroupKFold(5, shuffle=True, random_state=seed).split(codes, codes, groups)
        for made, kept in ((folds(codes, groups, n=5, seed=seed), ours), (reference, theirs)):
            inside = np.array([np.bincount(codes[test], minlength=3) for _, test in made]) / np.bincount(codes)
            kept.append(inside.std(axis=0).mean())
    assert np.mean(ours) < np.mean(theirs)


def test_repetitions_differ_and_collapse_when_there_is_only_one_way():
    codes, groups = np.tile([0, 1], 20), np.repeat(np.arange(4), 10)
    made = repeated_folds(codes, None, n=4, repeats=3, seed=0)
    assert [len(division) for division in made] == [4, 4, 4]
    assert not np.array_equal(made[0][0][1], made[1][0][1])
    assert len(repeated_folds(codes, groups, n=5, repeats=3, seed=0)) == 1
    assert len(repeated_folds(codes, groups, n=2, repeats=3, seed=0)) == 3


def test_bad_options_are_refused():
    codes = np.array([0, 1, 0, 1])
    with pytest.raises(ConfigError, match="1 folds"):
        folds(codes, None, n=1, seed=0)
    for fraction in (0.0, 1.0, -0.2):
        with pytest.raises(ConfigError, match="fraction"):
            holdout(codes, None, fraction=fraction, seed=0)
    with pytest.raises(DataError, match="1 row"):
        folds(codes[:1], None, n=2, seed=0)
