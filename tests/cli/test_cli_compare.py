"""compare: ranked, resumable, in both languages; what does not fit is told before anything is trained."""

import json
import shutil
from pathlib import Path

import pytest

from polysight.cli import main
from polysight.cli.columns import aligned, width
from polysight.cli.compare import listed
from polysight.fusion import FUSIONS
from small_problem import small_table

SMALL = ["--target", "label", "--group", "site", "--set", "learner.epochs=1", "--set", "learner.width=8"]
SMALL += ["--additive-rows", "10", "--device", "cpu"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table, another to test on, and a finished comparison of two fusions."""
    folder = tmp_path_factory.mktemp("compared")
    small_table(100).to_csv(folder / "table.csv", index=False)
    small_table(40, seed=1).to_csv(folder / "test.csv", index=False)
    arguments = ["compare", str(folder / "table.csv"), *SMALL, "--fusion", "concat,gated", "--seeds", "1"]
    assert main([*arguments, "--out", str(folder / "run"), "-q", "--json"]) == 0
    # Tests add to the folder; this is what it was.
    shutil.copy(folder / "run" / "comparison.json", folder / "first.json")
    return folder


def without_seconds(found: dict) -> dict:
    ranking = [{k: v for k, v in line.items() if k != "seconds"} for line in found["ranking"]]
    return {**{k: v for k, v in found.items() if k != "seconds"}, "ranking": ranking}


def test_a_comparison_leaves_its_numbers_and_a_page(folder: Path) -> None:
    found = json.loads((folder / "first.json").read_text())
    methods = [line["method"] for line in found["ranking"] if line["kind"] == "method"]
    baselines = [line["method"] for line in found["ranking"] if line["kind"] == "baseline"]
    assert sorted(methods) == ["concat + cross_entropy", "gated + cross_entropy"]
    assert sorted(baselines) == ["note only", "out-of-fold ensemble", "table only"]
    assert found["evaluated_on"] == "holdout"
    assert found["rows"]["additive"] == 10
    assert found["rows"]["groups"] >= 1
    assert {"report.html", "compare.yaml", "data.json", "events.jsonl"} <= {p.name for p in (folder / "run").iterdir()}
    assert "compare --fusion concat,gated --seeds 1" in (folder / "run" / "compare.yaml").read_text()


def test_a_resumed_comparison_makes_only_what_is_missing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = json.loads((folder / "run" / "comparison.json").read_text())
    again = ["compare", "--config", str(folder / "run" / "compare.yaml"), "--seeds", "1", "--additive-rows", "10"]
    again += ["--out", str(folder / "run"), "--resume"]
    assert main([*again, "--fusion", "concat,gated", "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found.pop("run") == str(folder / "run")
    assert found == before
    assert err.count("kept from before") == 5
    assert "epoch" not in err
    assert main([*again, "--fusion", "concat,gated,mean", "--lang", "zh"]) == 0
    out, err = capsys.readouterr()
    assert err.count("kept from before") == 5
    assert "6/6" in err
    assert "最佳方法" in out
    assert "仅 note" in out
    assert "mean + cross_entropy" in out


def test_another_table_judges_and_the_learner_s_own_fusion_is_compared(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["compare", str(folder / "table.csv"), *SMALL, "--test", str(folder / "test.csv"), "--seeds", "1"]
    arguments += ["--set", "learner.fusion.kind=gated", "--set", "learner.fusion.gates=sigmoid"]
    assert main([*arguments, "--out", str(tmp_path / "run")]) == 0
    out = capsys.readouterr().out
    assert "gated (gates=sigmoid) + cross_entropy" in out
    assert "Best method" in out
    found = json.loads((tmp_path / "run" / "comparison.json").read_text())
    assert (found["evaluated_on"], found["rows"]["test"]) == ("test", 40)


def test_the_same_again_is_the_same(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["compare", str(folder / "table.csv"), *SMALL, "--fusion", "gated,concat", "--seeds", "1"]
    assert main([*arguments, "--out", str(tmp_path / "run"), "-q", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    found.pop("run")
    assert without_seconds(found) == without_seconds(json.loads((folder / "first.json").read_text()))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--fusion", "concat,gatd"], 2, "did you mean 'gated'"),
        (["--objective", "focall"], 2, "did you mean 'focal'"),
        (["--balance", "mmparetto"], 2, "did you mean 'mmpareto'"),
        (["--set", "learner.epoch=3"], 2, "did you mean 'epochs'"),
        (["--set", "learner.kind=features"], 2, "compares networks"),
        (["--seeds", "0"], 2, "--seeds"),
        (["--resume"], 2, "no comparison on table.csv"),
        (["--lang", "xx"], 2, "no words in 'xx'"),
        (["--test", "nowhere.csv"], 66, "nowhere.csv"),
    ],
)
def test_what_does_not_fit_is_told_before_anything_is_trained(
    folder: Path, tmp_path: Path, monkeypatch, capsys: pytest.CaptureFixture[str], arguments: list, code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["compare", str(folder / "table.csv"), "--target", "label", *arguments]) == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_test_table_without_the_target_is_told(folder: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    small_table(20).drop(columns="label").to_csv(tmp_path / "bare.csv", index=False)
    assert main(["compare", str(folder / "table.csv"), "--target", "label", "--test", "bare.csv"]) == 65
    assert "label" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_ctrl_c_says_how_to_go_on(folder: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("polysight.comparison.harness.alone", interrupted)
    arguments = ["compare", str(folder / "table.csv"), *SMALL, "--fusion", "mean", "--seeds", "1"]
    assert main(arguments) == 130
    assert "compare --fusion mean --seeds 1 --additive-rows 10 --config runs/" in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    assert main([*arguments, "--resume"]) == 0
    assert "1/4 mean + cross_entropy, seed 0" in capsys.readouterr().err
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_interrupted_before_anything_is_written(folder: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("polysight.runs.compare.load", interrupted)
    assert main(["compare", str(folder / "table.csv"), *SMALL]) == 130
    assert "before anything was written" in capsys.readouterr().err


def test_names_stand_between_commas_and_all_is_every_name_there_is() -> None:
    assert listed("concat, gated,", FUSIONS) == ("concat", "gated")
    assert listed("all", FUSIONS) == tuple(FUSIONS)
    assert listed(None, FUSIONS) == ()


def test_columns_stand_under_each_other_whatever_their_letters() -> None:
    lines = aligned([["方法", "准确率"], ["concat", "0.9"]]).splitlines()
    assert [width(line[: line.index(cell)]) for line, cell in zip(lines, ("准确率", "0.9"), strict=True)] == [8, 8]
