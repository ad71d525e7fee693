"""Temperature scaling recovers a known temperature and never changes the order of classes."""

import numpy as np
import pytest
from scipy.special import softmax

from polysight.learners.calibration import TemperatureScaling


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_recovers_the_temperature_that_made_the_probabilities_wrong(temperature):
    rng = np.random.default_rng(0)
    logits = 2 * rng.normal(size=(20_000, 4))
    codes = (softmax(logits, axis=1).cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1).clip(0, 3)
    found = TemperatureScaling().fit(softmax(logits * temperature, axis=1), codes)
    assert found.temperature_ == pytest.approx(temperature, rel=0.05)


def test_keeps_the_order_and_survives_zeros():
    p = np.array([[0.0, 0.2, 0.8], [1.0, 0.0, 0.0]])
    scaled = TemperatureScaling(3.0).transform(p)
    assert (scaled.argmax(axis=1) == p.argmax(axis=1)).all()
    assert np.isfinite(np.log(scaled)).all()
    np.testing.assert_allclose(scaled.sum(axis=1), 1.0)
