"""Runs that predict amounts, labels or several targets: from the table to the folder, and the model asked again."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.metrics import mean_absolute_error

from polysight.cli import main
from small_targets import small_targets

FAST = ["--set", "learner.kind=features", "-q", "--json"]
RUNS = {
    "amount": ["--target", "amount", "--ignore", "label", "--ignore", "tags"],
    "tags": ["--target", "tags", "--task", "multilabel", "--ignore", "label", "--ignore", "amount"],
    "several": ["--target", "label", "--target", "amount", "--ignore", "tags", "--group", "site"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Tables, and a run for each kind of target."""
    made = tmp_path_factory.mktemp("targets")
    small_targets(rows=110).to_csv(made / "train.csv", index=False)
    small_targets(rows=50, seed=1).to_csv(made / "test.csv", index=False)
    for name, options in RUNS.items():
        tables = [str(made / "train.csv"), "--test", str(made / "test.csv")]
        assert main(["train", *tables, *options, *FAST, "--out", str(made / name)]) == 0
    return made


def metrics_of(run: Path) -> dict:
    return json.loads((run / "metrics.json").read_text())


@pytest.mark.parametrize("name", RUNS)
class TestEveryRun:
    def test_has_all_files(self, folder, name):
        found = {path.name for path in (folder / name).iterdir()}
        assert {"config.yaml", "data.json", "splits.csv", "metrics.json", "predictions.csv", "report.html"} <= found

    def test_evaluating_the_model_again_gives_the_same_numbers(self, folder, name, tmp_path, capsys):
        assert main(["evaluate", str(folder / name), str(folder / "test.csv"), "--json", "--out", str(tmp_path)]) == 0
        assert json.loads(capsys.readouterr().out)["metrics"] == metrics_of(folder / name)["metrics"]
        both = [(place / "predictions.csv").read_text() for place in (tmp_path, folder / name)]
        assert both[0] == both[1]

    def test_predictions_are_those_of_the_run(self, folder, name, tmp_path):
        out = tmp_path / "out.csv"
        assert main(["predict", str(folder / name), str(folder / "test.csv"), "-o", str(out), "-q"]) == 0
        again, first = pd.read_csv(out), pd.read_csv(folder / name / "predictions.csv")
        pd.testing.assert_frame_equal(again, first[list(again.columns)])

    def test_its_configuration_runs_it_again(self, folder, name, tmp_path):
        config = folder / name / "config.yaml"
        assert main(["train", "--config", str(config), "--out", str(tmp_path / "again"), "-q", "--json"]) == 0
        again, first = metrics_of(tmp_path / "again"), metrics_of(folder / name)
        assert again["metrics"] == first["metrics"]

    def test_the_report_speaks_both_languages(self, folder, name, capsys):
        for lang in ("en", "zh"):
            assert main(["report", str(folder / name), "--lang", lang, "-q"]) == 0
            page = (folder / name / "report.html").read_text()
            assert "NaN" not in page
            assert page.count("<section") >= 6

    def test_the_terminal_is_told_the_numbers(self, folder, name, capsys):
        assert main(["evaluate", str(folder / name), str(folder / "test.csv"), "-q"]) == 0
        said = capsys.readouterr().out
        assert "best single input" in said
        assert "without note" in said


def test_the_metrics_of_amounts_are_those_of_the_contract(folder):
    metrics, predictions = metrics_of(folder / "amount"), pd.read_csv(folder / "amount" / "predictions.csv")
    assert metrics["task"] == "regression"
    assert list(metrics["metrics"]) == ["mae", "rmse", "r2"]
    assert list(metrics["baselines"]) == ["mean", "note only", "table only"]
    expected = mean_absolute_error(predictions["target"], predictions["prediction"])
    assert metrics["metrics"]["mae"]["value"] == pytest.approx(expected)
    assert metrics["metrics"]["mae"]["high"] < metrics["baselines"]["mean"]["low"]
    assert list(predictions.columns) == ["row", "target", "prediction", "problems"]


def test_amounts_are_drawn_against_the_truth(folder):
    assert (folder / "amount" / "figures" / "predicted.png").exists()
    assert not (folder / "amount" / "figures" / "confusion.png").exists()
    assert (folder / "amount" / "report.html").read_text().count("<circle") == 50


def test_labels_have_their_own_numbers_and_columns(folder):
    metrics = metrics_of(folder / "tags")
    assert metrics["task"] == "multilabel"
    assert set(metrics["per_label"]) == {"tall", "warm"}
    predictions = pd.read_csv(folder / "tags" / "predictions.csv", keep_default_na=False)
    assert {"probability_tall", "probability_warm"} <= set(predictions.columns)
    assert set(predictions["target"]) == {"", "tall", "warm", "warm|tall"}
    data = json.loads((folder / "tags" / "data.json").read_text())
    assert set(data["classes"]) == {"tall", "warm"}
    # An empty cell is no label, and no reason to set a row aside.
    assert data["rows_used"] >= 105


def test_several_targets_are_measured_one_by_one(folder):
    metrics = metrics_of(folder / "several")
    assert metrics["task"] == "multitask"
    assert {name: part["task"] for name, part in metrics["targets"].items()} == {
        "label": "classification",
        "amount": "regression",
    }
    assert metrics["metrics"]["amount.mae"] == metrics["targets"]["amount"]["metrics"]["mae"]
    config = yaml.safe_load((folder / "several" / "config.yaml").read_text())
    assert config["target"] == ["label", "amount"]
    data = json.loads((folder / "several" / "data.json").read_text())
    assert [n for n, c in data["columns"].items() if c["role"] == "target"] == ["label", "amount"]
    predictions = pd.read_csv(folder / "several" / "predictions.csv")
    assert {"target_label", "prediction_amount", "probability_label_a"} <= set(predictions.columns)


def test_what_the_target_is_taken_for_is_printed(folder, tmp_path, capsys):
    table = [str(folder / "train.csv"), "--set", "learner.kind=features"]
    assert main(["train", *table, *RUNS["amount"], "--out", str(tmp_path / "run"), "--json"]) == 0
    assert "regression of amount" in capsys.readouterr().err


def test_few_rows_are_measured_by_nested_folds(folder, tmp_path):
    run = tmp_path / "nested"
    assert main(["train", str(folder / "train.csv"), *RUNS["amount"], *FAST, "--out", str(run)]) == 0
    metrics = metrics_of(run)
    assert (metrics["evaluated_on"], metrics["n"]) == ("nested_cv", len(pd.read_csv(run / "predictions.csv")))


def test_init_writes_a_file_that_train_takes(folder, tmp_path, capsys):
    path = tmp_path / "polysight.yaml"
    assert main(["init", str(folder / "train.csv"), *RUNS["several"], "-o", str(path), "-q"]) == 0
    settings = yaml.safe_load(path.read_text())
    assert settings["target"] == ["label", "amount"]
    assert set(settings["inputs"]) == {"note", "table"}


def test_a_classifier_does_not_take_amounts(folder, tmp_path, capsys):
    options = [*RUNS["amount"], "--set", "learner.kind=late", "--out", str(tmp_path / "run")]
    assert main(["train", str(folder / "train.csv"), *options]) == 2
    assert "late is a classifier" in capsys.readouterr().err


def test_words_are_no_amounts(folder, tmp_path, capsys):
    options = ["--target", "label", "--task", "regression", "--out", str(tmp_path / "run")]
    assert main(["train", str(folder / "train.csv"), *options]) == 65
    assert "is no number" in capsys.readouterr().err


def test_advice_says_that_it_is_for_classification(folder, capsys):
    assert main(["advise", str(folder / "train.csv"), *RUNS["amount"]]) == 2
    assert "classification only" in capsys.readouterr().err


def test_a_learner_of_any_target_takes_classes_too(folder, tmp_path):
    options = ["--target", "label", "--ignore", "amount", "--ignore", "tags", "--set", "learner.kind=target_features"]
    run = tmp_path / "run"
    assert main(["train", str(folder / "train.csv"), *options, "-q", "--json", "--out", str(run)]) == 0
    metrics = metrics_of(run)
    assert metrics["task"] == "classification"
    assert np.isfinite(metrics["metrics"]["accuracy"]["value"])
