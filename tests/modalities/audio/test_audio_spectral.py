"""Spectral statistics against direct formulas in float64 and SciPy, and by known sounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import periodogram
from scipy.stats import gmean

from polysight.core.errors import ConfigError
from polysight.data.view import MISSING_KEY, View
from polysight.modalities import FEATURES
from polysight.modalities.audio.spectral import (
    OCTAVES,
    TRACKS,
    SpectralStatistics,
    contrasts,
    modulation_spectrum,
    shape_tracks,
    summary,
)

BANDS, FRAMES = 20, 40


def clip(seed: int = 0, frames: int = FRAMES) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-60, 0, (BANDS, frames))


def view_of(logmel: np.ndarray, length: np.ndarray | None = None) -> View:
    ends = np.full((len(logmel), 1), FRAMES, dtype=np.int32) if length is None else length
    arrays = {"logmel": logmel[:, None].astype(np.float16), "length": ends}
    return View(arrays, ends > 0, np.full(len(logmel), MISSING_KEY))


def test_shapes_frame_by_frame():
    decibels = clip()
    tracks = dict(zip(TRACKS, shape_tracks(decibels), strict=True))
    place = np.arange(BANDS) / (BANDS - 1)
    before = None
    for frame in range(FRAMES):
        power = 10 ** (decibels[:, frame] / 10)
        share = power / power.sum()
        centroid = np.average(place, weights=power)
        flux = 0 if before is None else np.sqrt(np.sum((share - before) ** 2))
        below = next(b for b in range(BANDS) if power[: b + 1].sum() >= 0.85 * power.sum())
        expected = {
            "level": 10 * np.log10(power.sum()),
            "centroid": centroid,
            "bandwidth": np.average((place - centroid) ** 2, weights=power) ** 0.5,
            "roll_off": place[below],
            "flatness": 10 * np.log10(gmean(power) / power.mean()),
            "flux": flux,
            "crossings": np.average(place**2, weights=power) ** 0.5,
        }
        for name, value in expected.items():
            assert tracks[name][frame] == pytest.approx(value), name
        before = share


def test_contrast_is_the_mean_of_peaks_above_the_mean_of_valleys():
    decibels = np.zeros((20, 1))
    decibels[:10, 0] = np.random.default_rng(0).permutation([-50, -40, -30, -30, -30, -30, -30, -30, -10, -4])
    np.testing.assert_allclose(contrasts(decibels, 2)[:, 0], [38, 0])


def test_a_summary_is_numpy_row_by_row():
    tracks = clip()[:3]
    found = summary(tracks)
    for row, track in enumerate(tracks):
        quantiles = [np.quantile(track, q) for q in (0.1, 0.5, 0.9)]
        np.testing.assert_allclose(found[:, row], [np.mean(track), np.std(track), *quantiles])


@pytest.mark.parametrize("frames", [1, 2, 31, 40, 64])
def test_modulation_is_the_periodogram_summed_by_octave(frames):
    decibels = clip(frames=frames)
    found = modulation_spectrum(decibels, 4)
    level = decibels.reshape(4, 5, frames).mean(axis=1)
    np.testing.assert_allclose((found**2).sum(axis=1), level.var(axis=1), atol=1e-9)
    cycles, power = periodogram(level, detrend="constant", scaling="spectrum", axis=1)
    # SciPy's spectrum doubles all one-sided lines but the ends, as variance asks for.
    edges = [0, *(2.0**-k for k in range(OCTAVES, 1, -1)), 1]
    for octave in range(OCTAVES):
        inside = (cycles >= edges[octave]) & (cycles < edges[octave + 1])
        np.testing.assert_allclose(found[:, octave] ** 2, power[:, inside].sum(axis=1), atol=1e-9)


def test_a_slow_tremolo_is_in_its_octave():
    decibels = np.tile(10 * np.sin(2 * np.pi * np.arange(40) / 10), (BANDS, 1))  # 0.1 cycles a frame: 1/16 to 1/8
    found = modulation_spectrum(decibels, 2)
    np.testing.assert_allclose(found[0], [0, 0, 0, 10 / np.sqrt(2), 0, 0], atol=1e-9)


def test_the_vector_by_hand():
    decibels = clip().astype(np.float16).astype(float)
    tracks = np.concatenate([shape_tracks(decibels), contrasts(decibels, 3)])
    expected = np.concatenate([[1], summary(tracks).ravel(), modulation_spectrum(decibels, 3).ravel()])
    derived = SpectralStatistics(groups=3).derive(view_of(decibels[None]))
    assert derived.dtype == np.float32
    np.testing.assert_allclose(derived[0], expected, rtol=1e-5, atol=1e-5)


def test_a_silent_clip_says_so_and_silent_frames_do_not_count():
    silent, half = np.full((BANDS, FRAMES), -80.0), clip()
    half[:, 20:] = -80
    derived = SpectralStatistics().derive(view_of(np.stack([silent, half])))
    assert not derived[0].any()
    assert derived[1, 0] == 0.5
    short = SpectralStatistics().derive(view_of(half[None], np.full((1, 1), 20, dtype=np.int32)))
    tracks = 5 * (len(TRACKS) + 8)
    np.testing.assert_array_equal(short[0, 1 : 1 + tracks], derived[1, 1 : 1 + tracks])


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 30), st.integers(1, FRAMES), st.integers(1, BANDS))
def test_every_setting_gives_finite_vectors_of_one_size(groups, length, bands):
    view = view_of(clip()[None, :bands], np.full((1, 1), length, dtype=np.int32))
    derived = SpectralStatistics(groups=groups).derive(view)
    shown = min(groups, bands)
    assert derived.shape == (1, 1 + 5 * (len(TRACKS) + shown) + shown * OCTAVES)
    assert np.isfinite(derived).all()


def test_absent_rows_are_zero_and_rows_stand_alone():
    length = np.array([[FRAMES], [0], [17]], dtype=np.int32)
    logmel = np.stack([clip(i) for i in range(3)])
    whole = SpectralStatistics().derive(view_of(logmel, length))
    assert not whole[1].any()
    np.testing.assert_array_equal(whole[2:], SpectralStatistics().derive(view_of(logmel[2:], length[2:])))


def test_the_state_comes_back():
    features = SpectralStatistics(groups=3)
    assert FEATURES.load("spectral_statistics").from_state(features.to_state()) == features


def test_no_groups_are_refused():
    with pytest.raises(ConfigError, match="group"):
        SpectralStatistics(groups=0)
