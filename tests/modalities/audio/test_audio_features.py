"""Cepstra over stretches of equal energy: against SciPy, by hand, and on sounds made for it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.fft import dct
from scipy.signal import savgol_filter

from polysight.core.errors import ConfigError
from polysight.data.view import MISSING_KEY, View
from polysight.modalities.audio.features import LogMelStatistics, equal_energy_bounds, slopes, stretch_means

BANDS, FRAMES = 20, 40


def view_of(logmel: np.ndarray, length: np.ndarray | None = None) -> View:
    count = len(logmel)
    ends = np.full((count, 1), FRAMES, dtype=np.int32) if length is None else length
    keys = np.full(count, MISSING_KEY)
    return View({"logmel": logmel[:, None].astype(np.float16), "length": ends}, ends > 0, keys)


def clips(count: int = 6, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-60, 0, (count, BANDS, FRAMES)).astype(np.float16)


def test_slopes_are_those_of_a_fitted_line():
    track = np.random.default_rng(0).normal(size=(3, 30))
    reference = savgol_filter(track, 5, polyorder=1, deriv=1, axis=1)
    np.testing.assert_allclose(slopes(track)[:, 2:-2], reference[:, 2:-2], atol=1e-12)


def test_the_vector_by_hand():
    clip = clips(1)[0].astype(float)
    centred = clip - clip.mean(axis=1, keepdims=True)
    cepstra = dct(centred, axis=0, norm="ortho")[:5]
    bounds = equal_energy_bounds(clip, 3)
    parts = [cepstra[:, bounds[i] : bounds[i + 1]].mean(axis=1) for i in range(3)]
    parts += [slopes(cepstra)[:, bounds[i] : bounds[i + 1]].mean(axis=1) for i in range(3)]
    parts += [cepstra.std(axis=1), (bounds[1:] - bounds[:-1]) / FRAMES]
    derived = LogMelStatistics(stretches=3, cepstra=5).derive(view_of(clip[None]))
    assert derived.dtype == np.float32
    np.testing.assert_allclose(derived[0], np.concatenate(parts), rtol=1e-5, atol=1e-5)


def test_stretches_hold_equal_energy():
    decibels = np.full((1, 400), -80.0)
    decibels[0, 100:300] = 0
    np.testing.assert_allclose(equal_energy_bounds(decibels, 4), [103, 151, 199, 247, 295], atol=2)


def test_the_same_sound_elsewhere_in_the_clip_gives_nearly_the_same_vector():
    sound = np.random.default_rng(1).uniform(-20, 0, (BANDS, 12))
    early, late = np.full((2, BANDS, FRAMES), -80.0)
    early[:, 6:18], late[:, 20:32] = sound, sound
    one, other = LogMelStatistics(stretches=4).derive(view_of(np.stack([early, late])))
    np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-3)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 64), st.integers(1, 40), st.integers(1, FRAMES), st.booleans())
def test_every_setting_gives_finite_vectors_of_one_size(stretches, cepstra, length, silent):
    logmel = np.full((2, BANDS, FRAMES), -80.0) if silent else clips(2)
    features = LogMelStatistics(stretches=stretches, cepstra=cepstra)
    derived = features.derive(view_of(logmel, np.full((2, 1), length, dtype=np.int32)))
    assert derived.shape == (2, (2 * stretches + 1) * min(cepstra, BANDS) + stretches)
    assert np.isfinite(derived).all()


def test_a_stretch_shorter_than_a_frame_takes_that_frame():
    track = np.arange(5.0)[None]
    np.testing.assert_array_equal(stretch_means(track, np.array([1, 1, 3, 5, 5]))[:, 0], [1, 1.5, 3.5, 4])


def test_absent_rows_are_zero_and_rows_stand_alone():
    length = np.array([[FRAMES], [0], [17]], dtype=np.int32)
    logmel = clips(3)
    whole = LogMelStatistics().derive(view_of(logmel, length))
    assert not whole[1].any()
    np.testing.assert_array_equal(whole[2:], LogMelStatistics().derive(view_of(logmel[2:], length[2:])))


def test_what_lies_beyond_the_end_does_not_count():
    length = np.full((1, 1), 15, dtype=np.int32)
    one, other = clips(2)
    other[:, :15] = one[:, :15]
    np.testing.assert_array_equal(*(LogMelStatistics().derive(view_of(clip[None], length)) for clip in (one, other)))


def test_no_rows_give_no_vectors():
    empty = LogMelStatistics().derive(view_of(clips(2)).take([]))
    assert len(empty) == 0


def test_the_state_comes_back():
    features = LogMelStatistics(stretches=3)
    assert LogMelStatistics.from_state(features.to_state()) == features


@pytest.mark.parametrize("options", [{"stretches": 0}, {"stretches": 65}, {"cepstra": 0}])
def test_impossible_settings_are_refused(options):
    with pytest.raises(ConfigError, match="stretches"):
        LogMelStatistics(**options)
