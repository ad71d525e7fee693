"""Intervals: they hold the value, cover the truth, honour groups, and repeat."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from polysight.evaluation.class_intervals import class_estimates
from polysight.evaluation.intervals import (
    Estimate,
    metric_estimates,
    paired_gain,
    percentile,
    share_estimate,
)
from polysight.evaluation.metrics import METRICS, metric_values
from polysight.evaluation.resampling import Resampling


def simulate(seed, rows, classes=3, strength=2.0, groups=0):
    random = np.random.default_rng(seed)
    codes = random.integers(classes, size=rows)
    logits = random.normal(size=(rows, classes))
    group = None
    if groups:
        group = random.integers(groups, size=rows)
        logits += random.normal(size=(groups, classes))[group]
    logits[np.arange(rows), codes] += strength
    weights = np.exp(strength * logits)
    return codes, weights / weights.sum(axis=1, keepdims=True), group


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 9999), rows=st.integers(2, 60), classes=st.integers(2, 5), strength=st.floats(0.1, 20))
def test_an_interval_holds_its_value(seed, rows, classes, strength):
    codes, probabilities, _ = simulate(seed, rows, classes, strength)
    for name, estimate in metric_estimates(codes, probabilities, Resampling(rows, count=50)).items():
        if estimate.value is None:
            assert estimate.reason == "one_class_only"
        elif estimate.low is not None:
            assert estimate.low <= estimate.value <= estimate.high, name


def test_values_are_those_of_the_rows_themselves():
    codes, probabilities, _ = simulate(1, 150)
    estimates = metric_estimates(codes, probabilities, Resampling(150, count=20))
    for name, value in metric_values(codes, probabilities).items():
        assert estimates[name].value == pytest.approx(value, abs=1e-8), name


@pytest.mark.parametrize("right", [0, 3, 20, 39, 40])
def test_a_share_has_jeffreys_interval(right):
    estimate = share_estimate(np.arange(40) < right, Resampling(40, count=20_000))
    low, high = beta.ppf([0.025, 0.975], right + 0.5, 40 - right + 0.5)
    assert estimate.value == right / 40
    # At 0 and 1 the value itself is the end of the interval.
    assert estimate.low == pytest.approx(0.0 if right == 0 else low, abs=0.02)
    assert estimate.high == pytest.approx(1.0 if right == 40 else high, abs=0.02)


def test_being_always_right_on_few_rows_is_not_certainty():
    codes = np.tile([0, 1], 10)
    estimates = metric_estimates(codes, np.eye(2)[codes] * 0.8 + 0.1, Resampling(20))
    for name in METRICS:
        if name != "ece":
            assert estimates[name].low < estimates[name].high, name
    assert estimates["accuracy"].low < 0.93


def test_groups_widen_the_interval():
    codes, probabilities, group = simulate(2, 600, groups=20)
    grouped = metric_estimates(codes, probabilities, Resampling(600, group))["accuracy"]
    single = metric_estimates(codes, probabilities, Resampling(600))["accuracy"]
    assert grouped.high - grouped.low > 1.3 * (single.high - single.low)


def test_groups_of_one_row_change_nothing():
    codes, probabilities, _ = simulate(3, 80)
    names = np.array([f"patient {i:03d}" for i in range(80)])
    assert metric_estimates(codes, probabilities, Resampling(80, names)) == metric_estimates(
        codes, probabilities, Resampling(80)
    )


def test_same_seed_same_interval():
    codes, probabilities, _ = simulate(4, 100)
    first, again, other = (metric_estimates(codes, probabilities, Resampling(100, seed=s)) for s in (1, 1, 2))
    assert first == again
    assert first != other


def test_one_group_has_a_value_but_no_interval():
    codes, probabilities, _ = simulate(5, 30)
    estimate = metric_estimates(codes, probabilities, Resampling(30, np.zeros(30)))["accuracy"]
    assert estimate.value is not None
    assert (estimate.low, estimate.high, estimate.reason) == (None, None, "one_unit_only")


def test_pairing_sees_a_difference_that_separate_intervals_hide():
    random = np.random.default_rng(0)
    second = random.random(400) < 0.8
    first = second | (random.random(400) < 0.15)
    resampling = Resampling(400)
    gain = paired_gain(first, second, resampling)
    assert gain.value == pytest.approx(first.mean() - second.mean())
    assert gain.low > 0
    assert share_estimate(first, resampling).low < share_estimate(second, resampling).high


def test_two_models_that_agree_everywhere_may_still_differ_a_little():
    same = np.arange(50) % 2 == 0
    gain = paired_gain(same, same, Resampling(50))
    assert gain.low < gain.value == 0.0 < gain.high


def test_classes_have_reasons_instead_of_numbers():
    codes = np.array([0] * 10 + [1] * 10)
    predicted = np.zeros(20, dtype=int)
    first, second, third = class_estimates(codes, predicted, 3, Resampling(20))
    assert first["recall"].value == 1.0
    assert first["precision"].value == 0.5
    assert second["precision"] == Estimate(None, None, None, "never_predicted")
    assert second["f1"].value == 0.0
    assert third["recall"] == Estimate(None, None, None, "no_rows")


def test_an_estimate_survives_json():
    for estimate in (Estimate(0.5, 0.4, 0.6), Estimate(None, None, None, "no_rows")):
        assert Estimate.from_json(estimate.to_json()) == estimate
    assert Estimate(0.5, 0.4, 0.6).to_json() == {"value": 0.5, "low": 0.4, "high": 0.6}


COVERED = [name for name in METRICS if name != "ece"]


def test_accelerated_intervals_lean_to_the_long_side_of_groups():
    # Losses of groups are skewed upwards: so is what is not known of their mean.
    losses = np.repeat(np.random.default_rng(0).gamma(0.5, size=30), 4)
    resampling = Resampling(120, np.repeat(np.arange(30), 4))
    drawn = np.concatenate([losses @ draw.rows / draw.rows.sum(axis=0) for draw in resampling.draws()])
    lacking = resampling.without_groups(lambda weights: losses @ weights / weights.sum(axis=0))
    plain = percentile(losses.mean(), drawn, 30)
    grouped = percentile(losses.mean(), drawn, 30, left_out=lacking)
    influence = lacking.mean() - lacking
    assert (influence**3).sum() > 0
    assert grouped.high > plain.high
    assert grouped.high - grouped.value > 1.3 * (grouped.value - grouped.low)
    # A constant, and a metric that most groups cannot be left out of, have what resamples say.
    assert percentile(1.0, np.ones(50), 30, left_out=np.ones(30)) == Estimate(1.0, 1.0, 1.0)
    assert percentile(0.5, np.linspace(0, 1, 99), 30, left_out=np.array([0.5, *[np.nan] * 29])).low < 0.05


def test_each_group_is_left_out_in_turn(monkeypatch):
    group = np.array([2, 0, 0, 1, 2, 1, 2])
    values = np.arange(7.0)
    expected = [values[group != k].sum() for k in range(3)]
    resampling = Resampling(7, group)
    assert resampling.without_groups(lambda weights: values @ weights).tolist() == expected
    monkeypatch.setattr("polysight.evaluation.resampling._BLOCK", 14)
    named = resampling.without_groups(lambda weights: {"sum": values @ weights, "rows": weights.sum(axis=0)})
    assert named["sum"].tolist() == expected
    assert named["rows"].tolist() == [5.0, 5.0, 4.0]
    for other in (Resampling(7), Resampling(7, np.zeros(7)), Resampling(7, np.arange(7))):
        assert other.without_groups(lambda weights: values @ weights) is None


def test_a_few_trials_of_thirty_groups_cover_the_truth():
    """The whole table is in ``benchmarks/coverage.py``; this sees whether intervals have become far too narrow."""
    truth, covered = 0.7, 0
    for seed in range(150):
        random = np.random.default_rng(seed)
        group = random.integers(30, size=240)
        rate = random.beta(0.7 * 3, 0.3 * 3, size=30)
        right = random.random(240) < rate[group]
        estimate = share_estimate(right, Resampling(240, group, seed, count=300))
        covered += estimate.low <= truth <= estimate.high
    assert 0.91 <= covered / 150 <= 0.99


@pytest.mark.long
@pytest.mark.parametrize("groups", [0, 40])
def test_intervals_cover_the_truth_as_often_as_they_say(groups):
    codes, probabilities, _ = simulate(0, 200_000, groups=20_000 if groups else 0)
    truth, trials = metric_values(codes, probabilities), 400
    covered = dict.fromkeys(COVERED, 0)
    for seed in range(1, trials + 1):
        codes, probabilities, group = simulate(seed, 400, groups=groups)
        estimates = metric_estimates(codes, probabilities, Resampling(400, group, seed, count=500))
        for name in COVERED:
            covered[name] += estimates[name].low <= truth[name] <= estimates[name].high
    for name, count in covered.items():
        assert 0.92 <= count / trials <= 0.98, f"{name}: {count / trials:.3f}"
