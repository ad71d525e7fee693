"""MiniRocket over clips: what it looks at, what it learns from, and what comes back from its state."""

import numpy as np
import pytest

from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import MISSING_KEY, View
from polysight.modalities import FEATURES
from polysight.modalities.audio.rocket import AudioMiniRocket
from polysight.modalities.equality import stored
from polysight.modalities.minirocket import MiniRocket

BANDS, FRAMES = 6, 24


def view_of(length: np.ndarray, seed: int = 0) -> View:
    logmel = np.random.default_rng(seed).uniform(-60, 0, (*length.shape, BANDS, FRAMES)).astype(np.float16)
    return View({"logmel": logmel, "length": length}, length > 0, np.full(len(length), MISSING_KEY))


def full(count: int, slots: int = 1) -> np.ndarray:
    return np.full((count, slots), FRAMES, dtype=np.int32)


def test_bands_are_centred_and_go_to_minirocket():
    view = view_of(full(5))
    features = AudioMiniRocket(features=100)
    derived = features.derive(view)
    logmel = view.arrays["logmel"][:, 0].astype(float)
    np.testing.assert_allclose(derived[:, 0], logmel - logmel.mean(axis=2, keepdims=True), atol=1e-4)
    ends = full(5)[:, 0]
    reference = MiniRocket.fit(derived[:, 0], ends, 100, np.random.default_rng(3))(derived[:, 0], ends)
    np.testing.assert_array_equal(features.fit(derived, seed=3).transform(derived), reference)


def test_slots_stand_side_by_side_and_absent_ones_are_zero():
    length = np.array([[FRAMES, 0], [9, FRAMES], [0, 0]], dtype=np.int32)
    derived = AudioMiniRocket(features=84).derive(view_of(length))
    fitted = AudioMiniRocket(features=84).fit(derived)
    described = fitted.transform(derived)
    assert described.shape == (3, 168)
    assert np.isfinite(described).all()
    np.testing.assert_array_equal(described.reshape(3, 2, 84).any(axis=2), length > 0)
    np.testing.assert_array_equal(fitted.transform(derived[1:2]), described[1:2])
    np.testing.assert_array_equal(fitted.transform(derived[1:, ::-1])[0, 84:], described[1, :84])


def test_a_silent_clip_answers_zero_everywhere():
    view = view_of(full(3))
    view.arrays["logmel"][0] = -80
    derived = AudioMiniRocket(features=84).derive(view)
    fitted = AudioMiniRocket(features=84).fit(derived[1:])
    assert fitted.learned_kernels is not None
    np.testing.assert_array_equal(fitted.transform(derived)[0], fitted.learned_kernels["biases"] < 0)


def test_the_state_comes_back():
    derived = AudioMiniRocket(features=84).derive(view_of(full(4)))
    fitted = AudioMiniRocket(features=84).fit(derived)
    again = FEATURES.load("minirocket").from_state(stored(fitted.to_state()))
    assert again == fitted
    np.testing.assert_array_equal(again.transform(derived), fitted.transform(derived))


def test_nothing_to_learn_from_stays_unfitted():
    features = AudioMiniRocket()
    derived = features.derive(view_of(np.zeros((2, 1), dtype=np.int32)))
    with pytest.raises(NotFittedError):
        features.fit(derived).transform(derived)


def test_fewer_features_than_kernels_are_refused():
    with pytest.raises(ConfigError, match="84"):
        AudioMiniRocket(features=50)
