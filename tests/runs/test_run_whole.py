"""A whole run: every file of the contract, numbers that agree with each other, the same again from config.yaml."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from small_runs import metrics_of

from polysight import load_model
from polysight.cli import main
from polysight.report.words import words

CONTRACT = {
    "config.yaml",
    "environment.json",
    "data.json",
    "health.json",
    "splits.csv",
    "set_aside.csv",
    "events.jsonl",
    "checkpoints",
    "figures",
    "model",
    "metrics.json",
    "predictions.csv",
    "report.html",
}


def test_the_folder_holds_what_the_contract_names(made: Path) -> None:
    run = made / "run"
    assert {path.name for path in run.iterdir()} >= CONTRACT
    data = json.loads((run / "data.json").read_text())
    assert data["rows"] == 66
    assert {name: column["role"] for name, column in data["columns"].items()} == {
        "photo": "image",
        "note": "text",
        "side": "target",
    }
    events = [json.loads(line)["event"] for line in (run / "events.jsonl").read_text().splitlines()]
    assert events[0] == "run_started"
    assert events[-1] == "run_finished"
    assert json.loads((run / "environment.json").read_text())["packages"]["numpy"] == np.__version__


def test_checkpoints_are_given_back_when_the_run_is_finished(made: Path) -> None:
    assert not list((made / "run" / "checkpoints").iterdir())


def test_every_row_is_used_or_set_aside_with_its_reason(made: Path) -> None:
    splits = pd.read_csv(made / "run" / "splits.csv", keep_default_na=False)
    parts = splits["part"].value_counts().to_dict()
    assert parts == {"train": 64, "set_aside": 2, "test": 40}
    assert set(splits.loc[splits["part"] == "train", "fold"]) == {"0", "1", "2", "3"}
    aside = pd.read_csv(made / "run" / "set_aside.csv", keep_default_na=False)
    assert aside.set_index("row")["code"].to_dict().items() >= {64: "nothing_readable", 65: "no_label"}.items()
    torn = aside[aside["row"] == 3].iloc[0]
    assert (torn["column"], torn["file"]) == ("photo", "images/train_3.png")


def test_metrics_agree_with_predictions(made: Path) -> None:
    metrics = json.loads((made / "run" / "metrics.json").read_text())
    predictions = pd.read_csv(made / "run" / "predictions.csv", keep_default_na=False)
    assert list(predictions.columns) == [
        "row",
        "target",
        "prediction",
        "probability_left",
        "probability_right",
        "problems",
    ]
    accuracy = (predictions["target"] == predictions["prediction"]).mean()
    assert metrics["metrics"]["accuracy"]["value"] == pytest.approx(accuracy)
    assert accuracy > 0.75
    assert (metrics["n"], metrics["evaluated_on"]) == (40, "test")
    assert set(metrics["baselines"]) == {"majority", "photo only", "note only"}
    assert set(metrics["missing"]) == {"without photo", "without note"}
    assert metrics["leaderboard"]
    assert set(metrics["seconds"]) == {"fit", "predict"}


def test_config_yaml_runs_it_again_to_the_same_numbers(made: Path) -> None:
    config = made / "run" / "config.yaml"
    settings = yaml.safe_load(config.read_text())
    assert settings["table"] == "../train.csv"
    assert set(settings["inputs"]) == {"photo", "note"}
    assert main(["train", "--config", str(config), "--out", str(made / "again"), "-q", "--json"]) == 0
    assert metrics_of(made / "again") == metrics_of(made / "run")
    assert (made / "again" / "predictions.csv").read_text() == (made / "run" / "predictions.csv").read_text()


def test_the_report_in_chinese_leaves_no_reason_in_english(made: Path) -> None:
    w = words("zh")
    board = json.loads((made / "run" / "metrics.json").read_text())["leaderboard"]
    columns = json.loads((made / "run" / "data.json").read_text())["columns"]
    reasons = [member["reason"] for member in board if member["member"] != "ensemble"]
    reasons += [column["reason"] for column in columns.values()]
    assert all(reasons)
    assert [reason for reason in reasons if w.reason(reason) == reason] == []


def test_evaluate_says_what_the_run_said(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = made / "evaluated"
    assert main(["evaluate", str(made / "run"), str(made / "test.csv"), "--json", "-q", "--out", str(out)]) == 0
    answer = json.loads(capsys.readouterr().out)
    first = metrics_of(made / "run")
    for part in ("n", "metrics", "per_class", "confusion", "baselines", "missing", "fusion_gain"):
        assert answer[part] == first[part], part
    written = (out / "predictions.csv").read_text()
    assert written == (made / "run" / "predictions.csv").read_text()


def test_predict_answers_every_row_in_order(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = pd.read_csv(made / "test.csv", keep_default_na=False)
    rows.loc[1, ["photo", "note"]] = ""
    rows.loc[2, "photo"] = "images/none.png"
    rows.drop(columns="side").to_csv(made / "ask.csv", index=False)
    model, table = str(made / "run" / "model"), str(made / "ask.csv")
    assert main(["predict", model, table, "-q"]) == 0
    (made / "stdout.csv").write_text(capsys.readouterr().out)
    assert main(["predict", str(made / "run"), table, "-o", str(made / "out.parquet"), "-q", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "rows": 40,
        "rows_with_problems": 2,
        "out": str(made / "out.parquet"),
    }
    told = pd.read_csv(made / "stdout.csv", keep_default_na=False)
    kept = pd.read_parquet(made / "out.parquet")
    measured = pd.read_csv(made / "run" / "predictions.csv", keep_default_na=False)
    probabilities = ["probability_left", "probability_right"]
    assert told["problems"][1] == "nothing_readable"
    assert told["problems"][2] == "photo: not_found (images/none.png)"
    untouched = np.r_[0, 3:40]
    for table_ in (told, kept):
        found = table_.loc[untouched, probabilities].to_numpy()
        np.testing.assert_allclose(found, measured.loc[untouched, probabilities].to_numpy(), atol=1e-6)
    np.testing.assert_allclose(told.loc[1, probabilities].astype(float).sum(), 1.0)


@pytest.mark.parametrize("verb", ["predict", "evaluate"])
def test_a_device_is_where_the_model_runs(made: Path, verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [verb, str(made / "run"), str(made / "test.csv"), "-q"]
    assert main([*arguments, "--device", "cpu"]) == 0
    assert main([*arguments, "--device", "gpu"]) == 2
    assert "there is no device 'gpu'" in capsys.readouterr().err


def test_few_rows_without_a_test_table_are_measured_by_nested_folds(made: Path) -> None:
    run = made / "nested"
    table = str(made / "test.csv")
    learner = ["--set", "learner.kind=features"]
    assert main(["train", table, "--target", "side", *learner, "--out", str(run), "-q", "--json", "--refit"]) == 0
    metrics = json.loads((run / "metrics.json").read_text())
    assert (metrics["n"], metrics["evaluated_on"]) == (40, "nested_cv")
    # Explanations are tested on one of the models that judged, and say so.
    assert metrics["faithfulness"]
    assert all(stamp["of_another"] for stamp in metrics["faithfulness"].values())
    assert load_model(run / "model").faithfulness_ == metrics["faithfulness"]
    assert "had not learned from these rows" in (run / "report.html").read_text()
    splits = pd.read_csv(run / "splits.csv")
    assert splits["fold"].value_counts().to_dict() == dict.fromkeys(range(5), 8)
    assert len(pd.read_csv(run / "predictions.csv")) == 40


def test_a_refitted_model_has_learned_from_all_rows_and_says_whose_tests_it_carries(tmp_path: Path) -> None:
    dice = np.random.default_rng(0)
    frame = pd.DataFrame(dice.normal(size=(220, 3)).round(3), columns=["height", "width", "depth"])
    frame["side"] = np.where(frame["height"] + frame["width"] + dice.normal(size=220) > 0, "up", "down")
    frame.to_csv(tmp_path / "table.csv", index=False)
    runs = {name: tmp_path / name for name in ("plain", "refit")}
    for name, run in runs.items():
        more = ["--refit"] if name == "refit" else []
        table, learner = str(tmp_path / "table.csv"), ["--set", "learner.kind=features"]
        assert main(["train", table, "--target", "side", *learner, "--out", str(run), "-q", *more]) == 0
    plain, refit = (load_model(run / "model") for run in runs.values())
    assert metrics_of(runs["refit"])["metrics"] == metrics_of(runs["plain"])["metrics"]
    assert (plain.predict_proba(frame) != refit.predict_proba(frame)).any()
    assert plain.faithfulness_["table"].items() <= refit.faithfulness_["table"].items()
    assert refit.faithfulness_["table"]["of_another"] is True
    assert "had not learned from these rows" in refit.explain(frame.head(1), methods=()).to_html()
    assert "had not learned from these rows" not in plain.explain(frame.head(1), methods=()).to_html()
