"""Calibration error: close to the truth where the plain one is not, and exact bins."""

import numpy as np
import pytest

from polysight.evaluation.calibration import Calibration


def plain_error(confidence, right, bins=10):
    order = np.argsort(confidence)
    parts = np.array_split(order, bins)
    return sum(abs(confidence[p].mean() - right[p].mean()) * len(p) for p in parts) / len(confidence)


def simulated(seed, rows, shift):
    random = np.random.default_rng(seed)
    confidence = random.uniform(0.5, 0.9, size=rows)
    return confidence, random.random(rows) < confidence + shift


def error(confidence, right):
    return float(Calibration(confidence, right).error(np.ones((len(right), 1)))[0])


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.1])
def test_the_debiased_error_is_nearer_the_truth_than_the_plain_one(shift):
    samples = [simulated(seed, 300, shift) for seed in range(200)]
    debiased = np.mean([error(*sample) for sample in samples])
    plain = np.mean([plain_error(*sample) for sample in samples])
    assert abs(debiased - shift) < 0.7 * abs(plain - shift)


def test_the_closed_form_is_the_published_simulation():
    confidence, right = simulated(3, 400, 0.05)
    reliability = Calibration(confidence, right).reliability()
    mass = reliability.rows / reliability.rows.sum()
    spread = np.sqrt(reliability.accuracy * (1 - reliability.accuracy) / reliability.rows)
    noisy = np.random.default_rng(0).normal(reliability.accuracy, spread, size=(200_000, len(mass)))
    plain = mass @ np.abs(reliability.accuracy - reliability.confidence)
    simulated_mean = (np.abs(noisy - reliability.confidence) @ mass).mean()
    assert error(confidence, right) == pytest.approx(2 * plain - simulated_mean, abs=2e-4)


def test_bins_hold_equal_numbers_of_rows():
    confidence, right = simulated(0, 1000, 0.0)
    reliability = Calibration(confidence, right).reliability()
    assert reliability.rows.tolist() == [100.0] * 10
    assert (np.diff(reliability.confidence) > 0).all()


def test_rows_with_one_confidence_share_one_bin():
    right = np.array([True, False, True, True])
    reliability = Calibration(np.full(4, 0.75), right).reliability()
    assert reliability.rows.tolist() == [4.0]
    assert error(np.full(4, 0.75), right) == pytest.approx(0.0, abs=1e-9)
