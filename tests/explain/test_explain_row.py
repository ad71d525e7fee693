"""One row explained, on a problem in which the text tells one half of the label and the table the other."""

import json

import numpy as np
import pytest

from polysight import MultimodalClassifier
from polysight.core.errors import ConfigError, DataError
from polysight.learners.base import load_model
from small_problem import small_table

TABLE = small_table(160, seed=1)
TRAIN, TEST = TABLE.iloc[:130], TABLE.iloc[130:]


@pytest.fixture(scope="module")
def model():
    return MultimodalClassifier("quick", group="site").fit(TRAIN, "label")


@pytest.fixture(scope="module")
def complete():
    """A row that has everything."""
    return TEST[(TEST["note"] != "") & (TEST["height"] != "")].iloc[[0]]


def test_shapley_values_and_the_prior_sum_to_the_prediction(model, complete):
    explanation = model.explain(complete)
    parts = explanation.modalities
    assert set(parts) == set(model.inputs_)
    assert sum(part["shapley"] for part in parts.values()) + explanation.prior == pytest.approx(
        model.predict_proba(complete).max(), abs=1e-9
    )
    assert explanation.prediction == model.predict(complete)[0]
    assert explanation.probabilities == pytest.approx(
        dict(zip(model.classes_, model.predict_proba(complete)[0], strict=True))
    )


def test_what_it_would_say_without_an_input_is_what_it_says_when_the_cells_are_empty(model, complete):
    parts = model.explain(complete).modalities
    without = complete.assign(note="")
    assert parts["note"]["without"]["prediction"] == model.predict(without)[0]
    assert list(parts["note"]["without"]["probabilities"].values()) == pytest.approx(model.predict_proba(without)[0])


def test_an_input_the_row_lacks_has_no_part_in_the_answer(model, complete):
    row = complete.assign(note="")
    explanation = model.explain(row)
    assert explanation.modalities["note"]["shapley"] == 0
    assert not explanation.modalities["note"]["present"]
    assert explanation.modalities["note"]["without"]["probabilities"] == explanation.probabilities
    assert explanation.probability - explanation.prior == pytest.approx(explanation.modalities["table"]["shapley"])
    assert explanation.interactions == {}


def test_a_row_in_which_nothing_can_be_read_and_several_rows_are_refused(model):
    with pytest.raises(DataError, match="nothing in this row"):
        model.explain(TEST.iloc[[0]].assign(note="", height="", width=""))
    with pytest.raises(DataError, match="one row, not of 2"):
        model.explain(TEST.iloc[:2])
    with pytest.raises(ConfigError, match="no explainer"):
        model.explain(TEST.iloc[[0]], methods=["tea_leaves"])


def test_the_votes_of_the_members_make_the_answer(model, complete):
    explanation = model.explain(complete)
    root = explanation.voice
    np.testing.assert_allclose(root.probabilities, model.predict_proba(complete)[0])
    assert sum(part.weight for part in root.parts) == pytest.approx(1)
    mean = sum(part.weight * part.probabilities for part in root.parts)
    tempered = mean ** (1 / root.facts["temperature"])
    np.testing.assert_allclose(tempered / tempered.sum(), root.probabilities, atol=1e-6)
    members = {member.name: member for member in model.members_}
    for voice in _leaves(root):
        if voice.name in members:
            vote = members[voice.name].predict(model.read(complete))[0]
            np.testing.assert_allclose(voice.probabilities, vote, atol=1e-9)


def _leaves(voice):
    return [leaf for part in voice.parts for leaf in _leaves(part)] if voice.parts else [voice]


def test_the_nearest_training_rows_are_named_as_in_the_table(model, complete):
    cases = model.explain(complete).cases
    assert [case.distance for case in cases] == sorted(case.distance for case in cases)
    assert len(cases) == 5
    for case in cases:
        assert TRAIN["label"].iloc[case.row] == model.classes_[case.code]
    assert [model.classes_[case.code] for case in cases].count(complete["label"].iloc[0]) >= 4
    assert model.explain(complete, cases=False).cases is None


def test_a_changed_cell_that_changes_the_answer_is_found_and_does(model, complete):
    explanation = model.explain(complete)
    (change,) = explanation.change.changes
    assert change.column == "height"
    assert str(change.after) in {str(float(value)) for value in TRAIN["height"] if value}
    changed = complete.assign(**{change.column: str(change.after)})
    assert model.predict(changed)[0] == model.classes_[explanation.change.code] != explanation.prediction
    np.testing.assert_allclose(model.predict_proba(changed)[0], explanation.change.probabilities, atol=1e-9)


def test_it_survives_saving_and_json(model, complete, tmp_path):
    model.faithfulness_ = {"note": {"passed": True}}
    model.save(tmp_path / "model")
    told, again = (m.explain(complete).to_json() for m in (model, load_model(tmp_path / "model")))
    assert json.loads(json.dumps(told)) == json.loads(json.dumps(again))
    keys = ["prediction", "probabilities", "modalities", "interactions", "within", "faithfulness", "rules"]
    assert list(told)[:7] == keys
    assert told["faithfulness"] == {"note": {"passed": True}}


def test_a_model_saved_before_there_were_explanations_still_explains(model, complete):
    state = model.to_state()
    del state["settings"]["cases"]
    explanation = MultimodalClassifier.from_saved_state(state).explain(complete)
    assert explanation.cases is None
    assert explanation.change is None
    assert explanation.prediction == model.predict(complete)[0]


def test_a_model_told_to_keep_no_cases_keeps_none(complete):
    model = MultimodalClassifier("quick", group="site", cases=False, time_limit=20).fit(TRAIN, "label")
    assert model.saved_state()["explaining"]["cases"] is None
    assert model.explain(complete).cases is None
