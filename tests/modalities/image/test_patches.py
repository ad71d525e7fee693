import numpy as np
import pytest

from polysight.core.config import build
from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import View
from polysight.modalities import FEATURES
from polysight.modalities.image.patches import PatchWords


def view_of(pixels, present=None):
    slots = pixels if pixels.ndim == 5 else pixels[:, None]
    present = np.ones(slots.shape[:2], dtype=bool) if present is None else present
    return View({"pixels": slots}, present, np.full(len(slots), b"0" * 32))


def noise(count, size, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, size, size, 3), dtype=np.uint8)


@pytest.mark.parametrize(("size", "stride"), [(16, 1), (30, 2)])
def test_triangle_activations_are_the_formula(size, stride):
    images = noise(4, size)
    features = PatchWords(words=5, patch=4)
    fitted = features.fit(features.derive(view_of(images)))
    image = images[0].astype(np.float64)
    along = range(0, size - 3, stride)
    activations = np.zeros((len(along), len(along), 5))
    for i, row in enumerate(along):
        for j, column in enumerate(along):
            # Channel by channel, as values of a patch are kept.
            patch = image[row : row + 4, column : column + 4].transpose(2, 0, 1).ravel()
            patch = (patch - patch.mean()) / np.sqrt(patch.var() + 10)
            point = (patch - fitted.center) @ fitted.axes.astype(np.float64)
            distance = np.linalg.norm(point - fitted.dictionary, axis=1)
            activations[i, j] = np.maximum(0, distance.mean() - distance)
    half = len(along) // 2
    regions = [
        activations[r, c].sum(axis=(0, 1))
        for r in (slice(half), slice(half, None))
        for c in (slice(half), slice(half, None))
    ]
    mine = fitted.transform(features.derive(view_of(images[:1])))[0]
    np.testing.assert_allclose(mine, np.concatenate(regions) / len(along) ** 2, atol=2e-5)


def test_whitening_gives_components_of_like_spread():
    smooth = np.cumsum(np.cumsum(noise(20, 28).astype(np.int64) - 127, axis=1), axis=2) // 16 % 256
    features = PatchWords(words=3)
    derived = features.derive(view_of(smooth.astype(np.uint8)))
    fitted = features.fit(derived)
    points = (features._drawn(derived, 1) - fitted.center) @ fitted.axes
    deviations = points.std(axis=0)
    assert fitted.axes.shape[1] < 108
    assert deviations.max() <= 1.05
    covariance = np.cov(points.T) / np.outer(deviations, deviations)
    assert np.abs(covariance - np.eye(len(covariance))).max() < 0.05


def test_large_images_are_kept_small():
    kept = PatchWords().derive(view_of(noise(2, 100)))
    assert (kept.dtype, kept.shape) == (np.uint8, (2, 1, 32, 32, 3))
    assert PatchWords().derive(view_of(noise(2, 20))).shape == (2, 1, 20, 20, 3)


def test_rows_are_independent_repeatable_and_come_back_from_their_state():
    features = PatchWords(words=8)
    derived = features.derive(view_of(noise(12, 20)))
    fitted = features.fit(derived[:8], seed=3)
    vectors = fitted.transform(derived)
    assert (vectors.dtype, vectors.shape) == (np.float32, (12, 32))
    np.testing.assert_array_equal(fitted.transform(derived[[11, 2, 2]]), vectors[[11, 2, 2]])
    np.testing.assert_array_equal(features.fit(derived[:8], seed=3).transform(derived), vectors)
    np.testing.assert_array_equal(PatchWords.from_state(fitted.to_state()).transform(derived), vectors)


def test_slots_share_a_dictionary_and_absent_ones_are_zero():
    pixels = noise(4, 40).reshape(2, 2, 40, 40, 3)
    features = PatchWords(words=6)
    derived = features.derive(view_of(pixels, np.array([[True, True], [True, False]])))
    fitted = features.fit(derived)
    vectors = fitted.transform(derived).reshape(2, 2, -1)
    np.testing.assert_array_equal(vectors[:, 0], fitted.transform(derived[:, :1]))
    assert vectors[0, 1].any()
    assert not vectors[1, 1].any()


def test_black_and_equal_images_teach_little_but_break_nothing():
    features = PatchWords(words=4)
    black = features.derive(view_of(np.zeros((2, 16, 16, 3), np.uint8)))
    fitted = features.fit(black)
    assert not fitted.transform(black).any()
    assert np.isfinite(fitted.transform(features.derive(view_of(noise(2, 16))))).all()
    grey = features.derive(view_of(np.full((2, 16, 16, 3), 90, np.uint8)))
    assert np.isfinite(features.fit(grey).transform(grey)).all()


def test_settings_come_from_a_spec_and_are_checked():
    assert build(FEATURES, {"kind": "patches", "words": 9}).words == 9
    for options in ({"patch": 0}, {"words": 0}, {"regions": 0}, {"side": 6}):
        with pytest.raises(ConfigError):
            PatchWords(**options)
    with pytest.raises(NotFittedError):
        PatchWords().transform(np.ones((1, 1, 16, 16, 3), np.uint8))
    with pytest.raises(ConfigError, match="smaller than"):
        PatchWords().derive(view_of(noise(1, 7)))
