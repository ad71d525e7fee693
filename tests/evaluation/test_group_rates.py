"""Rates by group: those of a confusion table; gaps that are zero where groups are alike, and clear where planted."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix

from polysight.evaluation.group_rates import group_rates
from polysight.evaluation.resampling import Resampling


def simulated(rows=600, groups=3, classes=2, worse=0.0, seed=0):
    random = np.random.default_rng(seed)
    place, codes = random.integers(groups, size=rows), random.integers(classes, size=rows)
    wrong = random.random(rows) < 0.15 + worse * (place == 0)
    return place, codes, np.where(wrong, (codes + 1) % classes, codes)


def test_two_classes_have_the_rates_of_the_second():
    place, codes, predicted = simulated()
    rates = group_rates(place, codes, predicted, 2, Resampling(600, count=200))
    for group in range(3):
        own = place == group
        (passed, alarms), (missed, hits) = confusion_matrix(codes[own], predicted[own])
        true, false = rates.true[group], rates.false[group]
        assert true.value == pytest.approx(hits / (hits + missed))
        assert false.value == pytest.approx(alarms / (alarms + passed))
        assert true.low < true.value < true.high
    values = [rate.value for rate in rates.true]
    assert rates.true_gap.value == pytest.approx(max(values) - min(values))


def test_several_classes_have_the_mean_of_each_against_the_rest():
    place, codes, predicted = simulated(classes=4)
    rates = group_rates(place, codes, predicted, 4, Resampling(600, count=50))
    own = place == 1
    true = [(predicted[own] == k)[codes[own] == k].mean() for k in range(4)]
    false = [(predicted[own] == k)[codes[own] != k].mean() for k in range(4)]
    assert rates.true[1].value == pytest.approx(np.mean(true))
    assert rates.false[1].value == pytest.approx(np.mean(false))


def test_a_class_that_a_group_lacks_is_left_out_for_all():
    place, codes, predicted = simulated(groups=2, classes=3)
    place = np.where((codes == 2) & (place == 1), -1, place)
    rates = group_rates(place, codes, predicted, 3, Resampling(600, count=50))
    own = place == 0
    assert rates.true[0].value == pytest.approx(np.mean([(predicted == k)[own & (codes == k)].mean() for k in (0, 1)]))


def test_groups_alike_have_no_clear_gap_and_a_planted_one_is_found():
    clear = 0
    for seed in range(40):
        gap = group_rates(*simulated(groups=4, seed=seed), 2, Resampling(600, seed=seed, count=200)).true_gap
        assert gap.value > 0
        clear += gap.low > 0
    assert clear <= 5
    planted = group_rates(*simulated(worse=0.4), 2, Resampling(600, count=400)).true_gap
    assert 0.1 < planted.low < planted.value < planted.high < 0.7
    assert planted.low < 0.4 < planted.high


def test_labels_never_seen_are_false_alarms_only():
    place, codes, predicted = simulated(groups=2)
    with_unseen = group_rates(place, np.where(codes == 0, -1, codes), predicted, 2, Resampling(600, count=50))
    plain = group_rates(place, codes, predicted, 2, Resampling(600, count=50))
    assert [r.value for r in with_unseen.true] == [r.value for r in plain.true]
    assert [r.value for r in with_unseen.false] == [r.value for r in plain.false]


def test_one_class_or_one_group_of_rows_says_why_not():
    place, codes, predicted = simulated(groups=2)
    one_class = group_rates(place, np.ones(600, dtype=int), predicted, 2, Resampling(600, count=50))
    assert one_class.true_gap.reason == one_class.false[1].reason == "too_few_rows"
    one_group = group_rates(np.zeros(600, dtype=int), codes, predicted, 2, Resampling(600, count=50))
    assert one_group.true[0].low is not None
    assert one_group.true_gap.reason == "one_group_only"
    one_unit = group_rates(place, codes, predicted, 2, Resampling(600, place, count=50))
    assert one_unit.true_gap.value is not None
    assert (one_unit.true_gap.low, one_unit.true_gap.reason) == (None, "one_unit_only")
