"""Rules: exact on a model that is rules, measured on other rows, honest where they fail, said in two languages."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from polysight.data.view import Cells
from polysight.evaluation.studies.base import Case
from polysight.evaluation.variants import Variants
from polysight.explain.conditions import PRESENT, Asked, Condition, facts_of, measured
from polysight.explain.rule_words import condition_text, languages, rule_lines, rule_text
from polysight.explain.rules import FEWEST, holding, learn_rules
from polysight.explain.rules_study import RulesStudy
from polysight.modalities.facts import Fact
from polysight.modalities.inputs import read_samples
from polysight.modalities.tabular.modality import Tabular
from polysight.modalities.text.modality import Text

CLASSES = ["cheap", "<b>dear</b>", "unknown"]


def rows(count=240, seed=0):
    """A table and a text; what a model of two rules says of them."""
    rng = np.random.default_rng(seed)
    price, brand = rng.uniform(0, 100, count).round(2), rng.choice(["acme", "best", "core"], count)
    note = [" ".join(rng.choice(["red", "blue", "soft", "hard"], 3)) for _ in range(count)]
    frame = pd.DataFrame({"price": price.astype(str), "brand": brand, "note": note})
    frame.loc[rng.random(count) < 0.2, "note"] = ""
    said = np.where(price > 60, 1, np.where(frame["note"] == "", 2, 0))
    table = Tabular(columns=("price", "brand"))
    inputs = {"table": table.settle(Cells(frame[["price", "brand"]], Path())), "note": Text(columns=("note",))}
    return read_samples(inputs, frame), inputs, said


@pytest.fixture(scope="module")
def told():
    samples, inputs, said = rows()
    return learn_rules(samples, inputs, said, CLASSES)


def test_rules_of_a_model_that_is_rules_are_found_and_faithful(told):
    assert told.faithful
    assert told.fidelity.value >= 0.97
    assert told.majority < 0.7
    assert told.fitted_on + told.judged_on == 240
    asked = {(one.asked.input, one.asked.fact.measure) for rule in told.rules for one in rule.conditions}
    assert asked == {("table", "number"), ("note", "present")}
    assert {rule.says for rule in told.rules} == {0, 1, 2}
    (dear,) = (rule for rule in told.rules if rule.says == 1)
    assert dear.conditions[0].above == pytest.approx(60, abs=2)


def test_every_row_is_covered_by_one_rule_and_shares_are_those_of_judged_rows(told):
    samples, inputs, said = rows(90, seed=1)
    asked = tuple({one.asked: None for rule in told.rules for one in rule.conditions})
    table = measured(samples, inputs, asked)
    covered = np.array([holding(rule.conditions, asked, table) for rule in told.rules])
    assert (covered.sum(axis=0) == 1).all()
    says = np.array([rule.says for rule in told.rules])[covered.argmax(axis=0)]
    assert (says == said).mean() > 0.95
    assert sum(rule.coverage for rule in told.rules) == pytest.approx(1.0)
    assert [rule.coverage for rule in told.rules] == sorted((r.coverage for r in told.rules), reverse=True)
    weighted = sum(rule.rows * rule.fidelity for rule in told.rules if rule.rows) / told.judged_on
    assert weighted == pytest.approx(told.fidelity.value)


def test_rules_of_noise_are_called_not_faithful():
    samples, inputs, _ = rows()
    noise = np.random.default_rng(5).integers(3, size=240)
    found = learn_rules(samples, inputs, noise, CLASSES)
    assert not found.faithful
    assert found.fidelity.value < 0.6
    assert "NOT FAITHFUL" in rule_lines(found.to_json())[0]
    assert "不忠实" in rule_lines(found.to_json(), "zh")[0]


def test_a_model_that_says_one_thing_has_one_rule_without_conditions():
    samples, inputs, said = rows()
    found = learn_rules(samples, inputs, np.ones_like(said), CLASSES)
    assert found.faithful
    assert [rule.conditions for rule in found.rules] == [()]
    assert rule_text(found.to_json()["rules"][0]) == "always <b>dear</b>"


def test_too_few_rows_or_groups_have_no_rules():
    samples, inputs, said = rows()
    few = np.arange(FEWEST - 1)
    assert learn_rules(samples.take(few), inputs, said[few], CLASSES) is None
    assert learn_rules(samples, inputs, said, CLASSES, groups=np.zeros(240)) is None


def test_rules_are_judged_on_groups_they_were_not_fitted_on():
    samples, inputs, said = rows()
    groups = np.repeat(np.arange(24), 10)
    found = learn_rules(samples, inputs, said, CLASSES, groups=groups)
    assert found.judged_on % 10 == 0
    assert found.faithful


def test_conditions_hold_where_the_tree_goes():
    between = Condition(Asked("table", Fact("number", "price")), above=1.0, most=3.0)
    values = np.array([1.0, 2.0, 3.0, 4.0, np.nan])
    np.testing.assert_array_equal(between.holds(values), [False, True, True, False, False])
    assert replace(between, unknown=True).holds(values)[4]
    narrower = between.at_most(2.0, unknown=True).more_than(1.5, unknown=True).at_most(9.0, unknown=True)
    assert (narrower.above, narrower.most, narrower.unknown) == (1.5, 2.0, False)
    only = Condition(Asked("table", Fact("number", "price")), unknown=True).more_than(np.inf, unknown=True)
    np.testing.assert_array_equal(only.holds(values), np.isnan(values))
    known = only.at_most(np.inf, unknown=False)
    assert not known.holds(values).any()
    assert Condition.from_json(json.loads(json.dumps(between.to_json()))) == between


def test_facts_are_of_inputs_that_are_there():
    samples, inputs, _ = rows(30)
    gone = samples.hide(["note"])
    asked = facts_of(gone, inputs)
    assert [one.fact for one in asked if one.input == "note"] == [PRESENT]
    assert measured(gone, inputs, asked)[:, asked.index(Asked("note", PRESENT))].sum() == 0


def test_rules_are_said_in_both_languages(told):
    plain = told.to_json()
    json.dumps(plain, allow_nan=False)
    assert set(languages()) == {"en", "zh"}
    english, chinese = rule_lines(plain), rule_lines(plain, "zh")
    assert len(english) == len(chinese) == 1 + len(told.rules)
    assert any("note is missing" in line for line in english)
    assert any("缺少 note" in line for line in chinese)
    assert all("price" in line for line in english[1:])


@pytest.mark.parametrize(
    ("fact", "limits", "english", "chinese"),
    [
        (Fact("motion", "film", unit="%"), (None, 43.21234), "motion of film <= 43.21 %", "film 的运动量 <= 43.21 %"),
        (Fact("level", "ecg", "lead"), (1.0, 2.0), "level of ecg, lead > 1 and <= 2", "ecg, lead 的均值 > 1 且 <= 2"),
        (Fact("contains", "n", "it's", yes_no=True), (0.5, None), "n has the word \"it's\"", "n 含词 \"it's\""),
        (Fact("is", "brand", "acme", yes_no=True), (None, 0.5), "brand is not 'acme'", "brand 不是 'acme'"),
        (Fact("oddness", "thing"), (2.0, None), "oddness of thing > 2", "thing 的oddness > 2"),
        (PRESENT, (0.5, None), "photo is there", "有 photo"),
    ],
)  # fmt: skip
def test_a_condition_in_words(fact, limits, english, chinese):
    plain = Condition(Asked("photo", fact), *limits).to_json()
    assert condition_text(plain) == english
    assert condition_text(plain, "zh") == chinese
    assert condition_text({**plain, "unknown": True}) == f"{english} or unknown"
    assert condition_text({**plain, "known": False}, "zh").endswith("未知")
    assert condition_text({**plain, "above": None, "most": None}).endswith("is known")


def case(samples, inputs, said, model=True):
    answers = np.eye(3)[said]

    class Model:
        inputs_ = inputs

    variants = Variants(answers, {}, {}, np.zeros(len(said), dtype=int))
    return Case(samples, said, np.array(CLASSES), variants, model=Model() if model else None)


def test_the_study_tells_them_or_nothing():
    found = RulesStudy().run(case(*rows()))
    assert found["faithful"]
    assert {"if", "then", "coverage", "fidelity", "rows"} == set(found["rules"][0])
    assert RulesStudy().run(case(*rows(), model=False)) is None
    assert RulesStudy().run(case(*rows(10))) is None
