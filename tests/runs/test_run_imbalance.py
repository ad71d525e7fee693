"""A run under a remedy: recall by class with and without it in metrics.json and the report, in both languages."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from polysight.cli import main
from polysight.report.build import build_report
from polysight.report.content import read_run

#: A learner of a second.
SMALL = ["--set", "learner.kind=features", "-q", "--json"]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(0)
    codes = rng.permutation(np.repeat([0, 1, 2], [180, 50, 20]))
    frame = pd.DataFrame({"x": rng.normal(1.2 * codes), "y": rng.normal(1.2 * codes)}).round(4)
    frame["label"] = np.array(["common", "middle", "rare"])[codes]
    path = tmp_path_factory.mktemp("uneven") / "train.csv"
    frame.to_csv(path, index=False)
    return path


def train(table: Path, out: Path, *options: str) -> dict:
    assert main(["train", str(table), "--target", "label", *SMALL, "--out", str(out), *options]) == 0
    return json.loads((out / "metrics.json").read_text())


@pytest.mark.parametrize("remedy", ["threshold", "class_weights"])
def test_recall_by_class_with_and_without(table, tmp_path, remedy):
    metrics = train(table, tmp_path / "run", "--imbalance", remedy)
    effect = metrics["imbalance"]
    assert effect["kind"] == remedy
    assert set(effect["recall"]) == {"common", "middle", "rare"}
    for label, found in effect["recall"].items():
        assert found["with"] == pytest.approx(metrics["per_class"][label]["recall"]["value"], abs=1e-8)
        assert found["gain"]["low"] <= found["gain"]["value"] <= found["gain"]["high"]
    plain = train(table, tmp_path / "plain")
    assert "imbalance" not in plain
    for label, found in effect["recall"].items():
        assert found["without"] == pytest.approx(plain["per_class"][label]["recall"]["value"], abs=1e-8)
    assert effect["recall_macro"]["with"] > effect["recall_macro"]["without"]
    predictions = pd.read_csv(tmp_path / "run" / "predictions.csv")
    assert (predictions["prediction"] == predictions["target"]).mean() == pytest.approx(effect["accuracy"]["with"])
    content = read_run(tmp_path / "run")
    assert f"What {remedy} did for rare classes" in build_report(content)
    chinese = build_report(content, lang="zh")
    assert f"{remedy} 对稀有类别的作用" in chinese
    assert "各类别平均" in chinese


def test_with_few_rows_both_are_judged_out_of_fold(table, tmp_path):
    few = tmp_path / "few.csv"
    pd.read_csv(table).head(150).to_csv(few, index=False)
    metrics = train(few, tmp_path / "run", "--imbalance", "over", "--set", "imbalance.share=0.5")
    assert metrics["evaluated_on"] == "nested_cv"
    assert {name: metrics["imbalance"][name] for name in ("kind", "share")} == {"kind": "over", "share": 0.5}
    support = {label: found["support"] for label, found in metrics["per_class"].items()}
    for label, found in metrics["imbalance"]["recall"].items():
        for which in ("with", "without"):
            assert found[which] * support[label] == pytest.approx(round(found[which] * support[label]))


def test_the_saved_model_decides_as_the_run_did(table, tmp_path, capsys):
    train(table, tmp_path / "run", "--imbalance", "threshold")
    capsys.readouterr()
    assert main(["predict", str(tmp_path / "run"), str(table), "-o", str(tmp_path / "p.csv"), "-q"]) == 0
    told = pd.read_csv(tmp_path / "p.csv")
    likeliest = told[[c for c in told if c.startswith("probability_")]].idxmax(axis=1).str.removeprefix("probability_")
    assert (told["prediction"] != likeliest).any()
    assert main(["evaluate", str(tmp_path / "run"), str(table), "-q", "--json"]) == 0
    accuracy = json.loads(capsys.readouterr().out)["metrics"]["accuracy"]["value"]
    assert accuracy == pytest.approx((told["prediction"] == pd.read_csv(table)["label"]).mean(), abs=1e-8)


def test_a_remedy_that_does_not_fit_is_a_usage_error(table, tmp_path, capsys):
    arguments = ["train", str(table), "--target", "label", "-q", "--out", str(tmp_path / "run")]
    assert main([*arguments, "--imbalance", "smote", "--set", "learner.kind=late"]) == 2
    assert "takes no remedy" in capsys.readouterr().err
    assert main([*arguments, "--imbalance", "rare_branch", "--set", "learner.kind=features"]) == 2
    assert "smote or class_weights" in capsys.readouterr().err


def test_advice_names_the_remedy(table, capsys):
    assert main(["advise", str(table), "--target", "label", "--json", "-q"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["imbalance"]["remedy"] == "threshold"
    assert answer["imbalance"]["reason"] in answer["reasons"]
    assert main(["advise", str(table), "--target", "label", "--lang", "zh", "-q"]) == 0
    assert "建议 --imbalance threshold" in capsys.readouterr().out
