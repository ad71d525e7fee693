from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest

from polysight.modalities.tabular.cells import levels, numbers


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pd.Series([date(1970, 1, 2), None, date(9999, 12, 31)]), [1, np.nan, 2932896]),
        (pd.Series(pd.to_datetime(["1970-01-03 12:00", None])), [2.5, np.nan]),
        (pd.Series(pd.to_datetime(["1970-01-02 00:00"], utc=True)), [1]),
        (pd.Series([datetime(1970, 1, 2, 8, tzinfo=timezone(timedelta(hours=8))), pd.NaT], dtype=object), [1, np.nan]),
        (pd.Series([datetime(1970, 1, 2, tzinfo=UTC), "n/a"], dtype=object), [1, np.nan]),
        (pd.Series([timedelta(hours=36)]), [1.5]),
        (pd.Series([1, None], dtype="Int64"), [1, np.nan]),
        (pd.Series(["1e3", " ", "x", None]), [1000, np.nan, np.nan, np.nan]),
    ],
)
def test_dates_and_durations_are_days(cells, expected):
    np.testing.assert_allclose(numbers(cells).values, expected)


def test_what_is_no_finite_number_is_bad():
    assert numbers(pd.Series(["1", "x", "", None, "inf"])).bad.tolist() == [False, True, False, False, True]
    assert numbers(pd.Series([1.0, np.inf, np.nan])).bad.tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pd.Series(["85255", " 85255 ", "", None]), ["85255", "85255", "", ""]),
        (pd.Series([85255, np.nan]), ["85255", ""]),
        (pd.Series([85255, 1]), ["85255", "1"]),
        (pd.Series([True, None], dtype=object), ["True", ""]),
        (pd.Series([True, None], dtype="boolean"), ["True", ""]),
        (pd.Series(["001", "NA"]), ["001", "NA"]),
        (pd.Series(["b", "a"], dtype="category"), ["b", "a"]),
        (pd.Series([1.5]), ["1.5"]),
    ],
)
def test_a_level_has_one_name_whatever_stored_it(cells, expected):
    assert levels(cells).tolist() == expected
