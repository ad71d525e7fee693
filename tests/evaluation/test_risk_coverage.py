"""Risk and coverage: areas and thresholds against plain loops, ties that no order can hide."""

import numpy as np
import pytest

from polysight.evaluation.resampling import Resampling
from polysight.evaluation.risk_coverage import RiskCoverage


def simulated(rows=200, seed=0):
    random = np.random.default_rng(seed)
    confidence = random.random(rows)
    return confidence, random.random(rows) < 0.5 + confidence / 2


def risk_of(confidence, right, count):
    surest = sorted(range(len(right)), key=lambda row: -confidence[row])[:count]
    return np.mean([not right[row] for row in surest])


def test_areas_are_means_over_all_coverages():
    confidence, right = simulated()
    risk = RiskCoverage(confidence, right)
    assert risk.area == pytest.approx(np.mean([risk_of(confidence, right, k) for k in range(1, 201)]))
    best = RiskCoverage(right.astype(float), right)
    assert best.excess_area == pytest.approx(0.0)
    assert risk.excess_area == pytest.approx(risk.area - best.area)
    # The published approximation of the best area.
    wrong = np.mean(~right)
    assert best.area == pytest.approx(wrong + (1 - wrong) * np.log(1 - wrong), abs=0.01)


def test_rows_of_equal_confidence_have_no_order():
    right = np.array([True, False, True, False])
    for order in ([0, 1, 2, 3], [1, 3, 0, 2]):
        assert RiskCoverage(np.full(4, 0.5), right[order]).area == pytest.approx(0.5)


def test_a_threshold_covers_as_much_as_the_accuracy_allows():
    confidence, right = simulated(400, 1)
    found = RiskCoverage(confidence, right).threshold(0.85, 20)
    possible = [t for t in confidence if (confidence >= t).sum() >= 20 and right[confidence >= t].mean() >= 0.85]
    assert found == min(possible)
    assert RiskCoverage(confidence, np.zeros(400, dtype=bool)).threshold(0.5, 20) is None
    assert RiskCoverage(confidence[:10], np.ones(10, dtype=bool)).threshold(0.9, 20) is None
    # Rows of one confidence are answered together, or not at all.
    tied = RiskCoverage(np.repeat([0.9, 0.5], 30), np.arange(60) < 40)
    assert tied.threshold(0.99, 20) == 0.9


def test_the_curve_is_what_is_counted_and_its_intervals_hold_it():
    confidence, right = simulated(300, 2)
    points = RiskCoverage(confidence, right).curve(np.array([0.001, 0.1, 0.5, 1.0]), Resampling(300))
    assert [point.coverage for point in points] == pytest.approx([1 / 300, 0.1, 0.5, 1.0])
    for point in points:
        assert point.risk.value == pytest.approx(risk_of(confidence, right, round(point.coverage * 300)))
        assert (confidence >= point.threshold).mean() == pytest.approx(point.coverage)
        assert point.risk.low <= point.risk.value <= point.risk.high
    assert points[0].risk.high - points[0].risk.low > points[3].risk.high - points[3].risk.low


def test_the_interval_of_a_risk_covers_the_truth():
    truth = 0.25 / 2  # Half the rows, of confidence above one half: wrong in (1 - .75) / 2.
    covered = 0
    for seed in range(100):
        confidence, right = simulated(200, seed)
        risk = RiskCoverage(confidence, right).curve(np.array([0.5]), Resampling(200, seed=seed, count=300))[0].risk
        covered += risk.low <= truth <= risk.high
    assert covered >= 89
