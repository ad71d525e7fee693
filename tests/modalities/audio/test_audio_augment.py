"""Augmentation: each change does what its name says, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polysight.core.errors import ConfigError
from polysight.modalities.audio.augment import AUGMENTATIONS, LABEL_SAFE, Augmentation

BANDS, FRAMES = 20, 40


def batch(count: int = 12, slots: int = 1, length: int = FRAMES, seed: int = 0) -> dict[str, np.ndarray]:
    logmel = np.random.default_rng(seed).normal(0, 0.5, (count, slots, BANDS, FRAMES)).astype(np.float32)
    logmel[..., length:] = 0
    return {"logmel": logmel, "length": np.full((count, slots), length, dtype=np.int32)}


def spot(count: int = 200) -> dict[str, np.ndarray]:
    """A smooth spot in the middle of each clip."""
    band, frame = np.mgrid[:BANDS, :FRAMES]
    picture = np.exp(-(((band - 10) / 2) ** 2) - ((frame - 20) / 3) ** 2)
    return batch(count) | {"logmel": np.repeat(picture[None, None], count, axis=0).astype(np.float32)}


def centres(logmel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    mass = logmel[:, 0]
    total = mass.sum(axis=(1, 2))
    return (mass.sum(2) @ np.arange(BANDS)) / total, (mass.sum(1) @ np.arange(FRAMES)) / total


def widths(logmel: np.ndarray) -> np.ndarray:
    mass = logmel[:, 0].sum(axis=1)
    place = np.arange(FRAMES)
    mean = (mass @ place) / mass.sum(1)
    return np.sqrt((mass * (place - mean[:, None]) ** 2).sum(1) / mass.sum(1))


def changed(arrays: dict[str, np.ndarray], *names: str, seed: int = 0) -> dict[str, np.ndarray]:
    return Augmentation.of(names)(arrays, np.random.default_rng(seed))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(AUGMENTATIONS), unique=True),
    st.integers(1, 5),
    st.integers(1, 3),
    st.integers(0, FRAMES),
    st.integers(0, 99),
)
def test_every_choice_keeps_shapes_and_stays_finite(names, count, slots, length, seed):
    arrays = batch(count, slots, length)
    before = {name: array.copy() for name, array in arrays.items()}
    one, two = (changed(arrays, *names, seed=seed) for _ in range(2))
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, before[name])
        np.testing.assert_array_equal(one[name], two[name])
        assert (one[name].shape, one[name].dtype) == (array.shape, array.dtype)
        assert np.isfinite(one[name]).all()
    ends = one["length"][:, :, None]
    assert ((ends > 0) == (length > 0)).all()
    assert (ends <= FRAMES).all()
    beyond = np.arange(FRAMES) >= ends
    assert not one["logmel"][np.broadcast_to(beyond[:, :, None, :], one["logmel"].shape)].any()


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_each_augmentation_changes_something(name):
    arrays = batch()
    assert not np.array_equal(changed(arrays, name)["logmel"], arrays["logmel"])


def test_none_is_the_default_and_nothing_is_nothing():
    arrays = batch()
    assert Augmentation.of(None).names == LABEL_SAFE
    np.testing.assert_array_equal(changed(arrays)["logmel"], arrays["logmel"])


def test_the_order_of_names_does_not_matter():
    one, other = changed(batch(), "pitch", "noise", "shift"), changed(batch(), "shift", "pitch", "noise")
    np.testing.assert_array_equal(one["logmel"], other["logmel"])


def test_shift_moves_in_time_only():
    band, frame = centres(changed(spot(), "shift")["logmel"])
    assert frame.min() < 18
    assert frame.max() > 22
    np.testing.assert_allclose(band, 10, atol=0.01)


def test_pitch_moves_along_the_bands_only():
    band, frame = centres(changed(spot(), "pitch")["logmel"])
    assert band.min() < 9.5
    assert band.max() > 10.5
    np.testing.assert_allclose(frame, 20, atol=0.01)


def test_stretch_changes_durations_about_the_middle():
    arrays = spot()
    stretched = changed(arrays, "stretch")["logmel"]
    ratio = widths(stretched) / widths(arrays["logmel"])
    assert ratio.min() < 0.9
    assert ratio.max() > 1.1
    np.testing.assert_allclose(centres(stretched)[1], 20, atol=0.3)


def test_a_clip_that_ends_early_ends_at_a_moved_place():
    ends = changed(batch(200, length=20), "stretch", "shift")["length"]
    assert ends.min() < 19
    assert ends.max() > 21
    assert (changed(batch(20), "stretch", "shift")["length"] == FRAMES).all()


@pytest.mark.parametrize(("name", "axis", "size"), [("time_mask", 2, FRAMES), ("frequency_mask", 3, BANDS)])
def test_masks_hide_one_interval_of_at_most_a_quarter(name, axis, size):
    hidden = (changed(batch(100), name)["logmel"] == 0).all(axis=axis)[:, 0]
    assert 0.05 < hidden.mean() < 0.25
    assert hidden.sum(axis=1).max() <= np.ceil(size / 4)
    assert (np.abs(np.diff(hidden.astype(int), axis=1)).sum(axis=1) <= 2).all()


@pytest.mark.parametrize("name", ["noise", "babble"])
def test_added_sound_only_adds_and_stays_below_the_clip(name):
    arrays = batch(400)
    difference = changed(arrays, name)["logmel"] - arrays["logmel"]
    touched = np.abs(difference).max(axis=(1, 2, 3)) > 1e-5
    assert difference.min() > -1e-5
    assert 0.4 < touched.mean() < 0.6
    power = (10 ** (2 * arrays["logmel"])).mean(axis=(1, 2, 3))
    added = (10 ** (2 * (arrays["logmel"] + difference))).mean(axis=(1, 2, 3)) - power
    assert (10 * np.log10((added / power)[touched]) <= -4 + 0.01).all()


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'stretch'"):
        Augmentation.of(["strech"])
