from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from polysight.core.config import build, describe
from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import MISSING_KEY, Cells
from polysight.modalities import MODALITIES
from polysight.modalities.tabular.modality import Tabular

TABLE = pd.DataFrame(
    {
        "age": ["30", "40", "", "60", "50"],
        "zipcode": ["02139", "10001", "", "02139", "94110"],
        "smoker": ["yes", "no", "", "no", ""],
    }
)


def settled(frame=TABLE, **options):
    return Tabular(columns=tuple(frame.columns), **options).settle(Cells(frame, Path()))


def read(frame=TABLE, **options):
    return settled(**options).read(Cells(frame, Path()))


def test_settle_writes_down_which_columns_are_categorical():
    table = settled()
    assert table.categorical == ("zipcode", "smoker")
    assert table.numeric == ("age",)
    assert describe(table)["categorical"] == ["zipcode", "smoker"]


def test_the_user_decides_which_columns_are_categorical():
    assert settled(categorical=("age",)).categorical == ("age",)
    assert settled(categorical=()).numeric == tuple(TABLE.columns)
    with pytest.raises(ConfigError, match="smoker"):
        settled(categorical=("smokr",))


def test_reading_parts_numbers_from_categories_and_finds_the_empty_row():
    view = read()
    np.testing.assert_array_equal(view.arrays["numbers"], [[30], [40], [np.nan], [60], [50]])
    assert view.arrays["categories"].tolist()[1:3] == [["10001", "no"], ["", ""]]
    assert view.present.tolist() == [[True], [True], [False], [True], [True]]
    assert view.keys[2] == MISSING_KEY
    assert view.problems == ()


def test_equal_rows_have_equal_keys_and_others_do_not():
    frame = pd.concat([TABLE.iloc[:2], TABLE.iloc[:1], TABLE.iloc[:1].assign(smoker="")])
    keys = read(frame).keys
    assert keys[0] == keys[2]
    assert len(set(keys)) == 3


def test_a_word_in_a_number_column_is_missing_and_reported():
    frame = TABLE.assign(age=["30", "forty", "inf", "60", "50"])
    view = read(frame)
    assert [(p.row, p.column, p.code) for p in view.problems] == [
        (1, "age", "not_a_number"),
        (2, "age", "not_a_number"),
    ]
    assert "forty" in view.problems[0].reason
    assert np.isnan(view.arrays["numbers"][1:3, 0]).all()


def test_typed_tables_read_like_written_ones():
    typed = pd.DataFrame(
        {"age": [30, 40, np.nan, 60, 50], "zipcode": ["02139", "10001", None, "02139", "94110"], "smoker": TABLE.smoker}
    )
    assert (read(typed).keys == read().keys).all()


def test_a_column_that_is_gone_is_missing():
    frame = TABLE.drop(columns="age").reindex(columns=TABLE.columns)
    view = read(frame)
    assert np.isnan(view.arrays["numbers"]).all()
    assert view.present[:, 0].tolist() == [True, True, False, True, True]


def test_networks_get_scores_indicators_and_codes():
    table, view = settled(), read()
    arrays = table.fit(view).transform(view)
    assert {name: (a.dtype.name, a.shape) for name, a in arrays.items()} == {
        "numbers": ("float32", (5, 1)),
        "missing": ("bool", (5, 1)),
        "categories": ("int64", (5, 2)),
    }
    assert arrays["categories"].tolist() == [[2, 3], [3, 2], [0, 0], [2, 2], [4, 0]]
    assert arrays["missing"][:, 0].tolist() == [False, False, True, False, False]
    assert arrays["numbers"][:, 0].argsort(kind="stable").tolist() == [0, 1, 2, 4, 3]


def test_levels_beyond_the_most_frequent_and_unseen_ones_share_a_code():
    table = settled(max_levels=1)
    fitted = table.fit(read())
    new = TABLE.iloc[:1].assign(zipcode="99999", smoker="sometimes")
    assert fitted.levels == (("02139",), ("no",))
    assert fitted.transform(fitted.read(Cells(new, Path())))["categories"].tolist() == [[1, 1]]


def test_order_of_use_is_checked():
    with pytest.raises(NotFittedError, match="settle"):
        Tabular(columns=("age",)).read(Cells(TABLE, Path()))
    with pytest.raises(NotFittedError, match="fit"):
        settled().transform(read())


def test_options_are_checked():
    with pytest.raises(ConfigError, match="max_levels"):
        Tabular(max_levels=0)
    with pytest.raises(ConfigError, match="column_dropout"):
        Tabular(augment=("columm_dropout",))
    assert build(MODALITIES, {"kind": "tabular", "columns": ["a"]}) == Tabular(columns=("a",))


@pytest.mark.parametrize(
    ("column", "low", "high", "role"),
    [
        (["1", "2.5", "", "1e3"], 0.9, 0.9, "numeric"),
        (["red", "blue", "green"] * 10, 0.6, 0.9, "categorical"),
        ([True, False] * 10, 0.7, 0.9, "categorical"),
        ([f"brand {i}" for i in range(30)], 0.3, 0.5, "categorical"),
        (pd.date_range("2020-01-01", periods=20), 0.9, 0.9, "numeric"),
        ([[1, 2], [3, 4]], 0, 0, ""),
        (["", None], 0, 0, ""),
    ],
)
def test_table_columns_are_recognised(column, low, high, role):
    match = Tabular.sniff(pd.Series(column), Path())
    assert low <= match.score <= high
    assert match.role == role
