"""Sections of studies: each shows its answer in both languages and how to read it; what is undefined says why."""

import json
import re

import pytest
from run_folders import NAMES, write_run
from study_answers import decision, estimate, studies
from test_build import HOSTILE, Page

from polysight.evaluation.study_verdict import study_verdict
from polysight.report.build import build_report
from polysight.report.content import read_run

PARTS = ["modality_value", "calibration", "selective", "conformal", "decision"]
PARTS += ["slices", "fairness", "faithfulness", "rules", "robustness"]


def with_studies(folder, hostile="", **changed):
    run = write_run(folder, names=[*NAMES[:-1], f"kettle{hostile}"], hostile=hostile)
    metrics = json.loads((run / "metrics.json").read_text(encoding="utf-8"))
    metrics |= {**studies(hostile=hostile, classes=NAMES), "decision": decision(), **changed}
    (run / "metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
    return read_run(run)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return with_studies(tmp_path_factory.mktemp("studies") / "run")


def test_explanations_that_failed_say_so_and_a_page_of_a_row_is_linked(content, tmp_path):
    text = Page(build_report(content)).text
    assert "Do not read the explanations of image: they failed the test." in text
    assert "the same for a network that has learned nothing" in text
    assert "NOT FAITHFUL" in text
    assert "if brand <= 12.5 then shirt" in text
    assert "explanation.html" not in build_report(content)
    run = with_studies(tmp_path / "run", faithfulness={})
    (run.folder / "explanation.html").write_text("a page")
    assert '<a href="explanation.html">One row, explained</a>' in build_report(run)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_study_has_its_place_and_says_how_to_read_it(content, lang):
    html = build_report(content, lang=lang)
    page = Page(html)
    assert [kind for kind in page.ids if kind in PARTS] == PARTS
    blocks = re.split(r'<(?:section|div class="part") id="', html)[1:]
    for block in blocks:
        if block.partition('"')[0] in PARTS:
            assert "<svg" not in block or 'class="read"' in block
    assert html.count('class="read"') >= 18


def test_numbers_are_those_of_the_file(content):
    text = Page(build_report(content)).text
    for told in ("78.0 %", "95.3 %", "-24.0", "< 0.001", "0.848", "1,400", "87.5 %", "71.0 %", "43.0 %"):
        assert told in text


def test_the_verdict_says_what_abstaining_gains_and_where_it_is_weakest(content):
    english, chinese = (study_verdict(content.metrics, lang) for lang in ("en", "zh"))
    assert "it answers 78.0 % of them" in english[0]
    assert english[1] == "It is weakest where brand = no name: accuracy 66.0 % (58.0 % to 72.4 %), 41 rows."
    assert len(chinese) == 2
    assert study_verdict({}) == []
    assert (
        study_verdict({"slices": {"slices": [{"column": "a", "value": "b", "difference": estimate(0.1), "p": 0.01}]}})
        == []
    )


def test_what_is_undefined_says_why(tmp_path):
    several = {"value": None, "low": None, "high": None, "reason": "several_models"}
    value = studies()["modality_value"] | {"additive": several, "shuffled": {}, "rows_needed": None}
    odd = studies()["robustness"] | {
        "out_of_distribution": {"auroc": None, "reason": "several_models"},
        "missing_rate": [],
    }
    text = Page(build_report(with_studies(tmp_path / "run", modality_value=value, robustness=odd))).text
    assert "Inputs only added up: not asked: each row was judged by another model" in text
    assert text.count("not asked: each row was judged by another model") == 2
    assert "not reached" in text
    assert "nan" not in text.lower().replace("finance", "")


def test_a_study_that_found_nothing_leaves_no_heading(tmp_path):
    empty = {
        "slices": {"slices": [], "fairness": [], "skipped": []},
        "selective": {"curve": []},
        "conformal": {"levels": []},
    }
    page = Page(build_report(with_studies(tmp_path / "run", **empty, decision={}, robustness={}, modality_value={})))
    assert not {"slices", "fairness", "selective", "conformal", "decision", "robustness", "modality_value"} & set(
        page.ids
    )
    assert "missing" in page.ids


def test_hostile_names_in_studies_stay_text(tmp_path):
    bidi = "\u202eevil\u2066"
    html = build_report(with_studies(tmp_path / "run", hostile=HOSTILE + bidi))
    page = Page(html)
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert page.text.count(HOSTILE) > 8
    assert bidi in page.text
    assert "unicode-bidi: isolate" in html
