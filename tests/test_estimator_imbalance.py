"""MultimodalClassifier under a remedy: folds leak nothing, probabilities stay, decisions move and are saved."""

import numpy as np
import pandas as pd
import pytest

from polysight import MultimodalClassifier, Tabular, load_model
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


def test_copies_are_made_inside_training_folds_only(train, monkeypatch):
    calls, original = [], Over.resampled

    def watched(self, matrix, codes, seed):
        new = original(self, matrix, codes, seed)
        calls.append((matrix.shape[0], np.bincount(codes), np.bincount(new[1])))
        return new

    monkeypatch.setattr(Over, "resampled", watched)
    model = MultimodalClassifier("quick", inputs=TABLE, imbalance="over").fit(train, "label")
    names, counts = np.unique(train["label"], return_counts=True)
    folds = model.splits_
    codes = np.searchsorted(names, train["label"].to_numpy())
    trained = [np.bincount(codes[folds != fold], minlength=3).tolist() for fold in np.unique(folds)]
    assert calls
    for rows, before, after in calls:
        # What is copied is exactly the rows of the other folds.
        assert before.tolist() in trained
        assert rows < counts.sum()
        assert after.tolist() == [before.max()] * 3
    # Out-of-fold votes: one a row, of the rows as they are.
    assert all(votes.shape == (len(train), 3) for member in model.members_ for votes in member.out_of_fold.values())
    p = model.predict_proba(train)
    assert np.abs(p.mean(axis=0) - counts / counts.sum()).max() < 0.05


def test_what_does_not_fit_is_said(train):
    with pytest.raises(ConfigError, match="acts on no learner of this plan"):
        MultimodalClassifier("quick", inputs=TABLE, imbalance="balanced_batches").fit(train, "label")
    with pytest.raises(ConfigError, match="did you mean 'threshold'"):
        MultimodalClassifier("quick", inputs=TABLE, imbalance="treshold").fit(train, "label")
