"""The model card: every question has an answer from the run, a marked blank, or both; none is made up."""

import json

import pytest
import yaml
from run_folders import write_run
from study_answers import studies
from test_build import Page

from polysight.report.build import build_report
from polysight.report.card_answers import Answer
from polysight.report.card_fields import FIELDS
from polysight.report.card_words import CARD_WORDS
from polysight.report.content import ReportContent, read_run
from polysight.report.sections.card import Card
from polysight.report.words import words


def answers(content, lang="en"):
    w = words(lang).extended(CARD_WORDS[lang])
    fields = [field for part in FIELDS.values() for field in part]
    return {field.key: field.answer(Answer(content, w)) for field in fields if field.answer}


@pytest.fixture
def run(tmp_path):
    folder = write_run(tmp_path / "run", rows=120)
    metrics = json.loads((folder / "metrics.json").read_text())
    (folder / "metrics.json").write_text(json.dumps(metrics | studies() | {"imbalance": remedy(metrics["classes"])}))
    settings = yaml.safe_load((folder / "config.yaml").read_text())
    inputs = {
        "image": {"kind": "image", "columns": ["image"], "size": 64},
        "table": {"kind": "tabular", "columns": list("abcdefghij")},
    }
    (folder / "config.yaml").write_text(yaml.safe_dump(settings | {"inputs": inputs}))
    return folder


def remedy(classes):
    change = {"with": 0.9, "without": 0.8, "gain": {"value": 0.1, "low": 0.0, "high": 0.2}}
    return {
        "kind": "class_weights",
        "recall": dict.fromkeys(classes, change),
        "recall_macro": change,
        "accuracy": change,
    }


def test_what_a_run_knows_is_filled_in(run):
    said = answers(read_run(run))
    assert said["task"] == "Predicts category from image, table."
    assert said["flow"] == "600 rows in the training table, 597 used, 3 set aside; measured on 120."
    assert "image (image: image)" in said["predictors"]
    assert "and 2 more" in said["predictors"]
    assert "size 64" in said["preparation"]
    assert "Treated with class_weights" in said["imbalance"]
    assert "accuracy" in said["performance"]
    assert "brand = no name 66.0 %" in said["heterogeneity"]
    assert "seller sex" in said["equity"]
    assert "measured on 120 rows only" in said["limits"]
    assert "Rows with the same seller" in said["partition"]
    assert "without image" in said["poor_input"]
    assert "tested for faithfulness" in said["explanation"]
    assert {key for key, text in said.items() if not text} == {"external"}


def test_what_it_does_not_know_is_a_blank_and_not_a_guess(tmp_path):
    content = ReportContent("bare", metrics={"n": 3, "evaluated_on": "test"})
    said = answers(content)
    known = {"limits", "partition", "metrics", "external"}
    assert {key for key, text in said.items() if text} == known
    facts = Card().facts(content, words("en").extended(CARD_WORDS["en"]))
    lines = [line for _, lines in facts["parts"] for line in lines]
    assert all(line.answer or line.blank for line in lines)
    assert facts["blanks"] > 25


@pytest.mark.parametrize(("lang", "blank"), [("en", "To be filled in:"), ("zh", "待填写：")])
def test_blanks_are_marked_and_items_named(run, lang, blank):
    page = Page(build_report(read_run(run), lang=lang))
    assert page.text.count(blank) == sum(field.blank for part in FIELDS.values() for field in part)
    assert "TRIPOD+AI 23a · CLAIM 35, 36" in page.text


def test_every_item_of_tripod_ai_but_those_about_the_paper_is_asked():
    named = ", ".join(field.tripod for part in FIELDS.values() for field in part)
    for number in range(3, 28):
        assert str(number) in named, number
