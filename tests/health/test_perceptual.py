"""Perceptual hashes against the cosine transform written out, and what a picture may suffer and still be itself."""

import cv2
import numpy as np
import pytest

from polysight.health.perceptual import alike, looks_of, picture_hash, tolerances


@pytest.fixture
def picture():
    coarse = np.random.default_rng(3).integers(0, 256, (9, 12, 3)).astype(np.uint8)
    return cv2.resize(coarse, (64, 64), interpolation=cv2.INTER_CUBIC)


def test_the_hash_is_the_low_frequencies_against_their_median():
    small = np.random.default_rng(0).uniform(0, 255, (32, 32))
    place, frequency = np.arange(32), np.arange(8)
    waves = np.cos(np.pi * (2 * place[None] + 1) * frequency[:, None] / 64) * np.sqrt(2 / 32)
    waves[0] = np.sqrt(1 / 32)
    low = (waves @ small @ waves.T).ravel()
    bits = low > np.median(low[1:])
    bits[0] = False
    assert picture_hash(small) == int("".join("01"[int(bit)] for bit in bits), 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p,
        lambda p: cv2.resize(p, (48, 48), interpolation=cv2.INTER_AREA),
        lambda p: cv2.imdecode(cv2.imencode(".jpg", p, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_COLOR),
        lambda p: (p * 0.6 + 40).astype(np.uint8),
    ],
    ids=["copy", "smaller", "compressed", "paler"],
)
def test_a_changed_copy_looks_the_same(picture, change):
    changed = cv2.resize(change(picture), (64, 64))
    assert alike(looks_of(np.stack([picture, 255 - picture, changed]))).tolist() == [[0, 2]]


def test_other_pictures_and_pictures_without_contrast_do_not():
    rng = np.random.default_rng(1)
    others = [cv2.resize(rng.integers(0, 256, (8, 8, 3)).astype(np.uint8), (64, 64)) for _ in range(60)]
    flat = [np.full((64, 64, 3), 200, np.uint8)] * 3
    assert len(alike(looks_of(np.stack([*others, *flat])))) == 0
    assert alike(looks_of(np.empty((0, 64, 64, 3), np.uint8))).shape == (0, 2)


def test_in_a_set_of_like_pictures_a_pair_must_be_closer_than_neighbours_are(picture):
    rng = np.random.default_rng(0)
    like = [np.clip(picture + rng.normal(0, 12, picture.shape), 0, 255).astype(np.uint8) for _ in range(40)]
    looks = looks_of(np.stack([*like, like[3]]))
    assert np.median(looks.small @ looks.small[0]) > 0.99
    assert tolerances(looks, np.arange(41)).max() < 0.002
    assert alike(looks).tolist() == [[3, 40]]


def test_pairs_beyond_a_block_are_found(picture, monkeypatch):
    monkeypatch.setattr("polysight.health.perceptual._BLOCK", 2)
    noise = np.random.default_rng(2).integers(0, 256, (4, 8, 8, 3)).astype(np.uint8)
    pictures = [picture, *(cv2.resize(n, (64, 64)) for n in noise), picture, picture]
    assert alike(looks_of(np.stack(pictures))).tolist() == [[0, 5], [0, 6], [5, 6]]
