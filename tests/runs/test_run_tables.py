"""The tables of a run: every row answered in order, every problem told, every format the same."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from polysight import FeatureClassifier
from polysight.core.errors import ConfigError
from polysight.data.view import Problem
from polysight.runs.tables import answer_table, problem_texts, write_csv, write_set_aside, write_table

CLASSES = np.array(["NA", "猫"])
PROBABILITIES = np.array([[0.25, 0.75], [0.6, 0.4], [1 / 3, 2 / 3]])


def model() -> FeatureClassifier:
    """A classifier that knows its classes, which is all that a table of predictions asks of it."""
    learner = FeatureClassifier()
    learner.classes_ = CLASSES
    return learner


def test_predictions_have_a_row_an_input_row_and_a_column_a_class() -> None:
    table = answer_table(model(), PROBABILITIES, ["", "nothing_readable", ""])
    assert list(table.columns) == ["prediction", "probability_NA", "probability_猫", "problems"]
    assert table["prediction"].tolist() == ["猫", "NA", "猫"]
    np.testing.assert_array_equal(table[["probability_NA", "probability_猫"]].to_numpy(), PROBABILITIES)


def test_problems_are_told_by_row_of_the_table() -> None:
    present = np.array([[True, True], [False, False], [True, False]])
    problems = [
        Problem(7, "scan", "a;b.png", "truncated", "cut off"),
        Problem(7, "sound", "b.wav", "not_found", "no such file"),
        Problem(3, "scan", "c.png", "not_found", "no such file"),
        Problem(99, "scan", "d.png", "not_found", "a row that is not asked for"),
    ]
    texts = problem_texts(present, problems, np.array([7, 4, 3]))
    assert texts == [
        "scan: truncated (a,b.png); sound: not_found (b.wav)",
        "nothing_readable",
        "scan: not_found (c.png)",
    ]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_every_format_holds_the_same(tmp_path: Path, suffix: str) -> None:
    table = answer_table(model(), PROBABILITIES, ["", "nothing_readable", "a; b"])
    path = tmp_path / f"out{suffix}"
    write_table(table, path)
    readers = {
        ".csv": lambda p: pd.read_csv(p, keep_default_na=False),
        ".jsonl": lambda p: pd.read_json(p, lines=True),
        ".parquet": pd.read_parquet,
    }
    back = readers[suffix](path)
    assert back["prediction"].tolist() == ["猫", "NA", "猫"]
    assert back["problems"].tolist() == ["", "nothing_readable", "a; b"]
    np.testing.assert_allclose(back[["probability_NA", "probability_猫"]].to_numpy(), PROBABILITIES, atol=1e-14)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_an_unknown_format_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"end it in \.csv, \.jsonl, \.parquet"):
        write_table(pd.DataFrame({"a": [1]}), tmp_path / "out.xlsx")
    assert not list(tmp_path.iterdir())


def test_set_aside_is_in_order_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "set_aside.csv"
    write_set_aside(path, [Problem(10, "b", "", "no_label", "r"), Problem(2, "a", "x,y", "not_found", "r", "fix")])
    assert path.read_text() == 'row,column,file,code,reason,fix\n2,a,"x,y",not_found,r,fix\n10,b,,no_label,r,\n'
    write_csv(path, ("a",), [])
    assert path.read_text() == "a\n"
