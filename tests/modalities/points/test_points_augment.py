"""Augmentation of clouds: turns keep heights and distances, absent clouds stay."""

import numpy as np
import pytest

from polysight.modalities.points.augment import AUGMENTATIONS, LABEL_SAFE, augment_clouds


@pytest.fixture
def clouds():
    clouds = np.random.default_rng(0).normal(size=(3, 50, 4)).astype(np.float32)
    clouds[1] = 0
    return clouds


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_each_change_changes_points_and_neither_values_nor_absent_clouds(name, clouds):
    before = clouds.copy()
    results = [augment_clouds(clouds, [name], np.random.default_rng(seed)) for seed in range(8)]
    assert any((result != clouds).any() for result in results)
    for result in results:
        assert result.dtype == np.float32
        assert (result[1] == 0).all()
        if name != "drop":
            np.testing.assert_array_equal(result[..., 3], clouds[..., 3])
    np.testing.assert_array_equal(clouds, before)


@pytest.mark.parametrize("name", ["rotate_z", "turn"])
def test_a_turn_keeps_heights_and_distances(name, clouds):
    turned = augment_clouds(clouds, [name], np.random.default_rng(0))
    np.testing.assert_allclose(turned[..., 2], clouds[..., 2], atol=1e-6)
    np.testing.assert_allclose(
        np.linalg.norm(turned[..., :2], axis=-1), np.linalg.norm(clouds[..., :2], axis=-1), atol=1e-5
    )


def test_dropped_points_lie_where_the_first_one_is(clouds):
    dropped = augment_clouds(clouds, ["drop"], np.random.default_rng(0))[0]
    moved = (dropped != clouds[0]).any(axis=1)
    np.testing.assert_array_equal(dropped[moved], np.broadcast_to(clouds[0, 0], (moved.sum(), 4)))
    assert 0 < moved.mean() <= 0.8


def test_no_name_is_no_change_and_the_order_of_names_plays_no_part(clouds):
    assert augment_clouds(clouds, (), np.random.default_rng(0)) is clouds
    one, other = (augment_clouds(clouds, n, np.random.default_rng(3)) for n in (LABEL_SAFE, LABEL_SAFE[::-1]))
    np.testing.assert_array_equal(one, other)
