"""Demonstration data: complete, deterministic, without leaks, and speech whose formants are where they should be."""

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter, welch

from polysight.core.errors import ConfigError
from polysight.data.demonstration import DEMONSTRATIONS
from polysight.data.demonstration.digits import Digits, build, in_noise
from polysight.data.demonstration.handwriting import degrade, handwritten
from polysight.data.demonstration.phonemes import DIGITS, PHONEMES
from polysight.data.demonstration.speech import LENGTH, RATE, Voice, invented_voices, resonate, speak

MAN = Voice("man", pitch=110.0, tract=1.0, pace=1.0, breath=0.02)
CHILD = Voice("child", pitch=110.0, tract=1.3, pace=1.0, breath=0.02)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("digits")
    assert build(folder, seed=3, rows=240) == folder / "train.csv"
    return folder


def tables(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.read_csv(folder / "train.csv"), pd.read_csv(folder / "test.csv")


def test_the_tables_hold_what_the_readme_says(digits: Path) -> None:
    train, test = tables(digits)
    assert (len(train), len(test)) == (180, 60)
    assert list(train.columns) == list(test.columns) == ["image", "audio", "voice", "label"]
    assert set(train["label"]) == set(range(10))
    both = pd.concat([train, test])
    assert not both[["image", "audio"]].isna().all(axis=1).any()
    assert 0.03 < both["image"].isna().mean() < 0.14
    assert 0.03 < both["audio"].isna().mean() < 0.14
    assert "SYNTHETIC" in (digits / "README.md").read_text()


def test_every_named_file_is_there_and_no_other(digits: Path) -> None:
    named = {path for table in tables(digits) for column in ("image", "audio") for path in table[column].dropna()}
    there = {str(path.relative_to(digits)) for media in ("images", "audio") for path in (digits / media).iterdir()}
    assert named == there


def test_no_voice_speaks_on_both_sides(digits: Path) -> None:
    train, test = tables(digits)
    assert not set(train["voice"]) & set(test["voice"])
    assert (train["voice"].nunique(), test["voice"].nunique()) == (18, 6)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    def content(name: str, seed: int) -> str:
        build(tmp_path / name, seed=seed, rows=24)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()

    assert content("a", 1) == content("b", 1) != content("c", 2)


def test_pictures_are_real_digits_made_harder() -> None:
    rng = np.random.default_rng(0)
    digits, labels = handwritten(1797, rng)
    assert len(np.unique(digits.reshape(1797, -1), axis=0)) > 1790
    pictures = np.stack([degrade(digit, np.random.default_rng(i)) for i, digit in enumerate(digits[:50])])
    assert pictures.shape == (50, 32, 32)
    assert pictures.dtype == np.uint8
    again = np.stack([degrade(digit, np.random.default_rng(i)) for i, digit in enumerate(digits[:50])])
    assert np.array_equal(pictures, again)
    assert labels.min() == 0
    assert labels.max() == 9


def test_a_steady_resonator_is_the_textbook_filter() -> None:
    noise = np.random.default_rng(0).normal(size=(2, 400))
    frequency = np.array([[700.0], [2300.0]]) * np.ones((1, 400))
    radius = np.exp(-np.pi * 90 / RATE)
    for got, source, hz in zip(resonate(noise, frequency, 90.0), noise, (700.0, 2300.0), strict=True):
        feedback = [1.0, -2 * radius * np.cos(2 * np.pi * hz / RATE), radius**2]
        np.testing.assert_allclose(got, lfilter([sum(feedback)], feedback, source), atol=1e-10)


@pytest.mark.parametrize(("voice", "tract"), [(MAN, 1.0), (CHILD, 1.3)])
def test_the_vowel_of_three_has_its_formants(voice: Voice, tract: float) -> None:
    clean = speak([3] * 40, [voice] * 40, np.random.default_rng(0))
    assert clean.shape == (40, LENGTH)
    power = np.zeros(129)
    for word in clean:
        loud = np.flatnonzero(np.abs(word) > 0.1)
        power += welch(word[loud[-1] - 600 : loud[-1] - 80], RATE, nperseg=256)[1]
    hertz = np.fft.rfftfreq(256, 1 / RATE)
    second = 2290 * tract
    band = (hertz > 1400) & (hertz < 3300)
    weights = power[band] ** 2
    assert abs(np.average(hertz[band], weights=weights) - second) < 0.15 * second


def test_every_digit_sounds_unlike_the_others() -> None:
    rng = np.random.default_rng(0)
    words = speak(list(range(10)) * 8, [MAN] * 80, rng)
    spectra = np.log(np.stack([welch(word, RATE, nperseg=128)[1] for word in words]) + 1e-9).reshape(8, 10, -1)
    means, spread = spectra.mean(axis=0), spectra.std(axis=0).mean()
    distances = np.sqrt(((means[:, None] - means[None]) ** 2).mean(axis=-1))
    assert distances[~np.eye(10, dtype=bool)].min() > 0.5 * spread


def test_every_sound_of_every_digit_is_in_the_table() -> None:
    assert {sound for digit in DIGITS for sound in digit} <= set(PHONEMES)
    assert len(DIGITS) == 10


def test_voices_differ_and_noise_stays_in_range() -> None:
    rng = np.random.default_rng(0)
    voices = invented_voices(12, rng)
    assert len({voice.name for voice in voices}) == 12
    assert min(v.pitch for v in voices) < 130 < 220 < max(v.pitch for v in voices)
    noisy = in_noise(speak([1, 2, 3, 4], voices[:4], rng), rng)
    np.testing.assert_allclose(np.abs(noisy).max(axis=1), 0.9)


def test_an_unknown_demonstration_offers_the_nearest() -> None:
    assert DEMONSTRATIONS.load("digits") is Digits
    with pytest.raises(ConfigError, match="digits"):
        DEMONSTRATIONS.load("digit")
