import doctest
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.data import columns, media, parts
from polysight.data.columns import as_numbers, column_type, missing


@pytest.mark.parametrize("module", [columns, media, parts])
def test_examples_in_docstrings_hold(module):
    assert doctest.testmod(module).failed == 0


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.none(), min_size=1))
def test_numbers_written_by_python_come_back_exactly(numbers):
    written = pd.Series([None if number is None else repr(number) for number in numbers], dtype="str")
    values, bad = as_numbers(written)
    np.testing.assert_array_equal(values, np.array([np.nan if n is None else n for n in numbers]))
    assert not bad.any()


@pytest.mark.parametrize("cell", ["inf", "-Infinity", "nan", "NA", "1,5", "1,234", "0x10", "1_000", "12 mg", "-"])
def test_what_is_no_finite_number_is_bad_and_not_replaced(cell):
    values, bad = as_numbers(pd.Series([cell, "1"]))
    assert np.isnan(values[0])
    assert bad.tolist() == [True, False]


def test_numbers_of_native_types():
    assert as_numbers(pd.Series([1, None], dtype="Int64")).values.tolist()[0] == 1
    assert as_numbers(pd.Series([np.inf, 2.0])).bad.tolist() == [True, False]
    assert as_numbers(pd.Series([[1], {"a": 1}, 3, None], dtype=object)).bad.tolist() == [True, True, False, False]
    assert as_numbers(pd.Series([True, False])).values.tolist() == [1, 0]
    assert as_numbers(pd.Series(pd.to_datetime(["2024-01-01", None]))).bad.tolist() == [True, False]
    assert as_numbers(pd.Series(["1.5", "x"], dtype="category")).values[0] == 1.5


@pytest.mark.parametrize("dtype", [object, "str"])
def test_blank_cells_are_missing_and_words_are_not(dtype):
    cells = pd.Series(["", " \t", None, "NA", "null", "0"], dtype=dtype)
    assert missing(cells).tolist() == [True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("age", ["31", "40", "25"], "numeric"),
        ("age", ["31", "n/a", *["25"] * 18], "numeric"),
        ("age", ["31", "unknown", "none", "old"], "categorical"),
        ("colour", ["red", "blue"], "categorical"),
        ("month", ["01", "02", "11"], "categorical"),
        ("share", ["0.5", "0.25"], "numeric"),
        ("zipcode", ["85255", "8525"], "categorical"),
        ("ZipCode", ["85255", "85256"], "categorical"),
        ("邮政编码", ["100080", "200030"], "categorical"),
        ("患者编号", ["12", "13"], "categorical"),
        ("客户年龄", ["12", "13"], "numeric"),
        ("patient_id", ["12", "13"], "categorical"),
        ("customer_age", ["12", "13"], "numeric"),
        ("key_rate", ["12", "13"], "numeric"),
        ("id", ["1.5", "2.5"], "numeric"),
        ("area", ["85255", "85256", "91901"] * 4, "categorical"),
        ("salary", ["85000", "42500", "91200"] * 4, "numeric"),
        ("area", ["85255", "85256", "91901"], "numeric"),
        ("empty", [None, ""], "numeric"),
    ],
)
def test_type_of_a_column_from_its_values_and_its_name(name, cells, expected):
    assert column_type(pd.Series(cells, name=name, dtype="str")) == expected
    assert column_type(pd.Series(cells, name=name, dtype=object)) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (pd.Series([True, False]), "categorical"),
        (pd.Series([True, None], dtype=object), "categorical"),
        (pd.Series(["1", "2"], dtype="category"), "categorical"),
        (pd.Series([85255.0, np.nan, 85256.0], name="zip"), "categorical"),
        (pd.Series([1, 2]), "numeric"),
        (pd.Series(pd.to_datetime(["2024-01-01", "2024-01-02"])), "numeric"),
        (pd.Series([date(2024, 1, 1), None], dtype=object), "numeric"),
    ],
)
def test_type_of_a_column_of_native_types(cells, expected):
    assert column_type(cells) == expected
