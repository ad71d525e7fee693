import cv2
import numpy as np

from polysight.data.view import View
from polysight.modalities.image.grid import CELL, grid_of, grid_positions
from polysight.modalities.image.local_colour import ColourFisher


def view_of(images, present=True):
    here = np.full((len(images), 1), present)
    return View({"pixels": images[:, None]}, here, np.full(len(images), b"0" * 32))


def noise(count, size):
    return np.random.default_rng(0).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


def test_cells_hold_weighted_means_and_deviations():
    image = noise(1, 64)
    kept = ColourFisher(points=60).derive(view_of(image))[0, 0]
    sides, step = grid_of(64, 60)
    positions = grid_positions(sides, step)
    assert len(kept) == len(positions) <= 60
    np.testing.assert_allclose(kept[:, 128:] / 255, positions, atol=0.51 / 255)
    lab = cv2.cvtColor(image[0], cv2.COLOR_RGB2LAB).astype(np.float64)
    pixels = np.arange(64) + 0.5
    for point in (0, 7):
        x, y = positions[point].astype(np.float64) * 64
        for row, column in ((0, 0), (1, 3), (3, 2)):
            down = np.maximum(0, 1 - np.abs(pixels - (y + CELL * (row - 1.5))) / CELL)
            right = np.maximum(0, 1 - np.abs(pixels - (x + CELL * (column - 1.5))) / CELL)
            weight = np.outer(down, right)[..., None]
            mean = (weight * lab).sum(axis=(0, 1)) / weight.sum()
            deviation = np.sqrt((weight * (lab - mean) ** 2).sum(axis=(0, 1)) / weight.sum())
            cell = kept[point, :96].reshape(4, 4, 6)[row, column]
            np.testing.assert_allclose(cell, np.minimum(np.concatenate([mean, 2 * deviation]), 255), atol=0.6)


def test_black_is_a_colour_and_absence_is_not():
    black = np.zeros((3, 32, 32, 3), dtype=np.uint8)
    features = ColourFisher(gaussians=2, components=5)
    fitted = features.fit(features.derive(view_of(noise(5, 32))))
    assert (fitted.transform(features.derive(view_of(black)))[:, -1] == 1).all()
    assert not fitted.transform(features.derive(view_of(black, present=False))).any()


def test_colours_come_back_from_their_state():
    features = ColourFisher(gaussians=2, components=5)
    kept = features.derive(view_of(noise(6, 32)))
    fitted = features.fit(kept)
    np.testing.assert_array_equal(ColourFisher.from_state(fitted.to_state()).transform(kept), fitted.transform(kept))
    assert features.derivation() == ColourFisher().derivation() != ColourFisher(points=5).derivation()
