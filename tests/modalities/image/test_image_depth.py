import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from polysight.core.errors import UnreadableCellError
from polysight.modalities.image.depth import to_8_bit, value_window


@pytest.mark.parametrize(
    ("values", "window"),
    [
        (np.array([0, 255], dtype=np.uint16), (0, 255)),
        (np.array([0, 256], dtype=np.uint16), (0, 511)),
        (np.array([-5, 5], dtype=np.int32), (-4.99, 4.99)),
        (np.array([0, 0.1]), (0, 1)),
        (np.array([0, 90.0]), (0, 255)),
        (np.array([np.inf, np.nan, 0.5]), (0, 1)),
        (np.array([-7.0, -7.0]), (-7, 0)),
        (np.array([0, 4095], dtype=">u2"), (0, 4095)),
    ],
)
def test_the_natural_window(values, window):
    assert value_window(values) == pytest.approx(window)


@given(arrays(np.float32, (3, 4), elements=st.floats(width=32)))
def test_whatever_the_values_black_lies_below_white_and_order_is_kept(values):
    if not np.isfinite(values).any():
        with pytest.raises(UnreadableCellError):
            to_8_bit(values, None)
        return
    low, high = value_window(values)
    assert low < high
    levels = to_8_bit(values, None)
    assert levels.dtype == np.uint8
    numbers = ~np.isnan(values)
    assert (np.diff(levels[numbers][np.argsort(values[numbers])].astype(int)) >= 0).all()


@given(arrays(np.uint16, (2, 3)))
def test_sixteen_bits_under_their_full_window_are_rounded_division(values):
    np.testing.assert_array_equal(to_8_bit(values, (0, 65535)), np.rint(values / 257))
