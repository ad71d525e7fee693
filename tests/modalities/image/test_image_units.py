"""Regions of images: connected, as they should be named, hidden without a trace."""

import cv2
import numpy as np
import pytest
from skimage.segmentation import slic

from polysight.data.view import View
from polysight.modalities.image.modality import Image
from polysight.modalities.image.superpixels import superpixels


def drawing(size=60, seed=0):
    """Two grey halves with a slanted edge, some noise, and which pixel is on which side."""
    down, right = np.indices((size, size))
    side = right > 0.3 * size + 0.5 * down
    noise = np.random.default_rng(seed).normal(0, 4, (size, size, 1))
    return (np.where(side, 190, 70)[..., None] + noise).clip(0, 255).astype(np.uint8).repeat(3, axis=2), side


def mixed(regions, side):
    """The share of pixels on the wrong side of their region."""
    inside = [side[regions == region] for region in np.unique(regions)]
    return sum(min(part.sum(), (~part).sum()) for part in inside) / side.size


def view_of(*pictures):
    """One row; None is an absent slot."""
    size = next(len(p) for p in pictures if p is not None)
    pixels = np.stack([np.zeros((size, size, 3), np.uint8) if p is None else p for p in pictures])[None]
    return View({"pixels": pixels}, np.array([[p is not None for p in pictures]]), np.array([b"k" * 32]))


def test_regions_follow_edges_as_well_as_those_of_scikit_image():
    image, side = drawing()
    ours = mixed(superpixels(image, 6), side)
    theirs = mixed(slic(image, n_segments=36, compactness=20, start_label=0), side)
    squares = np.indices(side.shape)[0] // 10 * 6 + np.indices(side.shape)[1] // 10
    assert ours <= theirs + 0.005
    assert ours < mixed(squares, side) / 5


@pytest.mark.parametrize("size", [8, 28, 96, 200])
def test_regions_are_connected_cover_everything_and_come_in_reading_order(size):
    image = np.random.default_rng(size).integers(0, 256, (size, size, 3), dtype=np.uint8)
    image = cv2.GaussianBlur(image, (0, 0), size / 12)
    regions = superpixels(image, 4)
    assert regions.shape == (size, size)
    numbers = np.unique(regions)
    np.testing.assert_array_equal(numbers, np.arange(len(numbers)))
    assert 8 <= len(numbers) <= 16
    assert regions[0, 0] < 4
    assert regions[-1, -1] >= len(numbers) - 4
    if size <= 96:
        assert all(cv2.connectedComponents((regions == r).astype(np.uint8), connectivity=4)[0] == 2 for r in numbers)


def test_a_plain_image_falls_into_squares_named_by_where_they_lie():
    units = Image(size=60).units(view_of(np.full((60, 60, 3), 7, np.uint8)))
    assert len(units) == 36
    assert units.labels[0] == "upper left"
    assert units.labels[-1].startswith("lower right")
    assert "middle" in units.labels
    assert {label.split(" ")[0] for label in units.labels} == {"upper", "middle", "lower"}
    np.testing.assert_array_equal(units.outline[:10, :10], 0)


def test_a_hidden_region_takes_the_usual_colour_and_nothing_else_changes():
    image = np.full((40, 40, 3), (250, 250, 240), np.uint8)
    image[2:9, 2:9] = (200, 0, 0)
    units = Image(size=40).units(view_of(image))
    shown = ~np.eye(len(units), dtype=bool)
    hidden = units.hidden(shown).arrays["pixels"][:, 0]
    for unit in range(len(units)):
        mine = units.outline == unit
        assert (hidden[unit][mine] == (250, 250, 240)).all()
        np.testing.assert_array_equal(hidden[unit][~mine], image[~mine])
    nothing = units.hidden(np.zeros((1, len(units)), dtype=bool))
    assert len(np.unique(nothing.arrays["pixels"].reshape(-1, 3), axis=0)) == 1
    assert nothing.any_present[0]


def test_several_images_have_regions_of_their_own_and_an_absent_one_none():
    rng = np.random.default_rng(0)
    pictures = [rng.integers(0, 256, (32, 32, 3), dtype=np.uint8) for _ in range(2)]
    row = view_of(pictures[0], None, pictures[1])
    units = Image(columns=("front", "side", "back"), size=32).units(row)
    assert {label.split(":")[0] for label in units.labels} == {"front", "back"}
    hidden = units.hidden(np.zeros((1, len(units)), dtype=bool))
    np.testing.assert_array_equal(hidden.arrays["pixels"][0, 1], 0)
    np.testing.assert_array_equal(hidden.present, row.present)
    assert units.picture.shape == (32, 64, 3)
    heat = units.heat(np.arange(len(units), dtype=float))
    assert heat.shape == (32, 64)
    assert heat.max() == len(units) - 1
    np.testing.assert_array_equal(units.picture[:, 32:], pictures[1])
