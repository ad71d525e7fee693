"""The grid: against np.interp and hand-made values; gaps; what is dense is averaged."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polysight.core.errors import UnreadableCellError
from polysight.modalities.series.grid import on_grid, ordered, spacing


def test_irregular_samples_are_interpolated_linearly():
    times = np.array([0.0, 1.0, 3.0, 4.0])
    values = np.array([[0.0], [10.0], [30.0], [20.0]])
    np.testing.assert_allclose(on_grid(times, values, 1.0, 10), [[0, 10, 20, 30, 20]])


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(0.01, 3), min_size=2, max_size=20), st.integers(0, 1000))
def test_no_step_lies_outside_of_the_samples(distances, seed):
    times = np.cumsum(distances)
    values = np.random.default_rng(seed).normal(size=(len(times), 2))
    between = np.diff(times)
    if 1.0 - between[between > 10 * np.median(between)].sum() / (times[-1] - times[0]) < 0.5:
        # Samples that are all there leave gaps too, where most of them lie close together.
        with pytest.raises(UnreadableCellError, match="gaps"):
            on_grid(times, values, 0.5 * spacing(times), 64)
        return
    gridded = on_grid(times, values, 0.5 * spacing(times), 64)
    assert gridded.shape[1] <= 64
    kept = np.isfinite(gridded).all(axis=1)
    assert (gridded[kept].min(axis=1) >= values.min(axis=0)[kept] - 1e-9).all()
    assert (gridded[kept].max(axis=1) <= values.max(axis=0)[kept] + 1e-9).all()


def test_samples_that_are_not_finite_are_filled_like_those_that_are_not_there():
    values = np.array([[1.0], [np.nan], [3.0], [np.nan]])
    np.testing.assert_allclose(on_grid(np.arange(4.0), values, 1.0, 9), [[1, 2, 3, 3]])


def test_dense_samples_are_averaged_before():
    values = np.array([[1.0], [3.0], [10.0], [20.0]])
    np.testing.assert_allclose(on_grid(np.arange(4.0), values, 2.0, 9), [[2.0, 15.0]])


def test_of_a_longer_series_the_middle_is_kept():
    values = np.arange(10.0)[:, None]
    np.testing.assert_allclose(on_grid(np.arange(10.0), values, 1.0, 4), [[3, 4, 5, 6]])


def test_a_channel_with_long_gaps_is_missing_and_the_others_stay():
    values = np.stack([np.arange(100.0), np.where(np.arange(100) < 30, 1.0, np.nan)], axis=1)
    gridded = on_grid(np.arange(100.0), values, 1.0, 100)
    np.testing.assert_allclose(gridded[0], np.arange(100.0))
    assert np.isnan(gridded[1]).all()


def test_gaps_everywhere_are_named_with_the_longest():
    times = np.concatenate([np.arange(5.0), [100.0, 101.0]]) + 7
    with pytest.raises(UnreadableCellError, match="the longest from 4 to 93") as error:
        on_grid(np.append(times[:5], [100.0, 101.0]), np.ones((7, 1)), 1.0, 10)
    assert error.value.reason == "gaps"
    with pytest.raises(UnreadableCellError, match="not one sample is a finite number"):
        on_grid(np.arange(3.0), np.full((3, 2), np.nan), 1.0, 10)


def test_a_single_sample_is_one_step():
    np.testing.assert_array_equal(on_grid(np.array([5.0]), np.array([[2.0, np.nan]]), 1.0, 4)[0], [2.0])


def test_samples_come_in_any_order_and_the_last_of_a_moment_counts():
    times, values = ordered(np.array([2.0, 1.0, np.nan, 1.0]), np.array([[2.0], [1.0], [9.0], [7.0]]))
    np.testing.assert_array_equal(times, [1, 2])
    np.testing.assert_array_equal(values[:, 0], [7, 2])
    with pytest.raises(UnreadableCellError, match="not one sample has a time"):
        ordered(np.array([np.nan]), np.zeros((1, 1)))
