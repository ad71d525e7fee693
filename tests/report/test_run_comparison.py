"""Two run folders: compared where they are about the same rows, refused with a reason where they are not."""

import json

import pandas as pd
import pytest
import yaml
from run_folders import NAMES, write_run

from polysight.core.errors import DataError, MissingFileError
from polysight.core.files import write_json
from polysight.report.run_comparison import compare_runs

ROWS = 120


@pytest.fixture
def two(tmp_path):
    """A run, and one that said something else of every fifth row."""
    a, b = (write_run(tmp_path / name, rows=ROWS) for name in ("first", "second"))
    table = predictions(b)
    worse = table.index % 5 == 0
    columns = [f"probability_{name}" for name in NAMES]
    table.loc[worse, columns] = table.loc[worse, columns[1:] + columns[:1]].to_numpy()
    table["prediction"] = [NAMES[i] for i in table[columns].astype(float).to_numpy().argmax(axis=1)]
    table.to_csv(b / "predictions.csv", index=False)
    return a, b


def predictions(folder):
    return pd.read_csv(folder / "predictions.csv", dtype=str, keep_default_na=False)


def test_runs_are_compared_row_by_row_in_whatever_order_they_are_written(two):
    a, b = two
    found = compare_runs(a, b)
    assert found["runs"] == ["first", "second"]
    assert found["rows"] == ROWS
    tables = predictions(a), predictions(b)
    right = [table["prediction"] == table["target"] for table in tables]
    assert found["mcnemar"]["only_a"] == int((right[0] & ~right[1]).sum())
    assert found["metrics"]["accuracy"]["a"]["value"] == pytest.approx(right[0].mean())
    assert found["metrics"]["accuracy"]["difference"]["value"] == pytest.approx(right[1].mean() - right[0].mean())
    assert found["verdict"] == "a_better"
    tables[1].iloc[::-1].to_csv(b / "predictions.csv", index=False)
    assert compare_runs(a, b) == found


def test_groups_are_those_of_the_run(two):
    grouped = compare_runs(*two)
    for folder in two:
        splits = pd.read_csv(folder / "splits.csv", dtype=str, keep_default_na=False)
        splits.assign(group="").to_csv(folder / "splits.csv", index=False)
    apart = compare_runs(*two)
    assert apart["metrics"]["accuracy"]["a"]["value"] == grouped["metrics"]["accuracy"]["a"]["value"]
    assert apart["metrics"]["accuracy"]["a"]["low"] != grouped["metrics"]["accuracy"]["a"]["low"]


def test_other_rows_other_truths_and_other_tables_are_refused(two):
    a, b = two
    table = predictions(b)
    table.iloc[:-1].to_csv(b / "predictions.csv", index=False)
    with pytest.raises(DataError, match="are about different rows: 120 and 119, of which 119 are the same"):
        compare_runs(a, b)
    wrong = table.assign(target=[NAMES[1] if i == 0 else name for i, name in enumerate(table["target"])])
    wrong.loc[0, "target"] = NAMES[(NAMES.index(table["target"][0]) + 1) % len(NAMES)]
    wrong.to_csv(b / "predictions.csv", index=False)
    with pytest.raises(DataError, match="do not agree on what row 0 is"):
        compare_runs(a, b)
    (b / "config.yaml").write_text(yaml.safe_dump({"table": "others.csv"}))
    with pytest.raises(DataError, match=r"different tables: products\.csv, others\.csv"):
        compare_runs(a, b)


def test_what_is_no_finished_classification_is_refused(two):
    a, b = two
    with pytest.raises(MissingFileError):
        compare_runs(a, a.parent / "nowhere")
    table = predictions(b)
    table.assign(**{f"probability_{NAMES[0]}": "half"}).to_csv(b / "predictions.csv", index=False)
    with pytest.raises(DataError, match="is damaged"):
        compare_runs(a, b)
    table.drop(columns="target").to_csv(b / "predictions.csv", index=False)
    with pytest.raises(DataError, match="no classification of one target"):
        compare_runs(a, b)
    (b / "predictions.csv").unlink()
    with pytest.raises(DataError, match="no predictions yet"):
        compare_runs(a, b)


def test_a_class_that_one_run_does_not_know_has_no_probability_there(two):
    a, b = two
    table = predictions(b)
    last = table.pop(f"probability_{NAMES[-1]}").astype(float)
    rest = table[[f"probability_{name}" for name in NAMES[:-1]]].astype(float)
    shares = rest.div(1 - last.clip(upper=0.999), axis=0)
    table[rest.columns] = shares.div(shares.sum(axis=1), axis=0)
    table["prediction"] = [NAMES[i] for i in shares.to_numpy().argmax(axis=1)]
    table.to_csv(b / "predictions.csv", index=False)
    metrics = json.loads((b / "metrics.json").read_text())
    metrics["classes"] = NAMES[:-1]
    write_json(b / "metrics.json", metrics)
    found = compare_runs(a, b)
    assert found["rows"] == ROWS
    assert found["metrics"]["log_loss"]["b"]["value"] > found["metrics"]["log_loss"]["a"]["value"]
