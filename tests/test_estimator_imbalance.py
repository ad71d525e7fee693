"""MultimodalClassifier under a remedy: folds leak nothing, probabilities stay, decisions move and are saved."""

import numpy as np
import pandas as pd
import pytest

from polysight import FeatureClassifier, MultimodalClassifier, Tabular, load_model
from polysight.core.errors import ConfigError
from polysight.objectives.imbalance.over import Over

TABLE = {"table": Tabular(columns=("row", "x", "y"), categorical=())}


def uneven_table(seed=0, counts=(150, 40, 14)):
    rng = np.random.default_rng(seed)
    codes = rng.permutation(np.repeat(np.arange(3), counts))
    values = {"row": 1000.0 + np.arange(len(codes)), "x": rng.normal(1.5 * (codes > 0)), "y": rng.normal(2.0 * codes)}
    return pd.DataFrame({**values, "label": np.array(["common", "middle", "rare"])[codes]})


@pytest.fixture(scope="module")
def train():
    return uneven_table()


@pytest.fixture(scope="module")
def fitted(train):
    return {
        kind: MultimodalClassifier("quick", inputs=TABLE, imbalance=kind).fit(train, "label")
        for kind in (None, "threshold")
    }


def macro(truth, said):
    return np.mean([(said[truth == label] == label).mean() for label in np.unique(truth)])


def test_threshold_moves_decisions_and_no_probability(fitted, train):
    fresh = uneven_table(seed=1, counts=(100, 100, 100))
    plain, model = fitted[None], fitted["threshold"]
    np.testing.assert_array_equal(plain.predict_proba(fresh), model.predict_proba(fresh))
    truth = fresh["label"].to_numpy()
    assert macro(truth, model.predict(fresh)) > macro(truth, plain.predict(fresh)) + 0.02
    assert plain.decision_ is None
    power = np.log(model.decision_) / -np.log(model.prior_)
    np.testing.assert_allclose(power, power[0])
    assert [row["log_loss"] for row in plain.leaderboard_] == [row["log_loss"] for row in model.leaderboard_]


def test_every_number_about_decisions_is_that_of_predict(fitted):
    fresh = uneven_table(seed=2)
    model = fitted["threshold"]
    evaluation, said = model.evaluate(fresh, "label"), model.predict(fresh)
    truth = fresh["label"].to_numpy()
    assert evaluation["accuracy"].value == pytest.approx((said == truth).mean(), abs=1e-8)
    assert evaluation["recall_macro"].value == pytest.approx(macro(truth, said), abs=1e-8)
    assert model.score(fresh, "label") == pytest.approx((said == truth).mean())
    # Whether probabilities are to be believed does not depend on the decision.
    plain = fitted[None].evaluate(fresh, "label")
    assert evaluation["ece"].value == plain["ece"].value
    assert evaluation["log_loss"].value == plain["log_loss"].value


def test_the_decision_is_part_of_the_saved_model(fitted, tmp_path):
    fresh = uneven_table(seed=3)
    fitted["threshold"].save(tmp_path / "m")
    again = load_model(tmp_path / "m")
    np.testing.assert_array_equal(again.decision_, fitted["threshold"].decision_)
    np.testing.assert_array_equal(again.predict(fresh), fitted["threshold"].predict(fresh))


def test_copies_are_made_of_training_rows_of_a_fold_only(train, monkeypatch):
    events = []

    def watch(owner, name, told):
        original = getattr(owner, name)

        def watched(self, first, *rest, **options):
            result = original(self, first, *rest, **options)
            events.append((name, told(first, rest, result)))
            return result

        monkeypatch.setattr(owner, name, watched)

    def keys(samples, rest, result):
        return samples.views["table"].keys.tolist()

    watch(FeatureClassifier, "fit_samples", keys)
    watch(FeatureClassifier, "predict_samples", keys)
    watch(Over, "resampled", lambda matrix, rest, new: (matrix.shape[0], np.bincount(new[1])))
    model = MultimodalClassifier("quick", inputs=TABLE, imbalance="over").fit(train, "label")
    monkeypatch.undo()
    # Each fold: copies (once or, with a temperature to find, twice), then the fit they were for, then its votes.
    copied, taught, folds = [], [], 0
    for name, told in events:
        if name == "resampled":
            copied.append(told)
        elif name == "fit_samples":
            taught, folds = told, folds + 1
            assert copied
            # Never of more rows than the fit was given, and of all of them in the end.
            assert max(rows for rows, _ in copied) == copied[-1][0] == len(taught) < len(train)
            assert all(len(set(after)) == 1 for _, after in copied)
            copied = []
        else:
            assert len(told) == len(set(told)) == len(train) - len(taught)
            assert not set(told) & set(taught)
    assert folds >= 8
    counts = train["label"].value_counts().sort_index().to_numpy()
    p = model.predict_proba(train)
    assert np.abs(p.mean(axis=0) - counts / counts.sum()).max() < 0.05


def test_what_does_not_fit_is_said(train):
    with pytest.raises(ConfigError, match="acts on no learner of this plan"):
        MultimodalClassifier("quick", inputs=TABLE, imbalance="balanced_batches").fit(train, "label")
    with pytest.raises(ConfigError, match="did you mean 'threshold'"):
        MultimodalClassifier("quick", inputs=TABLE, imbalance="treshold").fit(train, "label")
