"""AmountScale: logarithms where amounts are skewed, back again, and bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.learners.amount_scale import AmountScale

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("amounts", "log"),
    [
        (np.exp(RNG.normal(size=200)), True),
        (RNG.normal(100, 3, size=200), False),
        (np.exp(RNG.normal(size=200)) - 1, False),
        (-np.exp(RNG.normal(size=200)), False),
        (np.full(5, 7.0), False),
    ],
)
def test_skewed_positive_amounts_are_learned_in_logarithms(amounts, log):
    scale = AmountScale.learn(amounts)
    assert scale.log is log
    values = scale.forward(amounts)
    np.testing.assert_allclose(values.mean(), 0.0, atol=1e-9)
    assert values.std() == pytest.approx(1.0) or amounts.std() == 0
    np.testing.assert_allclose(scale.back(values), amounts, rtol=1e-9)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=20), st.floats(-50, 50))
def test_any_answer_becomes_a_finite_amount(amounts, answer):
    assert np.isfinite(AmountScale.learn(np.array(amounts)).back(np.array([answer]))).all()


def test_answers_in_logarithms_stay_near_the_amounts_seen():
    amounts = np.exp(RNG.normal(size=200))
    scale = AmountScale.learn(amounts)
    low, high = scale.back(np.array([-50.0, 50.0]))
    assert 0.4 * amounts.min() < low < amounts.min() < amounts.max() < high < 2.5 * amounts.max()
    assert AmountScale.from_state(scale.to_state()) == scale
