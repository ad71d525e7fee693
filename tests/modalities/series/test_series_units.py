"""Stretches of series: gaps are filled by lines, channels of which nothing is shown are missing."""

import numpy as np

from polysight.data.view import View
from polysight.modalities.series.modality import Series

SERIES = Series(columns=("sensor",), channels=("x", "y", "z"), interval=1.0, steps=20)


def row_of(length=16, slots=1):
    values = np.zeros((1, slots, 3, 20), dtype=np.float32)
    values[0, :, :, :length] = np.random.default_rng(0).normal(size=(slots, 3, length))
    values[0, :, 2, :length] = np.nan
    lengths = np.full((1, slots), length, dtype=np.int32)
    return View({"values": values, "length": lengths}, lengths > 0, np.array([b"k" * 32]))


def test_stretches_are_named_by_channel_and_steps_and_missing_channels_have_none():
    units = SERIES.units(row_of())
    assert len(units) == 16
    assert units.labels[:2] == ("x, steps 1-2", "x, steps 3-4")
    assert units.labels[-1] == "y, steps 15-16"


def test_a_gap_is_filled_by_a_line_and_at_the_ends_the_nearest_value_stays():
    row = row_of()
    units = SERIES.units(row)
    shown = np.ones((1, 16), dtype=bool)
    shown[0, [0, 3, 4]] = False
    x = row.arrays["values"][0, 0, 0]
    expected = x.copy()
    expected[:2] = x[2]
    expected[6:10] = x[5] + (x[10] - x[5]) * np.arange(1, 5) / 5
    found = units.hidden(shown).arrays["values"][0, 0]
    np.testing.assert_allclose(found[0], expected, atol=1e-6)
    np.testing.assert_array_equal(found[1:], row.arrays["values"][0, 0, 1:])


def test_a_channel_of_which_nothing_is_shown_is_missing_and_a_recording_without_channels_absent():
    units = SERIES.units(row_of())
    shown = np.zeros((2, 16), dtype=bool)
    shown[0, 10] = True
    hidden = units.hidden(shown)
    assert np.isnan(hidden.arrays["values"][0, 0, 0, :16]).all()
    assert np.isfinite(hidden.arrays["values"][0, 0, 1]).all()
    assert hidden.present.tolist() == [[True], [False]]
    assert hidden.arrays["length"].tolist() == [[16], [0]]
    assert not hidden.arrays["values"][1].any()


def test_many_channels_have_fewer_stretches():
    series = Series(columns=("a", "b"), channels=("x", "y", "z"), interval=1.0, steps=20)
    units = series.units(row_of(20, slots=2))
    assert len(units) == 2 * 2 * 8
    assert units.labels[0].startswith("a: x, steps")
