"""FeatureClassifier under a remedy: training rows alone are changed, probabilities stay honest, decisions move."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from polysight.core.errors import ConfigError
from polysight.data.samples import Samples
from polysight.data.view import Cells
from polysight.learners.base import load_model
from polysight.learners.features import FeatureClassifier
from polysight.learners.teacher import Teacher
from polysight.modalities.tabular.modality import Tabular
from polysight.objectives.imbalance.over import Over
from polysight.objectives.imbalance.smote import Smote

TABLE = Tabular(columns=("row", "x"), categorical=())
#: ``ordinal`` columns are not scaled: the first one says which row it is.
IDS = {"features": {"table": ["ordinal"]}}
COUNTS = (80, 24, 8)


def samples_of(counts=COUNTS, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    frame = pd.DataFrame({"row": np.arange(len(codes)) + 1000.0, "x": rng.normal(1.2 * codes)})
    return Samples({"table": TABLE.read(Cells(frame, Path()))}), codes


def fitted(codes_of=COUNTS, **options):
    samples, codes = samples_of(codes_of)
    learner = FeatureClassifier(**options)
    return learner.fit_samples(samples, codes, inputs={"table": TABLE}, classes=len(codes_of)), samples, codes


@pytest.fixture
def seen(monkeypatch):
    """What a remedy was given and gave, and what was judged, as the numbers of rows."""
    calls = []

    def watched(make):
        def resampled(self, matrix, codes, seed):
            new = make(self, matrix, codes, seed)
            calls.append(("taught", matrix[:, 0], new[0][:, 0], new[1]))
            return new

        return resampled

    monkeypatch.setattr(Over, "resampled", watched(Over.resampled))
    monkeypatch.setattr(Smote, "resampled", watched(Smote.resampled))
    answers = Teacher.answers

    def judged(self, estimator, matrix, *, prior):
        calls.append(("judged", matrix[:, 0]))
        return answers(self, estimator, matrix, prior=prior)

    monkeypatch.setattr(Teacher, "answers", judged)
    return calls


@pytest.mark.parametrize("remedy", ["over", "smote"])
@pytest.mark.parametrize("estimator", ["neighbours", "svm"])
def test_rows_that_judge_are_never_resampled(seen, remedy, estimator):
    model, samples, codes = fitted(**IDS, imbalance=remedy, estimator=estimator, tune=True)
    assert [call[0] for call in seen][-1] == "taught"
    assert len(seen) > 8
    for taught, judged in zip(seen[:-1:2], seen[1::2], strict=True):
        assert (taught[0], judged[0]) == ("taught", "judged")
        assert not set(taught[1]) & set(judged[1])
        # Each judging row once, as it came: of synthetic rows and copies none is among them.
        assert len(set(judged[1])) == len(judged[1])
        assert set(judged[1]) <= set(np.arange(len(codes)) + 1000.0)
        assert len(np.unique(np.bincount(taught[3]))) == 1
    everything = {1000.0 + row for row in range(len(codes))}
    assert set(seen[-1][1]) == everything
    # Fitted again on part of the rows, the others are not among what was taught.
    seen.clear()
    rows = np.arange(0, len(codes), 2)
    clone(model).fit_samples(samples.take(rows), codes[rows], inputs={"table": TABLE}, classes=3)
    taught_rows = {row for call in seen if call[0] == "taught" for row in call[1]}
    assert taught_rows == {1000.0 + row for row in rows}


@pytest.mark.parametrize("remedy", ["over", "class_weights", "smote", {"kind": "over", "share": 0.5}])
def test_probabilities_are_those_of_the_shares_the_table_has(remedy):
    features = {"table": ["onehot"]}
    counts = (900, 300, 100)
    plain, samples, codes = fitted(counts, features=features)
    model, _, _ = fitted(counts, features=features, imbalance=remedy)
    p, q = plain.predict_samples(samples), model.predict_samples(samples)
    np.testing.assert_allclose(q.sum(axis=1), 1.0)
    # A right model of even classes and one of uneven ones differ by the shares alone.
    assert np.abs(q.mean(axis=0) - np.array(counts) / 1300).max() < 0.04
    assert np.abs(p - q).mean() < 0.03
    recalls = [[(said[codes == c] == c).mean() for c in range(3)] for said in (plain.choose(p), model.choose(q))]
    assert np.mean(recalls[1]) > np.mean(recalls[0]) + 0.03
    assert (plain.choose(p) == p.argmax(axis=1)).all()


def test_copies_and_weights_are_the_same_to_a_linear_model():
    samples, codes = samples_of((60, 20, 10))
    models = [
        FeatureClassifier(
            features={"table": ["onehot"]}, imbalance=remedy, estimator=LogisticRegression(C=1e6, tol=1e-9)
        )
        for remedy in ("over", "class_weights", None)
    ]
    over, weighed, plain = (
        m.fit_samples(samples, codes, inputs={"table": TABLE}, classes=3).estimator_.coef_ for m in models
    )
    np.testing.assert_allclose(over, weighed, atol=1e-3)
    assert np.abs(over - plain).max() > 0.1


@pytest.mark.parametrize(
    "estimator", ["logistic", "svm", {"kind": "forest", "n_estimators": 5}, {"kind": "boosting", "max_iter": 5}]
)
@pytest.mark.parametrize("remedy", ["class_weights", "threshold", "under"])
def test_each_estimator_takes_remedies_and_comes_back_from_disk(tmp_path, remedy, estimator):
    features = ["onehot"] if isinstance(estimator, str) else ["ordinal"]
    model, samples, _ = fitted(features={"table": features}, estimator=estimator, imbalance=remedy)
    model.classes_, model.inputs_ = np.arange(3), {"table": TABLE}
    p = model.predict_samples(samples)
    model.save(tmp_path / "m")
    again = load_model(tmp_path / "m")
    np.testing.assert_allclose(again.predict_samples(samples), p, atol=1e-4)
    np.testing.assert_array_equal(again.decision_, model.decision_)
    assert again.imbalance == remedy
    assert len(np.unique(model.choose(p))) == 3


def test_a_remedy_given_as_an_object_is_saved_as_its_spec(tmp_path):
    model, samples, _ = fitted(features={"table": ["onehot"]}, imbalance=Over(share=0.5))
    model.classes_, model.inputs_ = np.arange(3), {"table": TABLE}
    model.save(tmp_path / "m")
    again = load_model(tmp_path / "m")
    assert again.imbalance == {"kind": "over", "share": 0.5}
    np.testing.assert_allclose(again.predict_samples(samples), model.predict_samples(samples))


def test_threshold_changes_no_probability_and_learns_its_power_on_rows_left_out():
    plain, samples, _ = fitted(features={"table": ["onehot"]})
    model, _, _ = fitted(features={"table": ["onehot"]}, imbalance="threshold")
    p = plain.predict_samples(samples)
    np.testing.assert_array_equal(model.predict_samples(samples), p)
    power = np.log(model.decision_) / -np.log(model.prior_)
    np.testing.assert_allclose(power, power[0])
    set_by_hand, _, _ = fitted(features={"table": ["onehot"]}, imbalance={"kind": "threshold", "power": 0.0})
    np.testing.assert_array_equal(set_by_hand.choose(p), p.argmax(axis=1))


def test_predict_says_what_choose_says():
    rng = np.random.default_rng(0)
    codes = np.repeat([0, 1], [190, 10])
    frame = pd.DataFrame({"row": 0.0, "x": rng.normal(codes), "label": np.where(codes, "rare", "common")})
    model = FeatureClassifier({"table": Tabular(columns=("x",))}, imbalance="threshold").fit(frame, "label")
    p = model.predict_proba(frame)
    said = model.predict(frame)
    assert (said == "rare").sum() > (model.classes_[p.argmax(axis=1)] == "rare").sum()
    np.testing.assert_array_equal(said, model.classes_[(p * model.decision_).argmax(axis=1)])
    nothing = frame.assign(x="")
    assert set(model.predict(nothing)) == {"common"}
    evaluation = model.evaluate(frame, "label")
    assert evaluation["accuracy"].value == pytest.approx((said == frame["label"]).mean(), abs=1e-9)
    assert evaluation["recall_macro"].value > 0.6


def test_what_does_not_fit_is_said_before_anything_is_learned():
    with pytest.raises(ConfigError, match="cannot weigh rows"):
        fitted(imbalance="class_weights", estimator="neighbours")
    with pytest.raises(ConfigError, match="use over, which is the same for an estimator"):
        fitted(imbalance="balanced_batches")


def test_a_fold_with_a_single_class_answers_with_the_prior():
    samples, codes = samples_of()
    one = np.flatnonzero(codes == 0)
    model = FeatureClassifier(imbalance="smote").fit_samples(
        samples.take(one), codes[one], inputs={"table": TABLE}, classes=3
    )
    np.testing.assert_array_equal(model.predict_samples(samples), np.tile(model.prior_, (len(codes), 1)))
    assert model.decision_ is None
