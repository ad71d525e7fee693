"""Evaluate: real samples, a real model, and what must come out."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix

from polysight.core.errors import DataError
from polysight.data.samples import Samples
from polysight.data.view import View, content_key
from polysight.evaluation.evaluate import codes_of, evaluate_model, evaluate_variants
from polysight.evaluation.metrics import METRICS
from polysight.evaluation.result import Evaluation
from polysight.evaluation.variants import Variants

KEYS = {
    *("n", "metrics", "per_class", "confusion", "classes", "baselines", "fusion_gain", "missing"),
    *("leaderboard", "evaluated_on", "stopped_by_time", "seconds"),
}


class LateFusion:
    """One logistic regression an input; the mean of the probabilities of the inputs a row has."""

    def fit(self, samples, codes, classes):
        self.classes_ = np.array(classes)
        self.prior_ = np.bincount(codes, minlength=len(classes)) / len(codes)
        self.members = {
            name: LogisticRegression(max_iter=2000).fit(view.arrays["values"], codes)
            for name, view in samples.views.items()
        }
        return self

    def predict_samples(self, samples):
        total = np.zeros((len(samples), len(self.classes_)))
        for name, view in samples.views.items():
            total += self.members[name].predict_proba(view.arrays["values"]) * view.any_present[:, None]
        some = samples.present.any(axis=1, keepdims=True)
        return np.where(some, total / np.maximum(total.sum(axis=1, keepdims=True), 1e-12), self.prior_)


def view_of(values):
    keys = np.array([content_key([row.tobytes()]) for row in values])
    return View({"values": values}, np.ones((len(values), 1), dtype=bool), keys)


def make_samples(seed, rows, strengths):
    random = np.random.default_rng(seed)
    codes = random.choice(3, size=rows, p=[0.5, 0.3, 0.2])
    centres = np.eye(3)
    views = {
        name: view_of(random.normal(size=(rows, 3)) + strength * centres[codes]) for name, strength in strengths.items()
    }
    return Samples(views), codes


STRENGTHS = {"image": 2.0, "note": 1.5, "table": 0.5}


@pytest.fixture(scope="module")
def fitted():
    return LateFusion().fit(*make_samples(0, 600, STRENGTHS), ["cat", "dog", "owl"])


@pytest.fixture(scope="module")
def evaluation(fitted):
    samples, codes = make_samples(1, 400, STRENGTHS)
    return evaluate_model(fitted, samples, codes)


def test_metrics_are_a_mapping_of_estimates(evaluation):
    assert list(evaluation) == list(METRICS)
    assert evaluation["f1_macro"].low < evaluation["f1_macro"].value < evaluation["f1_macro"].high


def test_baselines_and_missing_inputs_come_from_masking(fitted, evaluation):
    samples, codes = make_samples(1, 400, STRENGTHS)
    assert set(evaluation.baselines) == {"majority", "image only", "note only", "table only"}
    assert set(evaluation.missing) == {"without image", "without note", "without table"}
    alone = fitted.predict_samples(samples.hide(["note", "table"])).argmax(axis=1)
    assert evaluation.baselines["image only"].value == pytest.approx(accuracy_score(codes, alone))
    assert evaluation.baselines["majority"].value == pytest.approx((codes == 0).mean())
    without = fitted.predict_samples(samples.hide(["image"])).argmax(axis=1)
    assert evaluation.missing["without image"]["accuracy"].value == pytest.approx(accuracy_score(codes, without))


def test_the_gain_of_fusion_is_against_the_best_single_input(fitted, evaluation):
    assert evaluation.best_single == "image"
    expected = evaluation["accuracy"].value - evaluation.baselines["image only"].value
    assert evaluation.fusion_gain.value == pytest.approx(expected)
    assert "single_chosen_here" in [note.code for note in evaluation.notes]
    samples, codes = make_samples(1, 400, STRENGTHS)
    decided = evaluate_model(fitted, samples, codes, best_single="note")
    assert decided.best_single == "note"
    assert "single_chosen_here" not in [note.code for note in decided.notes]


def test_confusion_and_support_agree_with_scikit_learn(fitted, evaluation):
    samples, codes = make_samples(1, 400, STRENGTHS)
    expected = confusion_matrix(codes, fitted.predict_samples(samples).argmax(axis=1))
    np.testing.assert_array_equal(evaluation.confusion, expected)
    assert [scores.support for scores in evaluation.per_class] == expected.sum(axis=1).tolist()


def test_two_inputs_are_asked_for_once_each(fitted):
    samples, _ = make_samples(2, 30, STRENGTHS)
    variants = Variants.predict(fitted, samples.only(["image", "note"]))
    assert variants.alone["image"] is variants.without["note"]


def test_one_input_has_no_fusion_to_justify(fitted):
    samples, codes = make_samples(2, 50, STRENGTHS)
    evaluation = evaluate_model(fitted, samples.only(["image"]), codes)
    assert evaluation.fusion_gain.reason == "one_input_only"
    assert set(evaluation.baselines) == {"majority"}
    assert evaluation.missing == {}


def test_unseen_labels_and_absent_classes_are_noted_not_fatal(fitted):
    samples, codes = make_samples(3, 60, STRENGTHS)
    kept = np.flatnonzero(codes < 2)
    labels = np.array(["cat", "dog"], dtype=object)[codes[kept]]
    labels[:5] = "zebra"
    evaluation = evaluate_model(fitted, samples.take(kept), codes_of(labels, fitted.classes_))
    notes = {note.code: note.facts for note in evaluation.notes}
    assert notes["unseen_labels"] == {"rows": 5}
    assert notes["absent_classes"] == {"classes": ["owl"]}
    assert evaluation.n == len(kept)
    assert evaluation.confusion.sum() == len(kept) - 5
    assert evaluation.per_class[2].recall.reason == "no_rows"


def test_no_row_is_an_error(fitted):
    samples, codes = make_samples(3, 5, STRENGTHS)
    with pytest.raises(DataError, match="no row"):
        evaluate_model(fitted, samples.take([]), codes[:0])


def test_pooled_folds_are_one_evaluation(fitted, evaluation):
    samples, codes = make_samples(1, 400, STRENGTHS)
    folds = np.array_split(np.random.default_rng(0).permutation(400), 3)
    pooled = Variants.pool([(rows, Variants.predict(fitted, samples.take(rows))) for rows in folds])
    again = evaluate_variants(pooled, codes, fitted.classes_)
    assert again["accuracy"] == evaluation["accuracy"]
    assert again.fusion_gain == evaluation.fusion_gain


def test_json_holds_the_contract_and_comes_back(evaluation):
    plain = evaluation.to_json(evaluated_on="test", seconds={"fit": 1.0, "predict": 0.1})
    text = json.dumps(plain, allow_nan=False)
    assert set(plain) == KEYS | {"notes"}
    again = Evaluation.from_json(json.loads(text))
    assert again.to_json(evaluated_on="test", seconds={"fit": 1.0, "predict": 0.1}) == plain
    assert set(plain["missing"]["without image"]) == set(METRICS)


def test_same_rows_and_seed_give_the_same_bytes(fitted, evaluation):
    samples, codes = make_samples(1, 400, STRENGTHS)
    again = evaluate_model(fitted, samples, codes)
    assert json.dumps(again.to_json(evaluated_on="test")) == json.dumps(evaluation.to_json(evaluated_on="test"))


def test_a_notebook_shows_labels_as_text(evaluation):
    html = evaluation._repr_html_()
    assert "accuracy" in html
    assert "400 rows" in html


def test_codes_of_finds_labels_of_any_type():
    assert codes_of([3, 1, 7], np.array([1, 3])).tolist() == [1, 0, -1]
    assert codes_of(np.array(["NA", "b"]), np.array(["NA", "a"])).tolist() == [0, -1]


FOLDER = Path(__file__).parents[2] / "../shared/data/mfeat6"


@pytest.mark.skipif(not FOLDER.exists(), reason="the shared data set mfeat6 is not there")
def test_real_columns_give_a_fusion_verdict():
    train, test = pd.read_csv(FOLDER / "train.csv"), pd.read_csv(FOLDER / "test.csv")

    def read(table):
        views = {
            kind: view_of(np.log1p(np.abs(table.filter(regex=f"^{kind}_").to_numpy(float)))) for kind in ("fou", "zer")
        }
        return Samples(views)

    classes = np.unique(train["label"])
    model = LateFusion().fit(read(train), codes_of(train["label"], classes), classes)
    evaluation = evaluate_model(model, read(test), codes_of(test["label"], classes))
    assert evaluation["accuracy"].low > 0.6
    assert evaluation.baselines["majority"].value == pytest.approx(0.1, abs=0.02)
