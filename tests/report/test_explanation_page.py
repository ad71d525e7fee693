"""The page of an explanation: self-contained, in both languages, and whatever the table held is text on it."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from made_up_explanation import HOSTILE, made_up_explanation
from polysight.core.errors import ConfigError
from polysight.explain.conditions import Asked, Condition
from polysight.explain.counterfactual import Counterfactual
from polysight.modalities.facts import Fact
from polysight.report.explanation import explanation_lines, explanation_text, share_bars, stamps
from polysight.report.explanation_kind_words import EXPLANATION_OF
from polysight.report.explanation_words import EXPLANATION
from polysight.report.heat import AGAINST, FOR, heated, png_of
from polysight.report.words import words


class Tags(HTMLParser):
    """Every tag that is opened, and the text between tags."""

    def __init__(self, page):
        super().__init__()
        self.opened, self.addresses, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.opened.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_one_file_and_hostile_strings_are_text(lang):
    page = Tags(made_up_explanation().to_html(lang))
    assert "script" not in page.opened
    assert page.text.count(HOSTILE) > 6
    assert page.addresses
    assert all(address.startswith("data:image/png;base64,") for address in page.addresses)


def test_both_languages_have_the_same_words():
    english, chinese = EXPLANATION["en"], EXPLANATION["zh"]
    assert english.keys() == chinese.keys()
    for key, sentence in english.items():
        assert set(re.findall(r"{(\w+)}", sentence)) == set(re.findall(r"{(\w+)}", chinese[key])), key


@pytest.mark.parametrize("kind", EXPLANATION_OF)
def test_what_is_said_otherwise_of_labels_and_amounts_takes_the_place_of_something(kind):
    for lang, table in EXPLANATION_OF[kind].items():
        assert table.keys() <= EXPLANATION[lang].keys()


def test_a_language_that_is_not_spoken_is_refused():
    with pytest.raises(ConfigError, match="no words in 'tlh'"):
        made_up_explanation().to_html("tlh")


def test_the_sentences_say_what_was_found():
    lines = explanation_lines(made_up_explanation(classes=("cat", "dog", "cow")), words("en"))
    assert lines[0] == "The model says “cat” with 80.0 %; knowing nothing of the row it would say it with 30.0 %."
    assert "photo speaks for it: +45.0 points." in lines
    assert f"{HOSTILE} speaks for it: +5.0 points." in lines
    assert "table is missing in this row." in lines
    assert "Without photo it would say “dog”." in lines
    assert any("not_a_number" not in line and line.startswith("Could not be read: table") for line in lines)
    text = "\n".join(explanation_text(made_up_explanation(classes=("cat", "dog", "cow")), words("en")))
    assert "7 (cat, 0.25), 9 (dog, 0.50)" in text
    assert "It would say “dog” (70.0 %) if age were 41 instead of 63." in text


def test_a_decision_against_the_most_probable_class_is_told():
    explanation = made_up_explanation(factors=np.array([1.0, 9.0, 1.0]))
    assert "favour rare classes" in explanation_lines(explanation, words("en"))[1]
    assert "favour" not in "".join(explanation_lines(made_up_explanation(), words("en")))


def test_where_no_change_was_found_it_says_how_many_were_tried():
    explanation = made_up_explanation(change=Counterfactual((), np.array([0.8, 0.1, 0.1]), 0, 99))
    assert "(99 changed rows tried)" in explanation_text(explanation, words("en"))[-1]
    assert explanation.to_json()["counterfactual"] == {"found": False, "tried": 99}


def test_the_bars_lead_from_the_prior_to_the_answer():
    first, *steps, last = share_bars(made_up_explanation(), words("en"))
    place = first.start + first.width
    for bar in steps:
        ends = sorted((bar.start, bar.start + bar.width))
        assert min(abs(place - end) for end in ends) < 0.02
        place = ends[1] if bar.style == "for" else ends[0]
    assert place == pytest.approx(last.start + last.width, abs=0.02)


def test_an_input_that_failed_its_test_is_told_of():
    page = made_up_explanation(faithfulness={"photo": {"passed": False, "deletion": 0.1}}).to_html()
    assert "failed the test for: photo" in page
    assert "failed the test" not in made_up_explanation().to_html()


STAMP = {"method": "grad_cam", "deletion": 0.2, "insertion": 0.7, "random": 0.4, "rows": 32, "passed": True}
STAMP |= {"gain": {"value": 0.25, "low": 0.1, "high": 0.4}, "edges": None, "randomised": 0.1, "reason": ""}


def test_every_tested_explainer_is_a_line_with_its_verdict():
    failed = {**STAMP, "method": "occlusion", "passed": False, "reason": "no_better_than_chance"}
    unsure = {**STAMP, "method": "lime", "passed": None, "reason": "too_few_rows"}
    methods = {"grad_cam": STAMP, "occlusion": failed, "lime": unsure}
    explanation = made_up_explanation(faithfulness={"photo": {**failed, "methods": methods}})
    first, second, third = stamps(explanation, words("en"))
    assert (first.verdict, first.gain, first.deletion) == ("passed", "+25.0 (+10.0 – +40.0)", "0.2")
    assert (second.verdict, second.failed) == ("failed: no better than chance", True)
    assert (third.verdict, third.failed) == ("cannot tell: too few rows", False)
    page = Tags(explanation.to_html("zh")).text
    assert "未通过: 不比随机好" in page
    assert "no test of its explanations" in made_up_explanation().to_html()


def test_rules_are_sentences_and_say_so_where_they_are_not_faithful():
    condition = Condition(Asked("table", Fact("number", column="age")), above=41.0).to_json()
    rule = {"if": [condition], "then": HOSTILE, "coverage": 0.5, "fidelity": 0.75, "rows": 20}
    fidelity = {"value": 0.6, "low": 0.5, "high": 0.7}
    rules = {"faithful": False, "fidelity": fidelity, "majority": 0.5, "judged_on": 40, "rules": [rule]}
    page = Tags(made_up_explanation(rules=rules).to_html())
    assert "NOT FAITHFUL" in page.text
    assert f"if age > 41 then {HOSTILE}" in page.text
    assert "script" not in page.opened
    assert 'id="rules"' not in made_up_explanation().to_html()


def test_json_holds_the_contract_and_survives_json():
    told = made_up_explanation().to_json()
    assert json.loads(json.dumps(told, ensure_ascii=False)) == told
    parts = told["modalities"]
    assert sum(part["shapley"] for part in parts.values()) + told["prior"] == pytest.approx(0.8)
    assert parts["table"] == {
        "shapley": 0.0,
        "present": False,
        "without": {"prediction": HOSTILE, "probabilities": told["probabilities"]},
    }
    assert told["interactions"] == {f"photo + {HOSTILE}": pytest.approx(0.3)}
    assert told["within"]["photo"]["grad_cam"]["values"] == [0.2, -0.1]
    assert told["apart"]["parts"][0]["weight"] == 1.5
    assert told["cases"][0] == {"row": 7, "label": HOSTILE, "distance": 0.25}
    assert told["counterfactual"]["changes"] == [{"column": "age", "from": "63", "to": 41.0}]


def test_in_a_notebook_it_stands_in_a_frame_of_its_own():
    html = made_up_explanation()._repr_html_()
    assert Tags(html).opened == ["iframe"]


def test_heat_covers_where_it_is_strong_and_leaves_the_rest_grey():
    picture = np.full((300, 300, 3), (200, 100, 0), dtype=np.uint8)
    heat = np.zeros((300, 300))
    heat[:50, :50], heat[-50:, -50:] = 2.0, -2.0
    shown = heated(picture, heat)
    grey = 100
    np.testing.assert_array_equal(shown[150, 150], [grey] * 3)
    np.testing.assert_allclose(shown[10, 10], 0.2 * grey + 0.8 * np.array(FOR), atol=1)
    np.testing.assert_allclose(shown[-10, -10], 0.2 * grey + 0.8 * np.array(AGAINST), atol=1)
    assert heated(None, np.zeros((7, 9))).shape == (24 * 7, 24 * 9, 3)
    assert png_of(np.zeros((900, 300, 3), dtype=np.uint8)).startswith("data:image/png;base64,")
