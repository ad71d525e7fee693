"""The gallery of mistakes: the worst first, never too many, with their cells as pictures and text."""

import json

import numpy as np
import pytest
from PIL import Image
from run_folders import write_run
from test_build import HOSTILE, Page

from polysight.core.errors import DataError
from polysight.report import predictions as reading
from polysight.report.build import build_report
from polysight.report.content import read_run
from polysight.report.gallery import MOST, worst_mistakes
from polysight.report.predictions import Predictions, read_predictions
from polysight.report.row_cells import cells_of


def made_up(truth, said, belief, confidence=None):
    truth, said = np.asarray(truth), np.asarray(said)
    confidence = np.full(len(truth), 0.9) if confidence is None else np.asarray(confidence)
    return Predictions(("a", "b", "c"), np.arange(len(truth)), truth, said, said, confidence, np.asarray(belief))


def test_the_truth_least_believed_is_first_and_what_is_right_is_not_there():
    said = made_up([0, 0, 1, -1, 2], [1, 0, 2, 2, 0], [0.3, 0.9, 0.1, 0.0, 0.3], [0.6, 0.9, 0.8, 0.9, 0.7])
    assert worst_mistakes(said).tolist() == [3, 2, 4, 0]
    assert worst_mistakes(said, most=2).tolist() == [3, 2]


def test_every_kind_of_mistake_has_its_worst_however_many_there_are():
    common = [(0, 1, 0.001 * i) for i in range(500)]
    rare = [(2, 1, 0.45), (1, 0, 0.48)]
    truth, said, belief = zip(*common, *rare, strict=True)
    shown = worst_mistakes(made_up(truth, said, belief))
    assert len(shown) <= MOST
    assert {500, 501} <= set(shown.tolist())
    assert (np.diff(np.asarray(belief)[shown]) >= 0).all()


def test_reading_in_chunks_changes_nothing(tmp_path, monkeypatch):
    path = write_run(tmp_path / "run", rows=100) / "predictions.csv"
    whole = read_predictions(path)
    monkeypatch.setattr(reading, "CHUNK", 7)
    parts = read_predictions(path)
    for name in ("rows", "truth", "said", "likeliest", "confidence", "belief"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))


def test_labels_unknown_to_the_model_and_cells_without_a_number(tmp_path):
    path = tmp_path / "predictions.csv"
    path.write_text("target,prediction,probability_a,probability_NA\nz,a,0.6,0.4\nNA,NA,0.1,0.9\na,NA,,\n")
    said = read_predictions(path)
    assert (said.truth.tolist(), said.said.tolist(), said.rows.tolist()) == ([-1, 1, 0], [0, 1, 1], [0, 1, 2])
    assert said.wrong.tolist() == [True, False, True]
    assert said.belief[:2].tolist() == pytest.approx([0.0, 0.9])
    assert np.isnan(said.confidence).tolist() == [False, False, True]
    assert said.reliability().rows.sum() == 2
    path.write_text("target,prediction,probability_a\na,a,\n")
    assert read_predictions(path).reliability() is None
    path.write_text("row,prediction\n0,1\n")
    assert read_predictions(path) is None


def test_a_damaged_file_is_named(tmp_path):
    run = write_run(tmp_path / "run")
    (run / "predictions.csv").write_text("target,prediction,probability_a\na,a,much\n")
    with pytest.raises(DataError, match="predictions"):
        build_report(read_run(run))


@pytest.fixture
def run(tmp_path):
    """A run whose table and files are there: an image that is a file, one that is not, a text, numbers, a name."""
    folder = write_run(tmp_path / "run", rows=60, seed=3)
    (folder / "images").mkdir()
    rng = np.random.default_rng(0)
    rows = ["image,title,brand,price,sku,seller,category,email"]
    for i in range(300):
        if i % 2:
            Image.fromarray(rng.integers(0, 255, (40, 300, 3), dtype=np.uint8)).save(folder / f"images/{i}.png")
        title = f'"{"word " * 100}{HOSTILE.replace(chr(34), chr(34) * 2)}"' if i % 5 else ""
        rows.append(f"images/{i}.png,{title},Acme,{i}.50,{i},s,shirt,private{i}@x.org")
    (folder / "products.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    data = json.loads((folder / "data.json").read_text())
    data["columns"]["email"] = {"role": "text", "reason": ""}
    (folder / "data.json").write_text(json.dumps(data))
    health = json.loads((folder / "health.json").read_text())
    health["checks"].append({"name": "personal_data", "status": "warn", "columns": ["email"], "message": "", "fix": ""})
    (folder / "health.json").write_text(json.dumps(health))
    return folder


def test_cells_are_shown_as_they_are(run):
    found = cells_of(read_run(run), [1, 2, 5])
    there, gone, empty = found[1].media, found[2].media, found[5].media
    assert [cell.column for cell in there] == ["image", "title"]
    assert there[0].picture.startswith("data:image/")
    assert len(there[0].picture) < 12_000
    assert (gone[0].picture, gone[0].text) == ("", "images/2.png")
    assert empty[1].absent
    assert there[1].text.endswith("…")
    assert len(there[1].text) == 280
    assert [(cell.column, cell.text) for cell in found[1].values] == [("brand", "Acme"), ("price", "1.50")]


def test_what_is_personal_is_left_out_and_said_so(run):
    page = Page(build_report(read_run(run)))
    assert "private" not in page.text
    assert "seem to hold personal data: email" in page.text
    assert "img" in page.tags


def test_the_filter_needs_no_script(run):
    html = build_report(read_run(run))
    page = Page(html)
    options = page.tags.count("option")
    rules = html.count(":checked) .mistake:not(.")
    assert options == rules + 2
    assert page.tags.count("select") == 2
    assert "<script" not in html


@pytest.mark.parametrize("change", ["gone", "shorter", "no table"])
def test_a_table_that_is_gone_or_changed_leaves_the_list(run, change):
    if change == "gone":
        (run / "products.csv").unlink()
    elif change == "shorter":
        (run / "products.csv").write_text("image,title\na,b\n")
    else:
        config = (run / "config.yaml").read_text().replace("table: products.csv\n", "")
        (run / "config.yaml").write_text(config)
    page = Page(build_report(read_run(run)))
    assert "is not where it was, or has changed" in page.text
    assert "img" not in page.tags
    assert "errors" in page.ids


def test_nothing_wrong_has_no_gallery(tmp_path):
    run = write_run(tmp_path / "run")
    lines = (run / "predictions.csv").read_text().splitlines()
    right = [line for line in lines if line.split(",")[1] == line.split(",")[2] or line == lines[0]]
    (run / "predictions.csv").write_text("\n".join(right) + "\n")
    assert "errors" not in Page(build_report(read_run(run))).ids
