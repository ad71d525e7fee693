"""Augmentation of series: what each change keeps."""

import numpy as np
import pytest

from polysight.core.errors import ConfigError
from polysight.modalities.series.augment import AUGMENTATIONS, Augmentation

LENGTH = np.array([[30], [12], [1], [0]], dtype=np.int32)
VALUES = np.where(
    np.arange(30) < LENGTH[..., None, None], np.random.default_rng(0).normal(size=(4, 1, 3, 30)), 0
).astype(np.float32)


def changed(name, seed=0):
    return Augmentation.of([name])({"values": VALUES, "length": LENGTH}, np.random.default_rng(seed))


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_every_change_keeps_shapes_ends_and_absent_rows(name):
    before = VALUES.copy()
    after = changed(name)
    assert (after["values"].shape, after["values"].dtype) == (VALUES.shape, VALUES.dtype)
    assert (after["length"].dtype, after["length"].shape) == (LENGTH.dtype, LENGTH.shape)
    assert (after["length"] <= LENGTH).all()
    assert ((after["length"] > 0) == (LENGTH > 0)).all()
    beyond = np.arange(30) >= after["length"][..., None]
    assert not after["values"][np.broadcast_to(beyond[:, :, None], VALUES.shape)].any()
    assert np.isfinite(after["values"]).all()
    np.testing.assert_array_equal(VALUES, before)
    assert any(not np.array_equal(changed(name, seed)["values"], VALUES) for seed in range(4))


def test_a_warp_keeps_both_ends_and_the_range():
    after = changed("time_warp")["values"][0, 0]
    np.testing.assert_allclose(after[:, [0, -1]], VALUES[0, 0][:, [0, -1]], atol=1e-5)
    assert after.max() <= VALUES[0, 0].max() + 1e-5


def test_a_crop_is_a_stretch_of_the_series():
    after = changed("crop")
    end = int(after["length"][0, 0])
    assert 24 <= end <= 30
    windows = [VALUES[0, 0, :, start : start + end] for start in range(30 - end + 1)]
    assert any(np.array_equal(window, after["values"][0, 0, :, :end]) for window in windows)


def test_scaling_multiplies_channels():
    ratio = changed("scaling")["values"][0, 0] / VALUES[0, 0]
    np.testing.assert_allclose(ratio, ratio[:, :1] * np.ones(30), rtol=1e-5)


def test_a_channel_always_stays():
    for seed in range(50):
        assert changed("channel_drop", seed)["values"][0].any()


def test_unknown_names_are_refused():
    with pytest.raises(ConfigError, match="did you mean 'jitter'"):
        Augmentation.of(["jiter"])
