"""Slot scaling: the same as scikit-learn's StandardScaler over the rows that are there."""

import numpy as np
from sklearn.preprocessing import StandardScaler

from polysight.modalities.slot_scaling import around_usual, usual_values


def test_it_is_standardising_over_rows_that_are_there():
    numbers = np.random.default_rng(0).normal(5, 3, (30, 2, 3))
    numbers[..., 2] = 7.0
    present = np.random.default_rng(1).random((30, 2)) < 0.7
    numbers[~present] = np.nan
    mean, spread = usual_values(numbers, present)
    scaled = around_usual(numbers, present, mean, spread)
    assert (scaled[~present] == 0).all()
    assert (scaled[..., 2] == 0).all()  # what is the same everywhere says nothing
    for slot in range(2):
        there = present[:, slot]
        expected = StandardScaler().fit_transform(numbers[there, slot, :2])
        np.testing.assert_allclose(scaled[there, slot, :2], expected, atol=1e-5)


def test_a_slot_that_is_never_there_and_values_far_away_do_no_harm():
    numbers, present = np.full((4, 1, 2), np.nan), np.zeros((4, 1), dtype=bool)
    mean, spread = usual_values(numbers, present)
    assert (around_usual(numbers, present, mean, spread) == 0).all()
    mean, spread = usual_values(np.array([[[0.0]], [[1.0]]]), np.ones((2, 1), dtype=bool))
    assert around_usual(np.array([[[1e9]]]), np.ones((1, 1), dtype=bool), mean, spread).item() == 10
