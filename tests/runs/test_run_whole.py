"""A whole run: every file of the contract, numbers that agree with each other, the same again from config.yaml."""

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from PIL import Image

from polysight.cli import main
from polysight.core.events import listen

CONTRACT = {
    "config.yaml",
    "environment.json",
    "data.json",
    "splits.csv",
    "set_aside.csv",
    "events.jsonl",
    "model",
    "metrics.json",
    "predictions.csv",
    "report.html",
}
WORDS = {"left": ("cold", "north", "early"), "right": ("warm", "south", "late")}


def write_table(folder: Path, name: str, rows: int, seed: int) -> None:
    """Pictures bright on one side and notes with words of that side; both are missing or wrong now and then."""
    rng = np.random.default_rng(seed)
    (folder / "images").mkdir(exist_ok=True)
    with (folder / f"{name}.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["photo", "note", "side"])
        for row in range(rows):
            side = ("left", "right")[row % 2]
            shown = side if rng.random() < 0.9 else "left"
            picture = rng.integers(0, 90, (12, 12))
            picture[:, slice(0, 6) if shown == "left" else slice(6, 12)] += 120
            path = f"images/{name}_{row}.png"
            Image.fromarray(picture.astype(np.uint8)).save(folder / path)
            told = side if rng.random() < 0.85 else "right"
            note = f"it was a {rng.choice(WORDS[told])} day with wind number {rng.integers(0, 30)}"
            writer.writerow(["" if row % 11 == 5 else path, "" if row % 13 == 6 else note, side])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    write_table(folder, "train", 64, seed=0)
    write_table(folder, "test", 40, seed=1)
    (folder / "images" / "train_3.png").write_bytes(b"\x89PNG cut off")
    lines = (folder / "train.csv").read_text().splitlines()
    (folder / "train.csv").write_text("\n".join([*lines, ",,left", f"{lines[1].rsplit(',', 1)[0]},"]) + "\n")
    arguments = [str(folder / "train.csv"), "--target", "side", "--test", str(folder / "test.csv")]
    assert main(["train", *arguments, "--preset", "quick", "--out", str(folder / "run"), "-q", "--json"]) == 0
    return folder


def metrics_of(run: Path) -> dict:
    metrics = json.loads((run / "metrics.json").read_text())
    metrics.pop("seconds")
    for entry in metrics["leaderboard"]:
        entry.pop("seconds")
    return metrics


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


def test_an_interrupted_run_keeps_what_is_finished_and_resumes_to_the_same_numbers(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = made / "interrupted"
    arguments = ["train", "--config", str(made / "run" / "config.yaml"), "--out", str(run), "--json"]

    def interrupt(name: str, facts: dict) -> None:
        if name == "member_finished":
            raise KeyboardInterrupt

    with listen(interrupt):
        assert main(arguments) == 130
    out, err = capsys.readouterr()
    assert f"kept in {run}; continue with --resume" in err
    assert out == ""
    assert not (run / "metrics.json").exists()
    assert main([*arguments, "--resume", "-q"]) == 0
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    resumed = [event["fold"] for event in events if event["event"] == "fold_resumed"]
    assert resumed == [0, 1, 2, 3]
    assert metrics_of(run) == metrics_of(made / "run")


def test_few_rows_without_a_test_table_are_measured_by_nested_folds(made: Path) -> None:
    run = made / "nested"
    table = str(made / "test.csv")
    learner = ["--set", "learner.kind=features"]
    assert main(["train", table, "--target", "side", *learner, "--out", str(run), "-q", "--json", "--refit"]) == 0
    metrics = json.loads((run / "metrics.json").read_text())
    assert (metrics["n"], metrics["evaluated_on"]) == (40, "nested_cv")
    splits = pd.read_csv(run / "splits.csv")
    assert splits["fold"].value_counts().to_dict() == dict.fromkeys(range(5), 8)
    assert len(pd.read_csv(run / "predictions.csv")) == 40
