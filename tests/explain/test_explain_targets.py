"""One row explained by models of an amount, of labels and of several targets, on what is planted in text and table."""

import json
import re

import numpy as np
import pytest

from polysight import MultimodalRegressor
from polysight.core.errors import ConfigError
from polysight.learners.base import load_model
from polysight.learners.features import FeatureClassifier
from polysight.learners.target_features import FeatureTargetLearner
from polysight.learners.target_network import NeuralTargetLearner
from polysight.report.explanation import explanation_lines, explanation_text
from polysight.report.words import words
from small_targets import small_targets

TRAIN, TEST = small_targets(rows=90), small_targets(rows=20, seed=1, missing=0.0)
ROW = TEST.iloc[[0]]
INPUTS = {"note": "text", "table": {"kind": "tabular", "columns": ["height", "width"]}}
KEYS = ["prediction", "probabilities", "modalities", "interactions", "within", "faithfulness", "rules"]


@pytest.fixture(scope="module")
def regressor():
    return MultimodalRegressor("quick", inputs=INPUTS, group="site", time_limit=2).fit(TRAIN, "amount")


@pytest.fixture(scope="module")
def labels():
    return FeatureTargetLearner(INPUTS, task="multilabel").fit(TRAIN, "tags")


@pytest.fixture(scope="module")
def several():
    kinds = ["classification", "regression", "multilabel"]
    return FeatureTargetLearner(INPUTS, task=kinds).fit(TRAIN, ["label", "amount", "tags"])


def sums(explanation):
    return explanation.prior + sum(part["shapley"] for part in explanation.modalities.values())


def visible(page):
    return re.sub(r"<(style|title)>.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL)


def strict_json(explanation):
    return json.loads(json.dumps(explanation.to_json(), allow_nan=False))


def test_an_amount_is_its_mean_and_what_inputs_add_in_its_own_unit(regressor):
    explanation = regressor.explain(ROW)
    predicted = regressor.predict(ROW)[0]
    assert explanation.prediction == pytest.approx(predicted, rel=1e-6)
    assert sums(explanation) == pytest.approx(predicted, rel=1e-6)
    assert explanation.prior == pytest.approx(TRAIN["amount"].astype(float).mean())
    assert abs(explanation.modalities["table"]["shapley"]) > 1
    without = explanation.modalities["table"]["without"]
    assert without["probabilities"] == {}
    assert without["prediction"] == pytest.approx(regressor.predict(ROW.assign(height="", width=""))[0])


def test_the_column_that_tells_the_amount_comes_first(regressor):
    methods = ("kernel_shap", "lime", "occlusion")
    found = regressor.explain(ROW, methods=methods).within["table"]
    assert found.keys() == set(methods)
    for within in found.values():
        values = dict(zip(within.labels, np.abs(within.values), strict=True))
        (height,) = (label for label in values if label.startswith("height"))
        assert values[height] == max(values.values()) > 1
    shared = found["kernel_shap"]
    assert shared.facts["empty"] + shared.values.sum() == pytest.approx(shared.facts["whole"])


def test_a_regressor_is_taken_apart_into_the_members_it_weighs(regressor):
    root = regressor.explain(ROW, methods=()).voice
    assert sum(part.weight for part in root.parts) == pytest.approx(1)
    assert sum(part.weight * part.probabilities[0] for part in root.parts) == pytest.approx(regressor.predict(ROW)[0])
    assert {part.name for part in root.parts} <= {member.name for member in regressor.members_}


def test_an_amount_as_json_survives_saving(regressor, tmp_path):
    regressor.save(tmp_path / "model")
    told = strict_json(regressor.explain(ROW))
    assert told == strict_json(load_model(tmp_path / "model").explain(ROW))
    assert list(told)[:7] == KEYS
    assert told["probabilities"] == {}
    assert told["apart"]["prediction"] == told["prediction"]
    assert (told["cases"], told["counterfactual"]) == (None, None)
    assert (told["about"], told["target"]) == ("amount", "amount")


@pytest.mark.parametrize(("lang", "says"), [("en", "raises it by"), ("zh", "使它增加")])
def test_the_page_of_an_amount_has_no_percentages(regressor, lang, says):
    row = TEST[TEST["height"].astype(float) > 1].iloc[[0]]
    explanation = regressor.explain(row)
    page = explanation.to_html(lang)
    text = visible(page)
    assert "%" not in text
    assert says in text
    assert explanation.measure.whole(explanation.prediction) in text
    assert not {"classes", "cases", "change", "rules", "faithfulness"} & set(re.findall(r'id="(\w+)"', page))
    assert {"short", "shares", "apart"} <= set(re.findall(r'id="(\w+)"', page))
    assert "%" not in "".join(explanation_text(explanation, words(lang)))
    assert "<iframe" in explanation._repr_html_()


def test_a_row_without_an_input_has_no_share_for_it(regressor):
    explanation = regressor.explain(ROW.assign(note=""))
    assert explanation.modalities["note"]["shapley"] == 0
    assert not explanation.modalities["note"]["present"]
    assert sums(explanation) == pytest.approx(regressor.predict(ROW.assign(note=""))[0])


@pytest.mark.parametrize(("label", "decisive"), [("tall", "table"), ("warm", "note")])
def test_each_label_is_explained_by_itself(labels, label, decisive):
    explanation = labels.explain(ROW, about=label)
    probability = labels.predict_proba(ROW)["tags"][label].iloc[0]
    assert sums(explanation) == pytest.approx(probability)
    assert explanation.probabilities[label] == pytest.approx(probability)
    assert explanation.prediction == labels.predict(ROW)[0]
    shares = {name: abs(part["shapley"]) for name, part in explanation.modalities.items()}
    assert max(shares, key=shares.get) == decisive
    assert strict_json(explanation)["about"] == label
    assert f"“{label}”" in visible(explanation.to_html())


def test_of_labels_the_most_probable_is_explained_and_one_not_said_is_told_so(labels):
    row = TEST[TEST["tags"] == "warm"].iloc[[0]]
    explanation = labels.explain(row)
    assert (explanation.about, explanation.prediction) == ("warm", "warm")
    assert explanation.probabilities["warm"] == max(explanation.probabilities.values())
    other = labels.explain(row, about="tall")
    assert not other.stands
    assert explanation_lines(other, words("en"))[0].startswith("The model does not say “tall”")
    assert "Why not “tall”?" in other.to_html()
    none = labels.explain(TEST[TEST["tags"] == ""].iloc[[0]])
    assert none.prediction == ""
    assert "All it says: no label." in explanation_lines(none, words("en"))[0]


def test_each_of_several_targets_is_explained_by_itself(several):
    predicted = several.predict(ROW)
    first, amount, tags = (several.explain(ROW, about=about, methods=()) for about in (None, "amount", "tags"))
    assert first.prediction == predicted["label"].iloc[0]
    assert first.probabilities.keys() == {"a", "b", "c", "d"}
    assert amount.prediction == pytest.approx(predicted["amount"].iloc[0])
    assert tags.prediction == predicted["tags"].iloc[0]
    assert [strict_json(each)["target"] for each in (first, amount, tags)] == ["label", "amount", "tags"]
    for explanation in (first, amount, tags):
        assert sums(explanation) == pytest.approx(explanation.value, rel=1e-6)
        assert explanation.voice.probabilities[explanation.target] == pytest.approx(explanation.value)


def test_a_label_or_class_of_one_of_several_targets_can_be_asked_about(several):
    assert several.explain(ROW, about="tall", methods=()).subject.target.name == "tags"
    other = next(name for name in "abcd" if name != several.predict(ROW)["label"].iloc[0])
    explanation = several.explain(ROW, about=other, methods=())
    assert (explanation.about, explanation.stands) == (other, False)
    assert sums(explanation) == pytest.approx(explanation.probabilities[other])


def test_what_is_not_predicted_cannot_be_asked_about(several, labels):
    with pytest.raises(ConfigError, match="did you mean 'amount'"):
        several.explain(ROW, about="amuont")
    with pytest.raises(ConfigError, match="choose one of: tags, tall, warm"):
        labels.explain(ROW, about="x")
    both = FeatureTargetLearner(INPUTS).fit(TRAIN.assign(again=TRAIN["label"]), ["label", "again"])
    with pytest.raises(ConfigError, match="'a' is an answer to label, again"):
        both.explain(ROW, about="a")


def test_a_classifier_says_why_not_another_class():
    model = FeatureClassifier(INPUTS).fit(TRAIN, "label")
    plain = model.explain(ROW)
    same = model.explain(ROW, about=str(plain.prediction))
    assert same.to_json() == plain.to_json()
    assert "about" not in plain.to_json()
    other = next(name for name in model.classes_ if name != plain.prediction)
    explanation = model.explain(ROW, about=other)
    assert explanation.prediction == plain.prediction
    assert sums(explanation) == pytest.approx(plain.probabilities[other])
    assert explanation.to_json()["about"] == other
    assert explanation.to_json()["counterfactual"] == plain.to_json()["counterfactual"]
    assert f"not “{other}”" in explanation_lines(explanation, words("en"))[0]


def test_a_network_shows_the_answers_of_its_encoders_to_a_target():
    options = {"epochs": 1, "width": 8, "device": "cpu"}
    model = NeuralTargetLearner(INPUTS, task=["regression", "multilabel"], fusion="gated", **options)
    model.fit(TRAIN.iloc[:40], ["amount", "tags"])
    explanation = model.explain(ROW, methods=())
    assert explanation.voice.how == "fusion"
    assert {part.name for part in explanation.voice.parts} == {"note", "table"}
    assert sum(part.weight for part in explanation.voice.parts) == pytest.approx(1)
    assert all(part.probabilities.shape == (1,) for part in explanation.voice.parts)
    assert model.explain(ROW, about="tall", methods=()).voice.probabilities.shape == (2,)
    alone = NeuralTargetLearner(INPUTS, task="regression", auxiliary=0.0, **options).fit(TRAIN.iloc[:40], "amount")
    assert alone.explain(ROW, methods=()).voice.parts == ()
