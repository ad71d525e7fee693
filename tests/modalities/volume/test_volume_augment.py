"""Augmentation of volumes: slices move alike, absent ones stay, order of names plays no part."""

import numpy as np
import pytest

from polysight.modalities.volume.augment import AUGMENTATIONS, LABEL_SAFE, augment_volumes, flip


@pytest.fixture
def volumes():
    volumes = np.random.default_rng(0).integers(1, 256, (3, 8, 24, 20), dtype=np.uint8)
    volumes[1] = 0
    return volumes


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_each_change_changes_something_and_leaves_absent_scans(name, volumes):
    before = volumes.copy()
    changed = [augment_volumes(volumes, [name], np.random.default_rng(seed)) for seed in range(12)]
    assert any((result != volumes).any() for result in changed)
    for result in changed:
        assert result.dtype == np.uint8
        assert (result[1] == 0).all()
    np.testing.assert_array_equal(volumes, before)


def test_no_name_is_no_change_and_the_order_of_names_plays_no_part(volumes):
    assert augment_volumes(volumes, (), np.random.default_rng(0)) is volumes
    one, other = (augment_volumes(volumes, names, np.random.default_rng(3)) for names in (LABEL_SAFE, LABEL_SAFE[::-1]))
    np.testing.assert_array_equal(one, other)


def test_slices_move_alike(volumes):
    same = np.repeat(volumes[:1, :1], 8, axis=1)
    moved = augment_volumes(same, ["rotate", "zoom", "shift"], np.random.default_rng(1))[0]
    np.testing.assert_array_equal(moved, np.broadcast_to(moved[:1], moved.shape))
    assert (moved != same[0]).any()


def test_the_mirror_is_left_for_right(volumes):
    results = [flip(volumes[0], np.random.default_rng(seed)) for seed in range(8)]
    mirrored = [result for result in results if (result != volumes[0]).any()]
    assert mirrored
    assert len(mirrored) < 8
    np.testing.assert_array_equal(mirrored[0], volumes[0][:, :, ::-1])
