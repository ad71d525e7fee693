import dataclasses

import cv2
import numpy as np
import pytest
from scipy.stats import multivariate_normal

from polysight.core.config import build
from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import View
from polysight.modalities import FEATURES
from polysight.modalities.image import local_features
from polysight.modalities.image.dense_sift import dense_descriptors
from polysight.modalities.image.detected_sift import detected_descriptors
from polysight.modalities.image.fisher import SiftFisher
from polysight.modalities.image.grid import CELL
from polysight.modalities.image.local_colour import ColourFisher
from polysight.modalities.image.modality import Image
from polysight.modalities.image.vlad import SiftVlad
from polysight.modalities.image.words import SiftWords

ENCODINGS = [SiftFisher(gaussians=3, components=8), SiftWords(words=7), SiftVlad(words=4, components=8)]
IDS = [encoding.kind for encoding in ENCODINGS]


def blobs(count, size, seed=0):
    """Smooth patterns with edges, so that there is something to describe."""
    noise = np.random.default_rng(seed).normal(size=(count, size, size, 3)).astype(np.float32)
    smooth = np.stack([cv2.GaussianBlur(image, (0, 0), 2.5) for image in noise])
    return np.clip(128 + 600 * smooth, 0, 255).astype(np.uint8)


def view_of(pixels, present=None):
    slots = pixels if pixels.ndim == 5 else pixels[:, None]
    present = np.ones(slots.shape[:2], dtype=bool) if present is None else present
    return View({"pixels": slots}, present, np.full(len(slots), b"0" * 32))


def grey(image):
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)


def first_scale(positions):
    """How many points the first scale has: rows go downwards within a scale."""
    return int(np.flatnonzero(np.diff(positions[:, 1]) < 0)[0]) + 1


def test_dense_descriptors_are_nearly_those_of_opencv_at_the_same_points():
    images = blobs(2, 96)
    found, (positions, _) = dense_descriptors(images, most=300)
    # The first scale is the image itself; its points are the first square of the grid.
    first = positions[: first_scale(positions)]
    # A cell of OpenCV's is one and a half times the size of the keypoint.
    keypoints = [cv2.KeyPoint(x * 96 - 0.5, y * 96 - 0.5, CELL / 1.5, 0.0, 1.0, 0) for x, y in first.tolist()]
    for image, mine in zip(images, found, strict=True):
        back, theirs = cv2.SIFT_create().compute(grey(image), keypoints)
        assert len(back) == len(first)
        correlations = [np.corrcoef(a, b)[0, 1] for a, b in zip(mine[: len(first)], theirs, strict=True)]
        # Measured: 0.970 on average (0.985 if smoothed as much as OpenCV does, which classifies less well).
        assert np.mean(correlations) > 0.965
        assert np.min(correlations) > 0.93


@pytest.mark.parametrize(("size", "most"), [(8, 50), (64, 1), (28, 640), (64, 10), (64, 640), (128, 640), (224, 300)])
def test_there_are_never_more_points_than_asked_for(size, most):
    found, positions = dense_descriptors(blobs(1, size), most=most)
    assert found.shape == (1, positions.shape[1], 128)
    assert 1 <= found.shape[1] <= most
    assert ((positions >= 0) & (positions <= 1)).all()
    np.testing.assert_allclose((found**2).sum(axis=2), 1, rtol=1e-5)


def test_dense_descriptors_turn_with_the_image():
    image = blobs(1, 64)
    upright, (positions,) = dense_descriptors(image, most=640)
    turned, _ = dense_descriptors(np.ascontiguousarray(image[:, ::-1, ::-1]), most=640)
    # Half a turn: points, cells and directions are met in the opposite order.
    first = slice(0, first_scale(positions))
    back = turned[0, first][::-1].reshape(-1, 4, 4, 8)[:, ::-1, ::-1]
    np.testing.assert_allclose(np.roll(back, 4, axis=3).reshape(-1, 128), upright[0, first], atol=1e-4)


def test_flat_images_have_no_descriptors():
    assert not dense_descriptors(np.full((1, 64, 64, 3), 200, np.uint8), most=300)[0].any()


def test_detected_points_are_those_of_opencv():
    images = np.concatenate([blobs(2, 96), np.full((1, 96, 96, 3), 7, np.uint8)])
    found, positions = detected_descriptors(images, most=500)
    for image, mine, where in zip(images[:2], found, positions, strict=False):
        keypoints, theirs = cv2.SIFT_create().detectAndCompute(grey(image), None)
        assert 3 < len(keypoints) < 500
        np.testing.assert_array_equal(mine[: len(keypoints)], theirs)
        assert not mine[len(keypoints) :].any()
        points = (np.array([keypoint.pt for keypoint in keypoints]) + 0.5) / 96
        np.testing.assert_allclose(where[: len(keypoints)], points, atol=1e-6)
    assert not found[2].any()
    few, _ = detected_descriptors(images, most=3)
    assert few.shape == (3, 3, 128)
    assert few[0].any(axis=1).all()


def test_what_is_kept_are_roots_of_shares_and_positions():
    images = blobs(2, 96)
    kept = SiftFisher(keypoints="detected", points=200).derive(view_of(images))
    assert (kept.dtype, kept.shape) == (np.uint8, (2, 1, 200, 130))
    descriptors, positions = detected_descriptors(images, most=200)
    count = int(descriptors[0].any(axis=1).sum())
    roots = np.sqrt(descriptors[0, :count] / descriptors[0, :count].sum(axis=1, keepdims=True))
    np.testing.assert_allclose(kept[0, 0, :count, :128], np.minimum(roots * 510, 255), atol=0.51)
    np.testing.assert_allclose(kept[0, 0, :count, 128:] / 255, positions[0, :count], atol=0.51 / 255)


def test_components_are_principal_axes_of_unit_deviation_beside_positions():
    kept = SiftFisher().derive(view_of(blobs(6, 64)))
    fitted = SiftWords(components=10, position=0.5, words=2).fit(kept)
    sample = kept.reshape(-1, 130)
    projected = fitted.project(sample)
    centred = sample[:, :128] - sample[:, :128].mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    truth = left[:, :10] * values[:10]
    truth /= np.sqrt(truth.var(axis=0).mean())
    np.testing.assert_allclose(np.abs(projected[:, :10]), np.abs(truth), atol=2e-3)
    np.testing.assert_allclose(projected[:, 10:].std(axis=0), 0.5, rtol=1e-4)
    assert SiftWords(components=10, position=0, words=2).fit(kept).project(sample).shape[1] == 10


def test_fisher_vector_is_the_formula():
    kept = SiftFisher().derive(view_of(blobs(5, 64)))
    fitted = SiftFisher(gaussians=4, components=6).fit(kept)
    points = fitted.project(kept[0, 0]).astype(np.float64)
    w, mu, var = (a.astype(np.float64) for a in (fitted.weights, fitted.means, fitted.variances))
    assert w.sum() == pytest.approx(1, abs=1e-5)
    density = np.stack([w[k] * multivariate_normal(mu[k], np.diag(var[k])).pdf(points) for k in range(4)], axis=1)
    gamma = density / density.sum(axis=1, keepdims=True)
    z = (points[:, None] - mu) / np.sqrt(var)
    by_mean = (gamma[..., None] * z).sum(axis=0) / (len(points) * np.sqrt(w)[:, None])
    by_deviation = (gamma[..., None] * (z**2 - 1)).sum(axis=0) / (len(points) * np.sqrt(2 * w)[:, None])
    vector = np.concatenate([by_mean.ravel(), by_deviation.ravel()])
    vector = np.sign(vector) * np.sqrt(np.abs(vector))
    truth = vector / np.linalg.norm(vector)
    mine = fitted.transform(kept[:1])[0]
    np.testing.assert_allclose(mine[:-1], truth, atol=2e-4)
    assert mine[-1] == 1


def test_words_are_a_histogram_of_nearest_centres():
    kept = SiftWords().derive(view_of(blobs(5, 64)))
    fitted = SiftWords(words=9).fit(kept)
    points = fitted.project(kept[0, 0])
    nearest = ((points[:, None] - fitted.dictionary) ** 2).sum(axis=2).argmin(axis=1)
    truth = np.sqrt([(nearest == word).mean() for word in range(9)])
    np.testing.assert_allclose(fitted.transform(kept[:1])[0, :-1], truth, atol=1e-6)


def test_vlad_sums_residuals():
    kept = SiftVlad().derive(view_of(blobs(5, 64)))
    fitted = SiftVlad(words=3, components=5).fit(kept)
    points = fitted.project(kept[0, 0])
    nearest = ((points[:, None] - fitted.dictionary) ** 2).sum(axis=2).argmin(axis=1)
    sums = np.stack([(points[nearest == k] - fitted.dictionary[k]).sum(axis=0) for k in range(3)]).ravel()
    truth = np.sign(sums) * np.sqrt(np.abs(sums))
    np.testing.assert_allclose(fitted.transform(kept[:1])[0, :-1], truth / np.linalg.norm(truth), atol=1e-4)


@pytest.mark.parametrize("features", ENCODINGS, ids=IDS)
def test_encodings_are_row_wise_repeatable_and_come_back_from_their_state(features):
    view = view_of(blobs(20, 40))
    kept = features.derive(view)
    np.testing.assert_array_equal(features.derive(view.take([19, 3, 3])), kept[[19, 3, 3]])
    fitted = features.fit(kept[:12], seed=4)
    vectors = fitted.transform(kept)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose((vectors[:, :-1] ** 2).sum(axis=1), 1, rtol=1e-4)
    np.testing.assert_array_equal(fitted.transform(kept[[19, 3, 3]]), vectors[[19, 3, 3]])
    np.testing.assert_array_equal(features.fit(kept[:12], seed=4).transform(kept), vectors)
    back = type(features).from_state(fitted.to_state())
    np.testing.assert_array_equal(back.transform(kept), vectors)


@pytest.mark.parametrize("features", ENCODINGS, ids=IDS)
def test_slots_share_a_dictionary_and_stand_side_by_side(features):
    pixels = blobs(6, 40).reshape(3, 2, 40, 40, 3)
    pixels[0, 1] = 50
    present = np.array([[True, True], [True, False], [False, False]])
    kept = features.derive(view_of(pixels, present))
    fitted = features.fit(kept)
    vectors = fitted.transform(kept).reshape(3, 2, -1)
    single = fitted.transform(kept[:, :1]).reshape(3, -1)
    np.testing.assert_allclose(vectors[:, 0, :-1] * np.sqrt(2), single[:, :-1], rtol=1e-5)
    # A blank slot, an absent one and an absent row: nothing is found, and the vector is valid.
    assert vectors[..., -1].tolist() == [[1, 0], [1, 0], [0, 0]]
    assert not vectors[vectors[..., -1] == 0].any()
    assert fitted.transform(kept[:0]).shape == (0, vectors[0].size)


@pytest.mark.parametrize("features", ENCODINGS, ids=IDS)
def test_nothing_to_learn_from_and_points_all_alike_are_fine(features):
    blank = features.derive(view_of(np.full((3, 40, 40, 3), 9, np.uint8)))
    fitted = features.fit(blank)
    assert not fitted.transform(blank).any()
    assert np.isfinite(fitted.transform(features.derive(view_of(blobs(2, 40))))).all()
    alike = np.repeat(features.derive(view_of(blobs(1, 40)))[:, :, :1], 30, axis=2)
    assert np.isfinite(features.fit(alike).transform(alike)).all()


@pytest.mark.parametrize("features", ENCODINGS, ids=IDS)
def test_before_fit_there_is_no_vector(features):
    kept = np.ones((1, 1, 4, 130), dtype=np.uint8)
    with pytest.raises(NotFittedError):
        features.transform(kept)
    with pytest.raises(NotFittedError):
        features.encode(np.ones((1, 10), dtype=np.float32))


@pytest.mark.parametrize("features", [SiftFisher(), ColourFisher()], ids=lambda features: features.kind)
def test_the_points_of_a_mirror_image_are_the_mirrored_points(features):
    image = blobs(1, 64)
    kept, turned = features.derive(view_of(image))[0, 0], features.derive(view_of(image[:, :, ::-1]))[0, 0]
    # The first row of points, from the other side.
    along = int(np.flatnonzero(np.diff(kept[:, 129]))[0]) + 1
    mirrored = features.mirrored(kept)[:along][::-1]
    np.testing.assert_allclose(mirrored.astype(int), turned[:along].astype(int), atol=1)


def test_with_mirror_an_image_and_its_mirror_image_are_the_same():
    images = blobs(4, 64)
    features = SiftFisher(mirror=True, gaussians=3, components=8)
    fitted = features.fit(features.derive(view_of(images)))
    straight = fitted.transform(features.derive(view_of(images)))
    turned = fitted.transform(features.derive(view_of(images[:, :, ::-1])))
    # But for rounding to bytes.
    np.testing.assert_allclose(straight, turned, atol=0.02)
    assert features.derivation() == SiftFisher().derivation()


def test_of_many_points_a_sample_is_learned_from(monkeypatch):
    monkeypatch.setattr(local_features, "_LEARNED_FROM", 50)
    kept = SiftWords().derive(view_of(blobs(4, 40)))
    fitted = SiftWords(words=400, components=5).fit(kept, seed=1)
    assert 2 <= len(fitted.dictionary) <= 50
    assert not np.array_equal(fitted.center, SiftWords(words=400, components=5).fit(kept, seed=2).center)


def test_encodings_share_what_they_derive():
    assert SiftFisher(gaussians=4).derivation() == SiftWords(words=9, components=5).derivation()
    assert (
        SiftFisher(points=10).derivation() != SiftFisher().derivation() != SiftVlad(keypoints="detected").derivation()
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: SiftFisher(keypoints="sparse"),
        lambda: SiftFisher(points=0),
        lambda: SiftFisher(components=129),
        lambda: SiftFisher(position=-1),
        lambda: SiftFisher(gaussians=0),
        lambda: SiftWords(words=0),
        lambda: SiftVlad(words=0),
    ],
)
def test_settings_that_make_no_sense_are_refused(make):
    with pytest.raises(ConfigError):
        make()


@pytest.mark.parametrize("kind", ["sift_fisher", "sift_words", "sift_vlad", "colour_fisher"])
def test_settings_come_from_a_spec(kind):
    features = build(FEATURES, {"kind": kind, "points": 50, "components": 3})
    assert (features.kind, features.points, features.components, features.modality) == (kind, 50, 3, "image")


def test_slots_taken_together_are_the_mean_of_what_is_found_in_any_order():
    pixels = blobs(12, 40).reshape(4, 3, 40, 40, 3)
    present = np.array([[True, True, True], [True, False, True], [False, False, False], [False, True, False]])
    features = SiftFisher(gaussians=3, components=8)
    derived = features.derive(view_of(pixels, present))
    fitted = features.fit(derived)
    alone = np.stack([fitted.transform(derived[:, slot : slot + 1]) for slot in range(3)], axis=1)
    together = dataclasses.replace(fitted, together=True)
    expected = np.stack(
        [row[there].mean(axis=0) if there.any() else 0 * row[0] for row, there in zip(alone, present, strict=True)]
    )
    np.testing.assert_allclose(together.transform(derived), expected, atol=1e-6)
    np.testing.assert_allclose(together.transform(derived[:, ::-1]), expected, atol=1e-6)
    assert together.transform(derived)[:, -1].tolist() == [1, 1, 0, 1]
    assert together.derivation() == features.derivation()
    three = Image(columns=("a", "b", "c"), size=64)
    assert together.cost(three).columns * 3 == features.cost(three).columns
