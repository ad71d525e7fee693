"""The bridge from a model and a row to a game, and the explainers that stand on it."""

import numpy as np
import pandas as pd
import pytest

from polysight import FeatureClassifier, Text
from polysight.core.config import build
from polysight.data.samples import Samples
from polysight.explain import WITHIN
from polysight.explain.by_units import ByUnits
from polysight.explain.unit_game import AT_ONCE, unit_game
from small_problem import small_table

INPUTS = {"note": Text(), "table": {"kind": "tabular", "columns": ["height", "width"]}}
BY_UNITS = ("kernel_shap", "lime", "occlusion")


@pytest.fixture(scope="module")
def model():
    features = {"note": ["tfidf"], "table": ["onehot"]}
    return FeatureClassifier(INPUTS, features=features).fit(small_table(), "label")


@pytest.fixture(scope="module")
def row(model):
    table = pd.DataFrame([{"note": "gamma red alpha, beta", "height": "2.1", "width": "0.3"}])
    return model.read(table)


class Counting:
    """A model that says how many rows it was asked about."""

    def __init__(self, model):
        self.model, self.asked = model, []
        self.inputs_, self.classes_, self.prior_ = model.inputs_, model.classes_, model.prior_

    def predict_samples(self, samples: Samples):
        self.asked.append(len(samples))
        return self.model.predict_samples(samples)


def test_a_game_answers_what_the_model_says_of_the_row_without_some_words(model, row):
    units, game = unit_game(model, row, "note")
    assert game.players == units.labels == ("gamma", "red", "alpha", "beta")
    shown = np.array([[True] * 4, [True, False, True, True], [False] * 4])
    texts = ["gamma red alpha, beta", "gamma alpha, beta", ""]
    table = pd.DataFrame({"note": texts, "height": "2.1", "width": "0.3"})
    np.testing.assert_allclose(game.value(shown), model.predict_proba(table), atol=1e-7)


def test_all_coalitions_are_asked_about_at_once_up_to_a_limit(model, row, monkeypatch):
    counting = Counting(model)
    _, game = unit_game(counting, row, "note")
    shown = np.random.default_rng(0).random((AT_ONCE + 10, 4)) < 0.5
    answers = game.value(shown)
    assert counting.asked == [AT_ONCE, 10]
    monkeypatch.setattr("polysight.explain.unit_game.BYTES", 50 * sum(view.nbytes for view in row.views.values()))
    unit_game(counting, row, "note")[1].value(shown[:60])
    assert counting.asked[2:] == [50, 10]
    np.testing.assert_allclose(answers[-1:], game.value(shown[-1:]), atol=1e-7)
    assert game.value(shown[:0]).shape == (0, 4)


def test_what_stands_for_hidden_columns_is_averaged_over(model, row):
    counting = Counting(model)
    units, game = unit_game(counting, row, "table")
    shown = np.array([[True, False], [False, False]])
    rows = [version.hidden(shown) for version in units.versions]
    alone = [model.predict_samples(Samples({"note": row.views["note"].take([0, 0]), "table": view})) for view in rows]
    np.testing.assert_allclose(game.value(shown), np.mean(alone, axis=0), atol=1e-7)
    assert counting.asked == [8]
    assert units.labels == ("height", "width")


def test_one_row_is_explained_at_a_time(model, row):
    with pytest.raises(ValueError, match="one row"):
        unit_game(model, row.take([0, 0]), "note")


def test_explanations_leave_no_trace_in_the_cache(model, row, tmp_path, monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path))
    unit_game(model, row, "table")[1].value(np.eye(2, dtype=bool))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", BY_UNITS)
def test_explainers_name_the_word_and_the_column_that_tell(kind, model, row):
    explainer = build(WITHIN, kind)
    assert isinstance(explainer, ByUnits)
    target = int(model.predict_samples(row)[0].argmax())
    assert model.classes_[target] == "b"
    words = explainer.explain(model, row, "note", target, seed=0)
    assert (words.method, words.unit) == (kind, "word")
    assert words.labels[int(words.values.argmax())] == "red"
    columns = explainer.explain(model, row, "table", target, seed=0)
    assert columns.unit == "column"
    assert columns.labels[int(columns.values.argmax())] == "height"
    again = explainer.explain(model, row, "note", target, seed=0)
    np.testing.assert_array_equal(again.values, words.values)


@pytest.mark.parametrize("kind", BY_UNITS)
def test_an_input_the_row_lacks_has_no_explanation(kind, model, row):
    assert build(WITHIN, kind).explain(model, row.hide(["note"]), "note", 0, seed=0) is None


def test_shares_add_up_to_the_answer(model, row):
    target = 1
    found = build(WITHIN, "kernel_shap").explain(model, row, "note", target, seed=0)
    whole, without = model.predict_samples(row)[0, target], model.predict_samples(row.hide(["note"]))[0, target]
    assert found.facts["whole"] == pytest.approx(whole, abs=1e-7)
    assert found.facts["empty"] == pytest.approx(without, abs=1e-7)
    assert found.values.sum() == pytest.approx(whole - without, abs=1e-6)
    assert found.facts["exact"]


def test_what_is_told_is_json(model, row):
    import json

    for kind in BY_UNITS:
        told = build(WITHIN, kind).explain(model, row, "note", 0, seed=0).to_json()
        assert json.loads(json.dumps(told))["asked"] >= 5
