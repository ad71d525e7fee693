from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.feature import hog

from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import View
from polysight.modalities import FEATURES
from polysight.modalities.image.features import Colour, Hog, Pixels


def view_of(pixels, present=None):
    slots = pixels if pixels.ndim == 5 else pixels[:, None]
    present = np.ones(slots.shape[:2], dtype=bool) if present is None else present
    return View({"pixels": slots}, present, np.full(len(slots), b"0" * 32))


def noise(count, size, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


def flat(size, *colours):
    return np.stack([np.full((size, size, 3), colour, dtype=np.uint8) for colour in colours])


@settings(max_examples=20, deadline=None)
@given(st.integers(16, 50), st.integers(3, 8), st.integers(1, 2), st.integers(4, 12), st.booleans(), st.integers(0, 99))
def test_hog_equals_scikit_image(size, cell, block, orientations, few_levels, seed):
    images = noise(2, size, seed) // (64 if few_levels else 1)
    mine = Hog(cell=cell, block=block, orientations=orientations).derive(view_of(images))
    theirs = [hog(image, orientations, (cell, cell), (block, block), channel_axis=-1) for image in images]
    np.testing.assert_allclose(mine, theirs, atol=1e-6)


@pytest.mark.parametrize(
    ("size", "cell", "length"), [(16, 4, 324), (28, 4, 1296), (64, 8, 1764), (128, 16, 1764), (224, 28, 1764)]
)
def test_automatic_cells_suit_the_size(size, cell, length):
    images = noise(1, size)
    mine = Hog().derive(view_of(images))
    assert mine.shape == (1, length)
    np.testing.assert_allclose(mine[0], hog(images[0], 9, (cell, cell), (2, 2), channel_axis=-1), atol=1e-6)


def test_hog_does_not_mind_the_light_and_a_flat_image_is_zero():
    edges = noise(1, 32) // 4
    np.testing.assert_allclose(Hog().derive(view_of(edges)), Hog().derive(view_of(edges * 2 + 90)), atol=1e-4)
    assert not Hog().derive(view_of(flat(32, 77))).any()


def test_hog_of_images_smaller_than_a_block_says_so():
    with pytest.raises(ConfigError, match="smaller than a block"):
        Hog(cell=20).derive(view_of(noise(1, 32)))


def test_colour_counts_what_is_there():
    red, green, grey, black, white = Colour().derive(view_of(flat(16, (255, 0, 0), (0, 255, 0), 128, 0, 255)))
    # 36 shares for the whole image: hue 0 at full saturation and value is colour 3; hue 60 (of 180) is hue bin 3.
    assert red[:36].argmax() == 3
    assert red[3] == 1
    assert green[3 * 4 + 3] == 1
    assert [grey[34], black[32], white[35]] == [1, 1, 1]
    # Mean L, a, b: red leans to +a, green to -a, greys to neither.
    assert red[37] > 0.6 > 0.4 > green[37]
    assert grey[37] == pytest.approx(128 / 255)


def test_colour_tells_grey_from_colour_and_knows_where():
    colourful = noise(1, 32)
    grey = np.repeat(colourful[..., :1], 3, axis=3)
    assert Colour().derive(view_of(colourful))[0, :32].any()
    assert not Colour().derive(view_of(grey))[0, :32].any()
    split = flat(32, 255)
    split[:, :16, 16:] = (255, 0, 0)
    whole, top_left, top_right, *_ = Colour().derive(view_of(split))[0].reshape(5, 42)
    assert whole[3] == pytest.approx(np.sqrt(0.25))
    assert (top_left[3], top_right[3]) == (0, 1)


@pytest.mark.parametrize("size", [9, 28, 100])
def test_shares_of_colours_sum_to_one(size):
    regions = Colour().derive(view_of(noise(3, size))).reshape(3, 5, 42)
    np.testing.assert_allclose((regions[..., :36] ** 2).sum(axis=2), 1, rtol=1e-5)


def test_pixels_are_all_there_for_small_images_and_few_for_large_ones():
    assert Pixels().derive(view_of(noise(2, 28))).shape == (2, 28 * 28 + 128)
    assert Pixels().derive(view_of(noise(2, 128))).shape == (2, 16 * 16 + 128)
    ramp = np.repeat(np.arange(0, 256, 8, dtype=np.uint8)[None, :, None], 32, axis=0).repeat(3, axis=2)
    light = Pixels().derive(view_of(ramp[None]))[0, : 32 * 32].reshape(32, 32)
    assert (np.diff(light[0]) > 0).all()
    assert (light == light[0]).all()


def test_principal_components_keep_their_order_and_unit_length_on_average():
    derived = Pixels().derive(view_of(noise(60, 16)))
    fitted = Pixels(components=5).fit(derived)
    projected = fitted.transform(derived)
    assert projected.shape == (60, 5)
    np.testing.assert_allclose(projected.mean(axis=0), 0, atol=1e-5)
    assert (projected**2).sum(axis=1).mean() == pytest.approx(1, rel=1e-4)
    # The reference: projections on the leading right singular vectors of the centred rows, up to sign and scale.
    centred = derived - derived.mean(axis=0)
    left, values, _ = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    truth = left[:, :5] * values[:5]
    truth /= np.sqrt((truth**2).sum(axis=1).mean())
    np.testing.assert_allclose(np.abs(projected), np.abs(truth), atol=2e-3)


def test_all_pixels_are_centred_and_scaled_as_one():
    derived = Pixels().derive(view_of(noise(10, 16)))
    kept = Pixels(components=None).fit(derived).transform(derived)
    centred = derived - derived.mean(axis=0)
    np.testing.assert_allclose(kept, centred / np.sqrt((centred**2).sum(axis=1).mean()), atol=1e-6)


def test_fewer_rows_than_components_and_equal_rows_are_fine():
    few = Pixels().derive(view_of(noise(3, 28)))
    assert Pixels().fit(few).transform(few).shape == (3, 3)
    same = Pixels().derive(view_of(flat(28, 9, 9, 9)))
    assert not Pixels(components=None).fit(same).transform(same).any()
    with pytest.raises(NotFittedError):
        Pixels().transform(few)


@pytest.mark.parametrize("kind", ["hog", "colour", "pixels"])
def test_every_feature_set_is_row_wise_finite_and_comes_back_from_its_state(kind):
    features = FEATURES.load(kind)()
    assert features.kind == kind
    view = view_of(noise(70, 20))
    derived = features.derive(view)
    assert derived.dtype == np.float32
    assert np.isfinite(derived).all()
    rows = [69, 3, 3]
    np.testing.assert_array_equal(features.derive(view.take(rows)), derived[rows])
    fitted = features.fit(derived[:40])
    back = type(features).from_state(fitted.to_state())
    np.testing.assert_array_equal(back.transform(derived), fitted.transform(derived))


@pytest.mark.parametrize("kind", ["hog", "colour", "pixels"])
def test_slots_stand_side_by_side_and_absent_ones_are_zero(kind):
    features = FEATURES.load(kind)()
    pixels = noise(6, 16).reshape(3, 2, 16, 16, 3)
    present = np.array([[True, True], [True, False], [False, False]])
    both = features.derive(view_of(pixels, present))
    first, second = (features.derive(view_of(pixels[:, slot])) for slot in range(2))
    np.testing.assert_array_equal(both[0], np.concatenate([first[0], second[0]]))
    np.testing.assert_array_equal(both[1], np.concatenate([first[1], np.zeros_like(second[1])]))
    assert not both[2].any()
    assert features.derive(view_of(pixels[:0], present[:0])).shape == (0, both.shape[1])


@pytest.mark.parametrize(
    "make",
    [lambda: Hog(orientations=0), lambda: Hog(cell=0), lambda: Pixels(side=0), lambda: replace(Pixels(), components=0)],
)
def test_settings_that_make_no_sense_are_refused(make):
    with pytest.raises(ConfigError):
        make()
