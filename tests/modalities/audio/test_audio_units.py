"""Regions of spectrograms: where they lie in time and pitch, hidden by quiet."""

import numpy as np
import pytest

from polysight.data.view import View
from polysight.modalities.audio.modality import Audio
from polysight.modalities.audio.spectrogram import band_edges, hertz_to_mel

AUDIO = Audio(columns=("sound",), rate=8000, seconds=2.0, bands=40, frames=80)


def row_of(*lengths, seed=0):
    logmel = np.full((1, len(lengths), 40, 80), -80, dtype=np.float16)
    for slot, length in enumerate(lengths):
        logmel[0, slot, :, :length] = np.random.default_rng(seed + slot).uniform(-60, 0, (40, length))
    lengths = np.array([lengths], dtype=np.int32)
    return View({"logmel": logmel, "length": lengths}, lengths > 0, np.array([b"k" * 32]))


def test_regions_are_named_by_time_and_frequency():
    units = AUDIO.units(row_of(80))
    assert len(units) == 32
    assert units.labels[0].startswith("0.00-0.25 s, ")
    assert units.labels[-1].startswith("1.75-2.00 s, ")
    assert units.labels[-1].endswith(f"-{band_edges(AUDIO.spectrogram)[-1]:.0f} Hz")


def test_bands_meet_where_their_triangles_cross():
    edges = band_edges(AUDIO.spectrogram)
    assert len(edges) == 41
    filters = AUDIO.spectrogram.filters()
    frequencies = np.linspace(0, 4000, filters.shape[1])
    both = [np.interp(edge, frequencies, filters[band]) for band, edge in enumerate(edges[1:-1])]
    np.testing.assert_allclose(both[5:], 0.5, atol=0.06)
    assert np.ptp(np.diff(hertz_to_mel(edges))) == pytest.approx(0, abs=1e-6)


def test_a_hidden_region_is_as_quiet_as_the_quiet_tenth_and_nothing_beyond_the_end_changes():
    row = row_of(50)
    units = AUDIO.units(row)
    shown = np.ones((1, len(units)), dtype=bool)
    shown[0, 5] = False
    before, after = row.arrays["logmel"][0, 0], units.hidden(shown).arrays["logmel"][0, 0]
    assert after.dtype == before.dtype
    changed = units.regions[0] == 5
    quiet = np.percentile(before[:, :50].astype(np.float32), 10)
    np.testing.assert_allclose(after[changed].astype(float), quiet, atol=0.05)
    np.testing.assert_array_equal(after[~changed], before[~changed])
    assert (units.regions[0][:, 50:] == -1).all()


def test_the_picture_has_high_tones_above_and_clips_side_by_side():
    row = row_of(80, 0, 40)
    audio = Audio(columns=("a", "b", "c"), rate=8000, seconds=2.0, bands=40, frames=80)
    units = audio.units(row)
    assert {label.split(":")[0] for label in units.labels} == {"a", "c"}
    assert units.picture.shape == (40, 160, 3)
    assert units.picture[0, 0, 0] == int((1 + np.float32(row.arrays["logmel"][0, 0, -1, 0]) / 80) * 255)
    heat = units.heat(np.ones(len(units)))
    assert heat.shape == (40, 160)
    assert heat[:, :120].all()
    assert not heat[:, 120:].any()
    assert units.outline[-1, 0] == 0
