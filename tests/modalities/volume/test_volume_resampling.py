"""Resampling: what Pillow gives along each axis; true size in the middle, black around."""

import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.modalities.volume.resampling import axis_weights, resampled


@pytest.mark.parametrize(("shape", "grid"), [((3, 31, 40), (8, 16, 48)), ((20, 9, 8), (5, 9, 24))])
def test_a_stretched_volume_is_what_pillow_gives_axis_by_axis(shape, grid):
    voxels = np.random.default_rng(0).integers(0, 256, shape).astype(np.float32)
    planes = [
        np.asarray(PIL.Image.fromarray(plane).resize(grid[:0:-1], PIL.Image.Resampling.BILINEAR)) for plane in voxels
    ]
    expected = np.stack(planes).reshape(shape[0], -1)
    along = PIL.Image.fromarray(expected).resize((expected.shape[1], grid[0]), PIL.Image.Resampling.BILINEAR)
    steps = tuple(length / side for length, side in zip(shape, grid, strict=True))
    result = resampled(voxels, grid, steps, (0.0, 255.0))
    np.testing.assert_allclose(result, np.asarray(along).reshape(grid), atol=0.51)


@given(length=st.integers(1, 30), grid=st.integers(1, 30), step=st.floats(0.05, 20))
def test_weights_sum_to_one_inside_and_to_nothing_outside(length, grid, step):
    weights = axis_weights(length, grid, step)
    sums = weights.sum(axis=1)
    places = (np.arange(grid) - (grid - 1) / 2) * step + (length - 1) / 2
    inside = (places > -0.5) & (places < length - 0.5)
    np.testing.assert_allclose(sums[inside], 1, rtol=1e-5)
    assert ((sums == 0) | (np.abs(sums - 1) < 1e-5)).all()
    assert (sums[(places < -0.51) | (places > length - 0.49)] == 0).all()


def test_true_size_keeps_the_middle_and_is_black_around():
    voxels = np.full((2, 4, 4), 200, dtype=np.int16)
    voxels[:, 1:3, 1:3] = 100
    grown = resampled(voxels, (4, 6, 6), (1.0, 1.0, 1.0), (0.0, 255.0))
    assert (grown[0] == 0).all()
    assert (grown[:, 0] == 0).all()
    np.testing.assert_array_equal(grown[1:3, 1:5, 1:5], voxels)
    cut = resampled(voxels, (2, 2, 2), (1.0, 1.0, 1.0), (0.0, 255.0))
    np.testing.assert_array_equal(cut, 100)


def test_values_are_cut_to_the_window_before_they_are_averaged():
    voxels = np.array([[[-3000.0, 100, np.nan, np.inf]]])
    result = resampled(voxels, (1, 1, 4), (1.0, 1.0, 1.0), (0.0, 200.0))
    np.testing.assert_array_equal(result[0, 0], [0, 128, 0, 255])
    assert resampled(voxels, (1, 1, 2), (1.0, 1.0, 2.0), (0.0, 200.0))[0, 0].max() < 255
