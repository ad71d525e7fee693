"""Robustness: every set of missing inputs, cells missing at random, worse cells, odd rows."""

import json

import numpy as np
import pytest
from fitted_case import INPUTS, fitted_case
from sklearn.metrics import log_loss, roc_auc_score

from polysight.evaluation.resampling import Resampling
from polysight.evaluation.studies import corruption_curves, robustness
from polysight.evaluation.studies.corruption_curves import odd_area, scope
from polysight.evaluation.studies.robustness import Robustness

FOUR = {
    "note": {"kind": "text"},
    **{name: {"kind": "tabular", "columns": [name]} for name in ("height", "width")},
    "site": {"kind": "tabular", "columns": ["site"], "categorical": ["site"]},
}


def counting(case):
    asked = []
    plain = case.model.predict_samples
    case.model.predict_samples = lambda samples: asked.append(samples) or plain(samples)
    return asked


def test_of_two_inputs_every_set_is_known_already():
    case = fitted_case()
    asked = counting(case)
    found = Robustness().run(case)
    assert json.loads(json.dumps(found)) == found
    assert [line["missing"] for line in found["patterns"]] == [[], ["note"], ["size"]]
    assert found["rows"] == len(case.codes)
    for line, answers in zip(
        found["patterns"], [case.variants.whole, *(case.variants.without[n] for n in ("note", "size"))], strict=True
    ):
        assert line["accuracy"]["value"] == pytest.approx((answers.argmax(axis=1) == case.codes).mean())
        assert line["log_loss"]["value"] == pytest.approx(log_loss(case.codes, answers, labels=range(4)))
        assert line["log_loss"]["low"] < line["log_loss"]["value"] < line["log_loss"]["high"]
    corruptions = 3 * (1 + 3)
    assert len(asked) == 4 + corruptions + 2


def test_cells_missing_more_often_cost_more():
    found = Robustness().run(fitted_case())["missing_rate"]
    assert [line["rate"] for line in found] == [0.0, 0.1, 0.25, 0.5, 0.75]
    accuracy = [line["accuracy"]["value"] for line in found]
    assert accuracy[0] > accuracy[2] > accuracy[4]


def test_of_four_inputs_only_pairs_are_asked_about():
    case = fitted_case(inputs=FOUR)
    asked = counting(case)
    found = Robustness().run(case)
    missing = [tuple(line["missing"]) for line in found["patterns"]]
    assert len(missing) == len(set(missing)) == 15
    assert missing == sorted(missing, key=len)
    pairs = [samples for samples in asked if (~samples.present).all(axis=0).sum() == 2]
    assert len(pairs) == 6
    line = next(line for line in found["patterns"] if line["missing"] == ["height", "note"])
    direct = case.model.predict_samples(case.samples.hide(["height", "note"]))
    assert line["accuracy"]["value"] == pytest.approx((direct.argmax(axis=1) == case.codes).mean())


def test_of_many_inputs_some_sets_are_tried_and_all_known_ones(monkeypatch):
    monkeypatch.setattr(robustness, "ALL_SETS", 3)
    monkeypatch.setattr(robustness, "SETS", 11)
    found = [line["missing"] for line in Robustness().run(fitted_case(inputs=FOUR))["patterns"]]
    assert len(found) == 11
    assert all([name] in found for name in FOUR)
    assert all(sorted(set(FOUR) - {name}) in found for name in FOUR)


def test_worse_cells_cost_accuracy_and_curves_begin_at_the_rows_as_they_are():
    case = fitted_case(rows=50)
    lines = Robustness().run(case)["corruptions"]
    curves = {}
    for line in lines:
        curves.setdefault((line["modality"], line["corruption"]), []).append(line)
    assert set(curves) == {("note", "word_drop"), *(("size", name) for name in ("noise", "permute", "drop"))}
    for curve in curves.values():
        assert [line["severity"] for line in curve] == [0, 1, 2, 3]
        assert curve[0]["accuracy"]["value"] == pytest.approx(case.right.mean())
        assert curve[3]["accuracy"]["value"] < curve[0]["accuracy"]["value"]


def test_odd_rows_make_the_model_less_sure():
    found = Robustness().run(fitted_case())["out_of_distribution"]
    assert found["score"] == "confidence"
    assert found["low"] <= found["auroc"] <= found["high"]
    assert found["auroc"] > 0.55
    assert len(found["corruptions"]) == 4
    assert 0.3 < found["shuffled"]["value"] < 0.8


def test_the_area_is_that_of_scikit_learn_and_its_interval_is_paired():
    rng = np.random.default_rng(0)
    clean = rng.normal(size=60).round(1)
    odd = clean + 0.4 + rng.normal(0, 0.2, 60).round(1)
    area = odd_area(clean, odd, Resampling(60))
    expected = roc_auc_score(np.repeat([0, 1], 60), np.concatenate([clean, odd]))
    assert area.value == pytest.approx(expected)
    apart = odd_area(clean, rng.permutation(odd), Resampling(60))
    assert area.high - area.low < apart.high - apart.low


def test_a_budget_is_shared_and_what_it_does_not_reach_is_told(monkeypatch):
    case = fitted_case()
    inputs = case.model.inputs_
    everything = scope(case.samples, inputs, budget=5000)
    assert everything.rows == len(case.codes)
    assert everything.skipped == ()
    some = scope(case.samples, inputs, budget=2 * 24 * 4.01)
    assert some.conditions["size"] == (("noise", 3), ("permute", 3), ("drop", 3))
    assert {(line["modality"], line["severity"]) for line in some.skipped} == {("size", 1), ("size", 2)}
    assert 24 <= some.rows < len(case.codes)
    monkeypatch.setattr(corruption_curves, "LARGE", case.samples.views["size"].nbytes / len(case.samples) / 9)
    # A cell as large as ten gets a tenth; a text is small whatever it says.
    larger = scope(case.samples, inputs, budget=2 * 24 * 40.5)
    assert len(larger.conditions["note"]) == 3
    assert len(larger.conditions["size"]) == 3
    nothing = scope(case.samples, inputs, budget=0)
    assert nothing.conditions == {}
    assert len(nothing.skipped) == 12


def test_nothing_to_corrupt_leaves_the_score_undefined(monkeypatch):
    monkeypatch.setattr(robustness, "scope", lambda samples, inputs: scope(samples, inputs, budget=0))
    found = Robustness().run(fitted_case())
    assert found["corruptions"] == []
    assert found["out_of_distribution"]["auroc"] is None
    assert found["out_of_distribution"]["reason"] == "no_corruptions"
    assert len(found["skipped"]) == 12


def test_several_models_tell_only_what_is_known():
    found = Robustness().run(fitted_case(with_model=False))
    assert [line["missing"] for line in found["patterns"]] == [[], ["note"], ["size"]]
    assert found["missing_rate"] == found["corruptions"] == []
    assert found["out_of_distribution"]["reason"] == "several_models"
    assert {line["part"] for line in found["skipped"]} == {"missing_rate", "corruptions"}


def test_one_input_is_corrupted_too():
    found = Robustness().run(fitted_case(inputs={"note": INPUTS["note"]}))
    assert [line["missing"] for line in found["patterns"]] == [[]]
    assert {line["corruption"] for line in found["corruptions"]} == {"word_drop"}
    assert found["out_of_distribution"]["shuffled"] is None


def test_few_rows_of_a_large_case():
    case = fitted_case(rows=400, group="site")
    found = Robustness().run(case)
    assert 100 < found["rows"] <= 200
    assert found == Robustness().run(fitted_case(rows=400, group="site"))
