import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polysight.modalities.image.augment import AUGMENTATIONS, GEOMETRIC, LABEL_SAFE, augment_images
from polysight.modalities.image.modality import Image


def pictures(count=6, size=24, seed=0):
    small = np.random.default_rng(seed).integers(0, 256, (count, 4, 4, 3), dtype=np.uint8)
    return small.repeat(size // 4, axis=1).repeat(size // 4, axis=2)


def changed(names, seed=0, images=None):
    return augment_images(pictures() if images is None else images, names, np.random.default_rng(seed))


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_each_name_changes_something_and_keeps_shape_and_type(name):
    before = pictures()
    after = changed([name])
    assert after.shape == before.shape
    assert after.dtype == np.uint8
    assert (after != before).any()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(AUGMENTATIONS), unique=True), st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_images_in_whatever_order_the_names_come(names, seed):
    before = pictures()
    kept = before.copy()
    np.testing.assert_array_equal(changed(names, seed, before), changed(names[::-1], seed, before))
    np.testing.assert_array_equal(before, kept)


def test_other_seeds_give_other_images_and_a_batch_is_not_changed_all_alike():
    assert (changed(LABEL_SAFE, 0) != changed(LABEL_SAFE, 1)).any()
    twice = np.repeat(pictures(1), 8, axis=0)
    assert len({image.tobytes() for image in changed(LABEL_SAFE, 0, twice)}) > 4


def test_no_names_no_change():
    images = pictures()
    assert augment_images(images, (), np.random.default_rng(0)) is images


def test_what_is_absent_stays_absent():
    images = pictures()
    images[2] = 0
    assert not changed(AUGMENTATIONS, 3, images)[2].any()


def test_flip_mirrors_exactly_and_about_every_other_image():
    images = pictures(200)
    after = changed(["flip"], 0, images)
    mirrored = (after == images[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (mirrored | (after == images).all(axis=(1, 2, 3))).all()
    assert 70 < mirrored.sum() < 130


def test_the_default_never_mirrors_nor_turns():
    assert set(LABEL_SAFE).isdisjoint({"flip", "rotate", "shear", "crop"})
    half = np.zeros((50, 32, 32, 3), dtype=np.uint8)
    half[:, :, :16] = 200
    after = changed(LABEL_SAFE, 0, half).mean(axis=(1, 3))
    assert (after[:, :4].mean(axis=1) > after[:, -4:].mean(axis=1)).all()


@pytest.mark.parametrize("seed", range(5))
def test_maps_keep_their_documented_ranges(seed):
    def drawn(name):
        return GEOMETRIC[name](np.random.default_rng(seed), 500)

    assert abs(drawn("shift")[:, :2, 2]).max() <= 0.08
    turn = drawn("rotate")
    assert np.degrees(abs(np.arctan2(turn[:, 1, 0], turn[:, 0, 0]))).max() <= 15
    np.testing.assert_allclose(np.linalg.det(turn), 1)
    scale = drawn("zoom")[:, 0, 0]
    assert 0.86 < scale.min() < 0.9 < 1.1 < scale.max() < 1.16
    # A crop shows a window inside the image: the corners of the result come from inside the square.
    inverse = np.linalg.inv(drawn("crop"))
    for corner in ([-0.5, -0.5, 1], [0.5, 0.5, 1]):
        assert abs((inverse @ np.array(corner))[:, :2]).max() <= 0.5 + 1e-9


def test_the_article_s_change_is_its_five_in_their_ranges():
    drawn = GEOMETRIC["article"](np.random.default_rng(0), 2000)
    assert 0.19 < abs(drawn[:, :2, 2]).max() <= 0.2
    linear = drawn[:, :2, :2]
    determinants = np.linalg.det(linear)
    assert 0.64 <= abs(determinants).min() < 0.72
    assert 1.35 < abs(determinants).max() <= 1.44
    assert 800 < (determinants < 0).sum() < 1200
    # The first axis is turned and scaled only, mirrored or not.
    angle = np.degrees(np.arctan(linear[:, 1, 0] / linear[:, 0, 0]))
    assert 39 < abs(angle).max() <= 40
    # Turned back, what is left above the diagonal is the lean times the second scale.
    turn = np.radians(angle)
    along, across = np.cos(turn), np.sin(turn)
    second = along * linear[:, 1, 1] - across * linear[:, 0, 1]
    lean = (along * linear[:, 0, 1] + across * linear[:, 1, 1]) / second
    assert 0.8 <= second.min() < 0.82
    assert 0.18 < abs(lean).max() <= 0.2 + 1e-12


def test_shift_moves_the_picture_by_what_it_drew():
    image = np.zeros((1, 101, 101, 3), dtype=np.uint8)
    image[0, 50, 50] = 255
    drawn = GEOMETRIC["shift"](np.random.default_rng(4), 1)[0, :2, 2] * 101
    light = changed(["shift"], 4, image)[0, ..., 0].astype(float)
    rows, columns = np.indices(light.shape)
    centre = [(columns * light).sum() / light.sum() - 50, (rows * light).sum() / light.sum() - 50]
    np.testing.assert_allclose(centre, drawn, atol=0.05)


def test_rotation_turns_about_the_middle():
    image = np.zeros((1, 33, 33, 3), dtype=np.uint8)
    image[0, 14:19, 14:19] = 250
    turned = changed(["rotate"], 1, image)[0, ..., 0].astype(float)
    rows, columns = np.indices(turned.shape)
    assert (rows * turned).sum() / turned.sum() == pytest.approx(16, abs=0.05)
    assert (columns * turned).sum() / turned.sum() == pytest.approx(16, abs=0.05)


def test_edges_continue_so_that_a_white_background_stays_white():
    white = np.full((20, 28, 28, 3), 255, dtype=np.uint8)
    assert (changed([*GEOMETRIC], 0, white) == 255).all()


def test_colour_keeps_grey_grey():
    grey = np.repeat(pictures()[..., :1], 3, axis=3)
    after = changed(["colour"], 0, grey).astype(int)
    assert np.ptp(after, axis=3).max() <= 1


def test_erase_covers_one_rectangle_with_the_mean():
    images = pictures(100, 40)
    after = changed(["erase"], 0, images)
    touched = (after != images).any(axis=3)
    erased = touched.any(axis=(1, 2))
    assert 30 < erased.sum() < 70
    for image, where in zip(after[erased], touched[erased], strict=True):
        covered = image[where]
        assert (covered == covered[0]).all()
        assert 0.01 < where.mean() < 0.2


def test_the_modality_augments_every_slot_and_leaves_other_arrays_alone():
    pixels = pictures(8).reshape(4, 2, 24, 24, 3)
    arrays = {"pixels": pixels, "other": np.arange(4)}
    after = Image(size=24).augmented(arrays, np.random.default_rng(0))
    assert after["pixels"].shape == pixels.shape
    assert (after["pixels"] != pixels).any(axis=(2, 3, 4)).all()
    assert after["other"] is arrays["other"]
    same = Image(size=24, augment=()).augmented(arrays, np.random.default_rng(0))
    np.testing.assert_array_equal(same["pixels"], pixels)
