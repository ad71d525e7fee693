"""Columns of tables: those that are filled, hidden by being missing."""

import json
from pathlib import Path

import numpy as np
import pandas as pd

from polysight.data.view import Cells
from polysight.modalities.tabular.modality import Tabular
from polysight.modalities.tabular.usual import usual_levels, usual_numbers

COLUMNS = ("age", "site", "dose", "ward")


def read(*values):
    frame = pd.DataFrame([dict(zip(COLUMNS, values, strict=True))], dtype=object)
    modality = Tabular(columns=COLUMNS, categorical=("site", "ward"))
    return modality, modality.read(Cells(frame, Path()))


def test_a_hidden_column_is_a_missing_cell_where_nothing_is_known():
    modality, row = read("31", "north", "2.5", "b")
    units = modality.units(row)
    assert units.labels == ("age", "dose", "site", "ward")
    hidden = units.hidden(np.array([[True, False, True, False], [False, True, False, True]]))
    np.testing.assert_array_equal(hidden.arrays["numbers"], [[31, np.nan], [np.nan, 2.5]])
    assert hidden.arrays["categories"].tolist() == [["north", ""], ["", "b"]]
    for place, cells in enumerate([("31", "north", "", ""), ("", "", "2.5", "b")]):
        _, expected = read(*cells)
        np.testing.assert_array_equal(hidden.arrays["numbers"][place], expected.arrays["numbers"][0])
        np.testing.assert_array_equal(hidden.arrays["categories"][place], expected.arrays["categories"][0])


def test_empty_cells_are_no_units():
    modality, row = read("", "north", "2.5", "")
    assert modality.units(row).labels == ("dose", "site")


def test_usual_numbers_are_those_of_equal_shares_with_gaps_in_their_share():
    numbers = np.column_stack([np.arange(100.0)[::-1], np.where(np.arange(100) < 30, np.nan, np.arange(100.0))])
    usual = usual_numbers(numbers)
    assert sorted(usual[:, 0].tolist()) == [12, 37, 62, 87]
    np.testing.assert_array_equal(np.isnan(usual[:, 1]).sum(), 1)
    # Columns begin with different shares.
    assert np.argsort(usual[:, 0])[0] != np.argsort(usual[:, 1])[0]
    assert usual_numbers(np.empty((5, 0))).shape == (4, 0)


def test_usual_levels_are_those_of_equal_shares_the_most_frequent_first():
    levels = np.array([["a"] * 10 + ["b"] * 6 + [""] * 4, list("xy") * 10], dtype=object).T
    usual = usual_levels(levels)
    assert sorted(row[0] for row in usual) == ["", "a", "a", "b"]
    assert sorted(row[1] for row in usual) == ["x", "x", "y", "y"]
    assert usual_levels(np.empty((3, 0), dtype=object)) == ((), (), (), ())


def settled():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.integers(20, 80, 50).astype(str), "site": rng.choice(["north", "south"], 50)})
    modality = Tabular(columns=("age", "site")).settle(Cells(frame, Path()))
    return modality, modality.read(Cells(frame.iloc[:1], Path()))


def test_a_settled_table_hides_by_usual_values_in_turn():
    modality, row = settled()
    assert modality.categorical == ("site",)
    units = modality.units(row)
    nothing = [version.hidden(np.zeros((1, 2), dtype=bool)) for version in units.versions]
    assert len(nothing) == 4
    ages = [view.arrays["numbers"][0, 0] for view in nothing]
    assert len(set(ages)) == 4
    assert min(ages) < 40 < 60 < max(ages)
    assert {view.arrays["categories"][0, 0] for view in nothing} == {"north", "south"}
    assert len({bytes(view.keys[0]) for view in nothing}) == 4
    for version in units.versions:
        np.testing.assert_array_equal(version.hidden(np.ones((1, 2), dtype=bool)).keys, row.keys)
        kept = version.hidden(np.array([[True, False]])).arrays["numbers"]
        np.testing.assert_array_equal(kept, row.arrays["numbers"])


def test_usual_rows_come_back_from_a_state_and_stay_when_settled_again():
    modality, _ = settled()
    back = Tabular.from_state(json.loads(json.dumps(modality.to_state(), default=lambda array: array.tolist())))
    assert back.usual_levels == modality.usual_levels
    again = modality.settle(Cells(pd.DataFrame({"age": ["1", "2"], "site": ["x", "y"]}), Path()))
    np.testing.assert_array_equal(again.usual_numbers, modality.usual_numbers)


def test_a_table_without_a_filled_cell_has_no_usual_rows():
    empty = Tabular(columns=("age",), categorical=()).settle(Cells(pd.DataFrame({"age": ["", ""]}), Path()))
    assert empty.usual_numbers is None
