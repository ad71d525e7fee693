"""polysight explain: one row, as lines, as one object and as a page."""

import json
from pathlib import Path

import pytest

from polysight.cli import main
from polysight.data.table import read_table
from polysight.learners.base import load_model

CONTRACT = ["prediction", "probabilities", "modalities", "interactions", "within", "faithfulness", "rules"]


def test_the_object_is_about_that_row_and_sums(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(trained / "run"), str(trained / "table.csv"), "--row", "3", "--json", "-q"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told)[:7] == CONTRACT
    model, table = load_model(trained / "run" / "model"), read_table(trained / "table.csv")
    assert list(told["probabilities"].values()) == pytest.approx(model.predict_proba(table.iloc[[3]])[0])
    total = sum(part["shapley"] for part in told["modalities"].values()) + told["prior"]
    assert total == pytest.approx(told["probabilities"][told["prediction"]], abs=1e-6)
    assert {part["present"] for part in told["modalities"].values()} == {True}
    assert told["within"]


@pytest.mark.parametrize(("lang", "said"), [("en", "The model says “"), ("zh", "模型以 ")])
def test_lines_and_page_speak_the_language(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str, said: str
) -> None:
    page = tmp_path / "why.html"
    table = str(trained / "table.csv")
    assert main(["explain", str(trained / "run" / "model"), table, "--row", "0", "-o", str(page), "--lang", lang]) == 0
    out, err = capsys.readouterr()
    assert out.startswith(said)
    assert str(page) in out
    assert "Traceback" not in err
    assert f'<html lang="{lang}">' in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--row", "40"], 2, "rows are counted from 0 to 39"),
        (["--row", "-1"], 2, "there is no row -1"),
        (["--row", "first"], 2, "valid integer"),
        ([], 2, "--row"),
        (["--row", "0", "--method", "occlusoin"], 2, "did you mean 'occlusion'"),
        (["--row", "0", "--lang", "tlh"], 2, "no words in 'tlh'"),
        (["--row", "0", "-o", "{folder}"], 74, "is a folder"),
    ],
)
def test_what_cannot_be_is_told(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    given = [argument.format(folder=tmp_path) for argument in arguments]
    assert main(["explain", str(trained / "run"), str(trained / "table.csv"), *given]) == code
    assert said in capsys.readouterr().err


def test_a_row_in_which_nothing_is_there_is_bad_data(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "table.csv").write_text("width,colour\n,\n1,red\n")
    assert main(["explain", str(trained / "run"), str(tmp_path / "table.csv"), "--row", "0"]) == 65
    assert "nothing in this row can be read" in capsys.readouterr().err
    assert main(["explain", str(trained / "run"), str(tmp_path / "table.csv"), "--row", "1"]) == 0


def test_a_run_that_predicts_an_amount_is_explained(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, run, page = str(trained / "table.csv"), str(tmp_path / "run"), tmp_path / "why.html"
    small = ["--set", "learner.kind=target_features", "--task", "regression", "--target", "width"]
    assert main(["train", table, *small, "--out", run, "-q"]) == 0
    capsys.readouterr()
    assert main(["explain", run, table, "--row", "0", "--json", "-q"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told)[:7] == CONTRACT
    assert told["probabilities"] == {}
    total = sum(part["shapley"] for part in told["modalities"].values()) + told["prior"]
    assert total == pytest.approx(told["prediction"], rel=1e-6)
    assert main(["explain", run, table, "--row", "0", "--about", "width", "-o", str(page)]) == 0
    assert capsys.readouterr().out.startswith("The model predicts ")
    assert "Why width = " in page.read_text(encoding="utf-8")
    assert main(["explain", run, table, "--row", "0", "--about", "widht"]) == 2
    assert "did you mean 'width'" in capsys.readouterr().err
