"""Subsets: shares as counted, intervals as everywhere, differences that hold under chance and find what was planted."""

import numpy as np
import pytest
from scipy.stats import beta, norm, ttest_ind

from polysight.evaluation.intervals import share_estimate
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.subsets import Subsets


def test_all_rows_as_a_subset_have_the_interval_of_a_share():
    right = np.random.default_rng(0).random(300) < 0.8
    resampling = Resampling(300, count=4000)
    whole = share_estimate(right, resampling)
    subset = Subsets(np.ones((1, 300), dtype=bool), resampling).shares(right)[0]
    assert subset.value == whole.value
    assert (subset.low, subset.high) == pytest.approx((whole.low, whole.high), abs=0.01)


def test_a_small_subset_that_is_all_right_has_jeffreys_interval():
    members = np.zeros((1, 400), dtype=bool)
    members[0, :25] = True
    share = Subsets(members, Resampling(400, count=4000)).shares(np.ones(400, dtype=bool))[0]
    assert share.value == share.high == 1.0
    assert share.low == pytest.approx(beta.ppf(0.025, 25.5, 0.5), abs=0.02)


def test_a_difference_is_tested_as_by_welch():
    random = np.random.default_rng(1)
    members = np.arange(600) < 200
    right = random.random(600) < np.where(members, 0.62, 0.72)
    shares, differences = Subsets(members[None], Resampling(600)).compared(right)
    assert shares[0].value == pytest.approx(right[members].mean())
    assert differences[0].estimate.value == pytest.approx(right[members].mean() - right[~members].mean())
    reference = ttest_ind(right[members].astype(float), right[~members].astype(float), equal_var=False)
    # As many standard errors, to a tenth.
    assert norm.isf(differences[0].p / 2) == pytest.approx(norm.isf(reference.pvalue / 2), rel=0.1)
    assert differences[0].estimate.high < 0


def test_chance_is_called_clear_as_often_as_promised():
    random = np.random.default_rng(2)
    members = random.random((200, 300)) < 0.3
    _, differences = Subsets(members, Resampling(300)).compared(random.random(300) < 0.7)
    # Subsets of the same rows: 200 nearly independent questions.
    assert 0.01 <= np.mean([difference.p < 0.05 for difference in differences]) <= 0.1


def test_what_whole_groups_do_counts_by_groups():
    random = np.random.default_rng(3)
    group = np.repeat(np.arange(20), 30)
    right = random.random(600) < np.repeat(random.random(20), 30)
    members = group[None] < 8
    alone = Subsets(members, Resampling(600)).compared(right)[1][0]
    grouped = Subsets(members, Resampling(600, group)).compared(right)[1][0]
    assert grouped.p > alone.p
    assert grouped.estimate.high - grouped.estimate.low > 2 * (alone.estimate.high - alone.estimate.low)


def test_nothing_and_single_groups_have_reasons():
    members = np.zeros((3, 60), dtype=bool)
    members[1, :30] = True
    members[2] = True
    shares, differences = Subsets(members, Resampling(60, np.repeat([0, 1, 2], [30, 15, 15]))).compared(np.ones(60) > 0)
    assert (shares[0].value, shares[0].reason) == (None, "no_rows")
    assert differences[0].estimate.reason == "no_rows"
    assert (shares[1].value, shares[1].low, shares[1].reason) == (1.0, None, "one_unit_only")
    assert (differences[1].p, differences[1].estimate.reason) == (None, "one_unit_only")
    assert (differences[2].p, differences[2].estimate.reason) == (None, "no_rows")


def test_a_subset_with_one_row_of_each_group_has_the_interval_of_single_rows():
    members = np.zeros((1, 400), dtype=bool)
    members[0, ::10] = True
    right = np.repeat(np.random.default_rng(4).random(40) < 0.8, 10)
    grouped = Subsets(members, Resampling(400, np.arange(400) // 10)).shares(right)[0]
    low, high = beta.ppf([0.025, 0.975], right[::10].sum() + 0.5, 40 - right[::10].sum() + 0.5)
    assert (grouped.low, grouped.high) == pytest.approx((low, high), abs=0.03)
