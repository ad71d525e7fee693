"""FeatureClassifier: what its estimator is trained on, and the search for its settings."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import issparse
from sklearn.linear_model import LogisticRegression

from polysight.core.events import listen
from polysight.data.samples import Samples
from polysight.data.view import Cells
from polysight.learners.base import load_model
from polysight.learners.features import FeatureClassifier
from polysight.modalities.tabular.modality import Tabular
from polysight.modalities.text.modality import Text

ROWS = 60


class Recorder(LogisticRegression):
    """A classifier that keeps the matrix it was trained on."""

    def fit(self, X, y, sample_weight=None):
        self.seen_ = X
        return super().fit(X, y, sample_weight)


def table(rows=ROWS, seed=0):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, rows)
    note = [
        f"{['red', 'blue'][code]} {word}" for code, word in zip(label, rng.choice(["cat", "dog"], rows), strict=True)
    ]
    frame = pd.DataFrame({"note": note, "town": [f"t{i}" for i in rng.integers(0, 9, rows)], "age": rng.normal(label)})
    frame["label"] = np.where(label, "yes", "no")
    frame.loc[::5, "note"] = None
    frame.loc[1::5, ["town", "age"]] = None
    return frame


INPUTS = {"note": Text(), "table": Tabular(columns=("town", "age"), categorical=("town",))}


def dense(matrix):
    return matrix.toarray() if issparse(matrix) else matrix


@pytest.mark.parametrize("note", ["tfidf", "tfidf_svd"])
def test_without_labels_learned_from_training_rows_are_described_like_new_ones(note):
    frame = table()
    features = {"note": [note], "table": ["onehot"]}
    model = FeatureClassifier(INPUTS, features=features, estimator=Recorder()).fit(frame, "label")
    seen = dense(model.estimator_.seen_)
    np.testing.assert_allclose(seen, dense(model.joined_.transform(model.read(frame))), atol=1e-6)
    absent = seen[::5, : model.joined_.blocks[0].transform(model.read(frame).views["note"]).shape[1]]
    assert not absent.any()


def test_with_target_encoding_training_rows_do_not_see_their_own_labels():
    frame = table()
    features = {"table": ["target_encoded"], "note": ["tfidf_svd"]}
    model = FeatureClassifier(INPUTS, features=features, estimator=Recorder()).fit(frame, "label")
    new = model.joined_.transform(model.read(frame))
    assert model.estimator_.seen_.shape == new.shape
    assert not np.allclose(model.estimator_.seen_, new)
    assert not model.estimator_.seen_[1::5, -5:-2].any()


@pytest.mark.parametrize("estimator", ["boosting", "forest"])
def test_trees_learn_from_gaps(estimator):
    rng = np.random.default_rng(0)
    label = rng.integers(0, 2, 120)
    modality = Tabular(columns=("a", "b"), categorical=())
    frame = pd.DataFrame({"a": np.where(label, np.nan, rng.normal(size=120)), "b": rng.normal(size=120)})
    samples = Samples({"table": modality.read(Cells(frame, Path()))})
    learner = FeatureClassifier(features={"table": ["ordinal"]}, estimator=estimator)
    learner.fit_samples(samples.take(range(80)), label[:80], inputs={"table": modality}, classes=2)
    right = learner.predict_samples(samples.take(range(80, 120))).argmax(axis=1) == label[80:]
    assert right.mean() > 0.95


@pytest.mark.parametrize("estimator", ["svm", {"kind": "logistic", "C": 0.5}])
def test_tuned_settings_are_found_kept_and_saved(estimator, tmp_path):
    frame, chosen = table(), []
    with listen(lambda name, facts: chosen.append(facts) if name == "settings_chosen" else None):
        model = FeatureClassifier(INPUTS, estimator=estimator, tune=True).fit(
            frame, "label", groups=np.arange(ROWS) // 3
        )
    # What a spec sets is not searched: one candidate is left, of which there is nothing to say.
    settings = chosen[0]["settings"] if estimator == "svm" else {"C": 0.5}
    assert len(chosen) == (estimator == "svm")
    assert {name: getattr(model.estimator_, name) for name in settings} == settings
    assert model.scaler_ is not None
    assert model.score(frame, "label") > 0.7
    model.save(tmp_path / "model")
    restored = load_model(tmp_path / "model")
    assert restored.tune
    np.testing.assert_allclose(restored.predict_proba(frame), model.predict_proba(frame), atol=1e-9)


def test_target_encodings_are_judged_on_rows_whose_labels_they_have_not_seen():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"town": [f"t{i}" for i in rng.integers(0, 80, 240)], "age": 0.0})
    codes, losses = rng.integers(0, 2, 240), []
    modality = Tabular(columns=("town", "age"), categorical=("town",))
    samples = Samples({"table": modality.read(Cells(frame, Path()))})
    learner = FeatureClassifier(features={"table": ["onehot", "target_encoded"]}, tune=True)
    with listen(lambda name, facts: losses.append(facts["losses"]) if name == "settings_chosen" else None):
        learner.fit_samples(samples, codes, inputs={"table": modality}, classes=2)
    # Labels are noise: at its best temperature no candidate beats a guess. Folds that shared the encoding would.
    assert min(losses[0]) > np.log(2) - 0.01


def test_groups_that_cannot_be_parted_are_searched_by_rows():
    frame = table()
    model = FeatureClassifier(INPUTS, tune=True).fit(frame, "label", groups=np.zeros(ROWS))
    assert model.estimator_.C in (3.0, 10.0, 30.0, 100.0)
    assert np.isfinite(model.predict_proba(frame)).all()
