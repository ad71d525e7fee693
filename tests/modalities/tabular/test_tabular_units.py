"""Columns of tables: those that are filled, hidden by being missing."""

from pathlib import Path

import numpy as np
import pandas as pd

from polysight.data.view import Cells
from polysight.modalities.tabular.modality import Tabular

COLUMNS = ("age", "site", "dose", "ward")


def read(*values):
    frame = pd.DataFrame([dict(zip(COLUMNS, values, strict=True))], dtype=object)
    modality = Tabular(columns=COLUMNS, categorical=("site", "ward"))
    return modality, modality.read(Cells(frame, Path()))


def test_a_hidden_column_is_a_missing_cell():
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
