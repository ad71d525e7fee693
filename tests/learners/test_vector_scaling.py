"""Vector scaling: recovers what made probabilities wrong, becomes a temperature when pulled, is chosen by folds."""

import numpy as np
import pytest
from scipy.special import softmax

from polysight.learners.calibration import TemperatureScaling
from polysight.learners.scaling_choice import fit_scaling
from polysight.learners.vector_scaling import VectorScaling


def skewed(rows, seed=0, scale=(2.0, 1.0, 0.5), bias=(0.0, 1.0, -1.0)):
    """Labels drawn from a softmax, and probabilities that say it wrongly class by class."""
    rng = np.random.default_rng(seed)
    logits = np.log(softmax(2 * rng.normal(size=(rows, 3)), axis=1))
    codes = (softmax(logits * scale + bias, axis=1).cumsum(axis=1) < rng.random((rows, 1))).sum(axis=1).clip(0, 2)
    return softmax(logits, axis=1), codes


def test_recovers_scales_and_biases():
    p, codes = skewed(20_000)
    found = VectorScaling(strength=0.01).fit(p, codes)
    np.testing.assert_allclose(found.scale_, [2.0, 1.0, 0.5], atol=0.1)
    np.testing.assert_allclose(found.bias_ - found.bias_.mean(), [0.0, 1.0, -1.0], atol=0.1)


def test_a_strong_pull_leaves_a_temperature():
    p, codes = skewed(300)
    temperature = TemperatureScaling().fit(p, codes)
    np.testing.assert_allclose(VectorScaling(1e9).fit(p, codes).transform(p), temperature.transform(p), atol=1e-3)
    same = VectorScaling.of_temperature(temperature.temperature_, 3)
    np.testing.assert_allclose(VectorScaling.from_state(same.to_state()).transform(p), temperature.transform(p))


@pytest.mark.parametrize(("rows", "scale", "bias", "vector"), [
    (2000, (2.0, 1.0, 0.5), (0.0, 1.0, -1.0), True),
    (2000, (0.7, 0.7, 0.7), (0.0, 0.0, 0.0), False),
    (100, (2.0, 1.0, 0.5), (0.0, 1.0, -1.0), False),
])  # fmt: skip
def test_folds_choose(rows, scale, bias, vector):
    p, codes = skewed(rows, scale=scale, bias=bias)
    found = fit_scaling(p, codes, np.arange(rows) // 2)
    assert (np.ptp(found.scale_) > 0) == vector


def test_one_group_gets_a_temperature():
    p, codes = skewed(2000)
    assert np.ptp(fit_scaling(p, codes, np.zeros(2000, dtype=int)).scale_) == 0
