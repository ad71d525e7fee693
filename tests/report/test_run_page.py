"""The page of two runs: the verdict, every metric, rows only one got right, what differs; the verb that makes it."""

import json

import pandas as pd
import pytest
from run_folders import NAMES, write_run
from test_build import HOSTILE, Page

from polysight.cli import main
from polysight.core.errors import DataError
from polysight.report.run_page import differing, write_run_page


def worse(folder, rows):
    """A run of the same rows whose first answers are all wrong."""
    run = write_run(folder, rows=150)
    table = pd.read_csv(run / "predictions.csv", dtype=str, keep_default_na=False)
    names = [name for name in table if name.startswith("probability_")]
    for row in range(rows):
        other = (names.index(f"probability_{table.loc[row, 'target']}") + 1) % len(names)
        table.loc[row, names] = "0"
        table.loc[row, names[other]] = "1"
        table.loc[row, "prediction"] = names[other].removeprefix("probability_")
    table.to_csv(run / "predictions.csv", index=False)
    config = (run / "config.yaml").read_text(encoding="utf-8")
    (run / "config.yaml").write_text(config.replace("preset: good", "preset: quick"), encoding="utf-8")
    return run


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    return write_run(folder / "good", rows=150), worse(folder / "quick", 40)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_says_which_is_better_and_what_differs(runs, tmp_path, lang):
    path = write_run_page(*runs, tmp_path / "page.html", lang=lang)
    page = Page(path.read_text(encoding="utf-8"))
    assert page.ids == ["verdict", "accuracy", "metrics", "only", "settings"]
    assert ("good is better" if lang == "en" else "good 更好") in page.text
    assert "< 0.001" in page.text
    assert "preset" in page.text
    assert "script" not in page.tags
    assert page.text.count("第" if lang == "zh" else "· good:") >= 12


def test_a_run_against_itself_shows_no_difference(runs, tmp_path):
    page = Page(write_run_page(runs[0], runs[0], tmp_path / "page.html").read_text())
    assert "good (1) against good (2)" in page.text
    assert "right on exactly the same rows" in page.text
    assert "All settings are the same." in page.text
    assert "Both read the same cells." in page.text


def test_other_rows_cannot_be_compared(runs, tmp_path):
    other = write_run(tmp_path / "other", rows=90)
    with pytest.raises(DataError, match="different rows"):
        write_run_page(runs[0], other, tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_hostile_names_stay_text(tmp_path):
    folder = write_run(tmp_path / "run", names=[*NAMES[:2], HOSTILE], target=HOSTILE, hostile=HOSTILE, rows=90)
    page = Page(write_run_page(folder, folder, tmp_path / "page.html").read_text())
    assert "script" not in page.tags


def test_settings_are_compared_by_their_full_names():
    first = {"preset": "good", "learner": {"kind": "neural", "epochs": 5}, "ignore": ["a", "b"]}
    second = {"preset": "good", "learner": {"kind": "neural", "epochs": 9, "fusion": "mean"}, "ignore": ["a"]}
    assert differing(first, second) == [
        ("learner epochs", "5", "9"),
        ("ignore", "a, b", "a"),
        ("learner fusion", "–", "mean"),
    ]


def test_the_verb_compares_two_runs(runs, tmp_path, capsys):
    page = tmp_path / "both.html"
    assert main(["report", *map(str, runs), "--out", str(page), "--lang", "zh", "--json", "-q"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["report"] == str(page)
    assert answer["verdict"] == "a_better"
    assert "全部指标" in page.read_text(encoding="utf-8")
    assert main(["report", *map(str, runs), "-q"]) == 0
    assert (runs[0].parent / "good-against-quick.html").exists()


def test_the_verb_refuses_what_it_cannot_do(runs, capsys):
    assert main(["report", *map(str, [*runs, runs[0]])]) == 2
    assert "two to compare" in capsys.readouterr().err
    assert main(["report", str(runs[0]), "--out", "x.html"]) == 2
    assert "--out" in capsys.readouterr().err
