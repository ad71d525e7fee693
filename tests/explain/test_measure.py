"""Values of an explanation as text: shares in percent, amounts with the decimals their differences call for."""

import pytest

from polysight.explain.measure import InUnits, Probability


def test_probabilities_are_percentages_and_their_differences_points():
    share = Probability()
    assert (share.whole(0.8), share.difference(-0.0421), share.difference(0.0001)) == ("80.0 %", "-4.2", "0")
    assert share.beside(0.2, 0.8) == "20.0 %"
    assert share.ends([0.3, 1.2]) == (0.0, 1.2)


@pytest.mark.parametrize(
    ("largest", "size", "value", "whole", "difference"),
    [
        (152_000.0, 1e6, 1_084_180.2, "1,084,180", "+1,084,180"),
        (0.8, 2003.0, 2003.4121, "2,003.412", "+2,003.412"),
        (2.7, 105.0, -0.004, "0.00", "0"),
        (0.0, 23.4, 23.41, "23.4", "+23.4"),
        (1e-14, 5e-14, 4.2e-14, "4.2e-14", "+4.2e-14"),
        (1e16, 5e16, 4.2e16, "4.2e+16", "+4.2e+16"),
        (0.0, 0.0, 0.0, "0", "0"),
    ],
)
def test_amounts_have_three_digits_of_the_largest_difference(largest, size, value, whole, difference):
    unit = InUnits(largest, size)
    assert (unit.whole(value), unit.difference(value)) == (whole, difference)


def test_amounts_are_set_beside_one_another_as_differences():
    unit = InUnits(3.0, 100.0)
    assert unit.beside(98.0, 100.0) == "-2.00"
    low, high = unit.ends([98.0, 100.0])
    assert low < 98 < 100 < high
    assert unit.ends([5.0, 5.0]) == (4.0, 6.0)


def test_rounding_never_matters():
    assert InUnits(1e-12, 100.0).hardly > 1e-12
    assert InUnits(0.0, 0.0).hardly == 0
