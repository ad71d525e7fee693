"""The log-mel spectrogram against SciPy and against sounds whose picture is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import stft

from polysight.modalities.audio.spectrogram import LogMel, hertz_to_mel, mel_filters, mel_to_hertz

SPEECH = LogMel(rate=8000, seconds=0.8, bands=40, frames=80)


def test_power_is_scipys():
    samples = np.random.default_rng(0).normal(size=6400)
    window = SPEECH.window
    # SciPy centres frames on multiples of the hop, ours stand half a hop later.
    shifted = samples[round(SPEECH.hop / 2) :]
    _, _, spectrum = stft(
        np.pad(shifted, (window // 2, window)),
        window="hann",
        nperseg=window,
        noverlap=window - round(SPEECH.hop),
        nfft=512,
        boundary=None,
        padded=False,
        scaling="spectrum",
    )
    reference = np.abs(spectrum * (window / 2)) ** 2
    ours = SPEECH.power(samples, 80)
    # The first windows reach back over the start, where only ours sees the samples left out above.
    np.testing.assert_allclose(ours[:, 3:76], reference[:, 3:76], rtol=1e-6, atol=1e-6 * ours.max())


def test_decibels_by_hand():
    samples = np.random.default_rng(1).normal(size=6400)
    mel = mel_filters(8000, 512, 40) @ SPEECH.power(samples, 80)
    expected = np.maximum(10 * np.log10(mel / mel.max()), -80)
    logmel, length = SPEECH(samples)
    np.testing.assert_allclose(logmel, expected, atol=1e-9)
    assert (length, logmel.max()) == (80, 0)


def test_filters_by_hand():
    filters = mel_filters(8000, 512, 40)
    corners = 700 * (10 ** (np.linspace(2595 * np.log10(1 + 60 / 700), 2595 * np.log10(1 + 4000 / 700), 42) / 2595) - 1)
    for band in (0, 17, 39):
        for bin_, frequency in enumerate(np.arange(257) * 8000 / 512):
            low, middle, high = corners[band : band + 3]
            expected = max(0, min((frequency - low) / (middle - low), (high - frequency) / (high - middle)))
            assert filters[band, bin_] == pytest.approx(expected, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([1000, 8000, 16000, 44100]), st.integers(8, 128), st.integers(8, 256), st.floats(0.05, 10))
def test_no_band_is_empty(rate, bands, frames, seconds):
    logmel = LogMel(rate, seconds, bands, frames)
    assert (logmel.filters().sum(axis=1) > 0).all()


@given(st.floats(0, 20_000))
def test_mel_and_back(hertz):
    assert mel_to_hertz(hertz_to_mel(hertz)) == pytest.approx(hertz, abs=1e-6)


def test_a_thousand_hertz_are_a_thousand_mel():
    assert hertz_to_mel(1000) == pytest.approx(1000, abs=0.5)


@pytest.mark.parametrize("frequency", [200, 700, 1500, 3000])
def test_a_tone_lights_its_band(frequency):
    logmel, _ = SPEECH(np.sin(2 * np.pi * frequency * np.arange(6400) / 8000))
    centres = mel_to_hertz(np.linspace(hertz_to_mel(60), hertz_to_mel(4000), 42))[1:-1]
    brightest = logmel[:, 40].argmax()
    assert abs(brightest - np.abs(centres - frequency).argmin()) <= 1


def test_a_click_stands_at_its_moment():
    samples = np.zeros(6400)
    samples[3200] = 1
    logmel, _ = SPEECH(samples)
    assert 39 <= logmel.mean(axis=0).argmax() <= 41


@settings(max_examples=20, deadline=None)
@given(st.floats(1e-4, 1e4))
def test_loudness_does_not_matter(gain):
    samples = np.random.default_rng(2).normal(size=3000)
    np.testing.assert_allclose(SPEECH(gain * samples)[0], SPEECH(samples)[0], atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 8000))
def test_shapes_and_range_at_every_length(samples):
    logmel, length = SPEECH(np.random.default_rng(samples).normal(size=samples))
    assert logmel.shape == (40, 80)
    assert length == min(80, int(np.ceil(samples / 80)))
    assert logmel.min() >= -80
    assert logmel.max() == 0
    assert (logmel[:, length:] == -80).all()


def test_silence_is_the_floor_everywhere():
    logmel, length = SPEECH(np.zeros(6400))
    assert (logmel == -80).all()
    assert length == 80
