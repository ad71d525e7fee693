import numpy as np
import pytest
from skimage.feature import local_binary_pattern

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.data.view import View
from polysight.modalities import FEATURES
from polysight.modalities.image.lbp import Lbp, binary_patterns


def view_of(images):
    return View({"pixels": images[:, None]}, np.ones((len(images), 1), dtype=bool), np.full(len(images), b"0" * 32))


def grey_noise(count, size, levels, seed=0):
    grey = np.random.default_rng(seed).integers(0, levels, (count, size, size)) * (255 // (levels - 1))
    return grey.astype(np.uint8)


def as_rgb(grey):
    return np.repeat(grey[..., None], 3, axis=3)


@pytest.mark.parametrize("radius", [1, 2, 3])
@pytest.mark.parametrize("levels", [2, 6, 256])
def test_patterns_are_those_of_scikit_image_under_other_numbers(radius, levels):
    grey = grey_noise(2, 60, levels)
    mine = binary_patterns(grey, radius)
    inner = slice(radius, 60 - radius)
    theirs = np.stack([local_binary_pattern(image, 8, radius, "nri_uniform")[inner, inner] for image in grey])
    together = np.zeros((59, 59), dtype=int)
    np.add.at(together, (mine.ravel(), theirs.ravel().astype(int)), 1)
    seen = together[together.any(axis=1)]
    assert len(set(seen.argmax(axis=1).tolist())) == len(seen) > 10
    # An interpolated value that equals the middle one may fall to either side.
    assert seen.max(axis=1).sum() >= (1 if radius == 1 else 0.998) * together.sum()


def test_histograms_are_shares_in_each_cell():
    grey = grey_noise(3, 20, 256)
    mine = Lbp(radii=(2,), cells=2).derive(view_of(as_rgb(grey)))
    patterns = binary_patterns(grey, 2)
    for image, numbers in enumerate(mine):
        quarters = [
            patterns[image, rows, columns] for rows in (slice(8), slice(8, 16)) for columns in (slice(8), slice(8, 16))
        ]
        truth = [np.sqrt(np.bincount(quarter.ravel(), minlength=59) / 64) for quarter in quarters]
        np.testing.assert_allclose(numbers, np.concatenate(truth), atol=1e-6)


def test_light_does_not_matter_and_large_images_are_shrunk():
    grey = grey_noise(1, 40, 256) // 4
    lbp = Lbp()
    np.testing.assert_array_equal(lbp.derive(view_of(as_rgb(grey))), lbp.derive(view_of(as_rgb(grey * 2 + 90))))
    assert lbp.derive(view_of(as_rgb(grey_noise(2, 200, 256)))).shape == (2, 2 * 9 * 59)
    shares = lbp.derive(view_of(as_rgb(grey_noise(2, 31, 256)))).reshape(2, 18, 59) ** 2
    np.testing.assert_allclose(shares.sum(axis=2), 1, rtol=1e-5)


def test_settings_come_from_a_spec_and_are_checked():
    assert build(FEATURES, {"kind": "lbp", "radii": [1, 3]}) == Lbp(radii=(1, 3))
    for options in ({"radii": ()}, {"radii": (0,)}, {"cells": 0}, {"most": 5}):
        with pytest.raises(ConfigError):
            Lbp(**options)
    with pytest.raises(ConfigError, match="too small"):
        Lbp(cells=6).derive(view_of(as_rgb(grey_noise(1, 8, 256))))
