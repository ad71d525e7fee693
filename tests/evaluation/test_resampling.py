"""Pseudo-rows: right ones are right, wrong ones are wrong by no more than the truth led, and no class is left out."""

import numpy as np

from polysight.evaluation.resampling import pseudo_rows


def test_pseudo_rows_are_right_then_wrong_by_a_share_of_what_the_truth_led_by():
    dice = np.random.default_rng(0)
    probabilities = dice.dirichlet(np.ones(3), size=60)
    codes = dice.integers(0, 3, 60)
    truth, found = pseudo_rows(codes, probabilities, 0)
    half = len(truth) // 2
    right, wrong = found[:half], found[half:]
    assert (truth[:half] == truth[half:]).all()
    assert (right.argmax(axis=1) == truth[:half]).all()
    assert (wrong.argmax(axis=1) != truth[:half]).all()
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    place = np.arange(half)
    led, lost = right[place, truth[:half]], wrong[place, truth[:half]]
    assert ((lost < led) & (lost > 0)).all()
    # Close calls and clear mistakes are both among them.
    shares = (led - lost) / (led - np.sort(right, axis=1)[:, -2]).clip(1e-9)
    assert shares.min() < 0.7
    assert shares.max() > 0.9
    again = pseudo_rows(codes, probabilities, 0)[1]
    assert (again == found).all()


def test_rare_classes_have_pseudo_rows_too():
    codes = np.r_[np.zeros(400, dtype=int), np.ones(3, dtype=int)]
    probabilities = np.where(codes[:, None] == np.arange(2), 0.9, 0.1)
    truth, _ = pseudo_rows(codes, probabilities, 0)
    assert np.bincount(truth, minlength=2)[1] == 2 * 3
