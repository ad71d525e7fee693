"""Windows: presets by level and width, and what training scans ask for."""

import numpy as np
import pytest

from polysight.core.errors import ConfigError, UnreadableCellError
from polysight.modalities.volume.windows import (
    EACH,
    PRESETS,
    common_window,
    named_window,
    natural_window,
    shares,
    some_values,
)


def test_a_preset_is_level_and_width():
    assert named_window("lung") == (-1350.0, 150.0)
    assert named_window("brain") == (0.0, 80.0)
    assert named_window(EACH) == EACH
    assert all(named_window(name)[0] < named_window(name)[1] for name in PRESETS)
    with pytest.raises(ConfigError, match="did you mean 'lung'"):
        named_window("lungs")


def test_the_natural_window_leaves_out_the_tails():
    values = np.linspace(-1000, 1000, 20_001).reshape(3, -1, 59 * 113)
    np.testing.assert_allclose(natural_window(values), (-990, 990), atol=2)
    assert natural_window(np.zeros((2, 2, 2), np.uint8)) == (0.0, 255.0)
    assert natural_window(np.full((2, 2, 2), 7.0)) == (7.0, 14.0)
    rare = np.zeros((100, 100, 1))
    rare[0, 0] = 5
    assert natural_window(rare) == (0.0, 5.0)


def test_values_that_are_no_numbers_do_not_count():
    holed = np.full((2, 4, 4), np.nan)
    holed[0, 0, 1], holed[0, 0, 2] = 3.0, np.inf
    assert some_values(holed).tolist() == [3.0]
    large = np.full(200_000, np.nan)
    large[2] = 1.0
    assert some_values(large).tolist() == [1.0]
    with pytest.raises(UnreadableCellError) as caught:
        natural_window(np.full((2, 2, 2), np.nan))
    assert caught.value.reason == "no_values"


def test_one_window_serves_scans_of_one_scale_and_each_its_own_otherwise():
    assert common_window([(-1000.0, 900.0), (-1010.0, 1300.0), (-1024.0, 1000.0)]) == (-1010.0, 1000.0)
    assert common_window([(0.0, 300.0), (0.0, 900.0), (0.0, 4000.0)]) == EACH
    assert common_window([]) == EACH


def test_shares_run_from_black_to_white():
    values = np.array([-5, 0, 5, 10, 99, np.nan, np.inf, -np.inf])
    np.testing.assert_allclose(shares(values, (0.0, 10.0)), [0, 0, 0.5, 1, 1, 0, 1, 0])
