"""Learners of any target, from features and by a network: one contract for amounts, labels, and several at once."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import Ridge

from polysight import Tabular, Text, load_model
from polysight.core.errors import ConfigError, LabelError, MissingColumnError, NotFittedError
from polysight.learners.regressors import COUNTERPARTS, REGRESSORS, make_regressor
from polysight.learners.target_features import FeatureTargetLearner
from polysight.learners.target_network import NeuralTargetLearner
from small_targets import small_targets

INPUTS = {"note": Text(), "table": Tabular(columns=("height", "width"), categorical=())}
SEVERAL = ["label", "amount", "tags"]
TARGETS = {
    "amount": ("amount", "auto"),
    "tags": ("tags", "multilabel"),
    "several": (SEVERAL, ("classification", "regression", "multilabel")),
}
LEARNERS = {
    "features": lambda task: FeatureTargetLearner(INPUTS, task=task, group="site"),
    "network": lambda task: NeuralTargetLearner(INPUTS, task=task, epochs=12, learning_rate=0.01, device="cpu"),
}
CASES = [(name, target) for name in LEARNERS for target in TARGETS]


@pytest.fixture(scope="module")
def fresh():
    return small_targets(rows=60, seed=1)


@pytest.fixture(scope="module")
def fitted():
    train = small_targets()
    return {(n, t): LEARNERS[n](TARGETS[t][1]).fit(train, TARGETS[t][0]) for n, t in CASES}


@pytest.mark.parametrize("case", CASES, ids="-".join)
class TestEveryLearnerOfTargets:
    def test_learns_what_both_inputs_tell(self, fitted, fresh, case):
        assert fitted[case].score(fresh, TARGETS[case[1]][0]) > 0.45

    def test_answers_whatever_is_missing(self, fitted, fresh, case):
        model = fitted[case]
        for lacking in ([], ["note"], ["height", "width"], ["note", "height", "width"]):
            answers = model.predict_samples(model.read(fresh.assign(**dict.fromkeys(lacking, ""))))
            assert np.isfinite(answers).all()
            np.testing.assert_allclose(model.predict_samples(model.read(fresh.drop(columns=lacking))), answers)
        np.testing.assert_allclose(answers, np.tile(model.prior_, (len(fresh), 1)))

    def test_a_row_does_not_depend_on_its_neighbours(self, fitted, fresh, case):
        model = fitted[case]
        whole = model.predict_samples(model.read(fresh))
        np.testing.assert_allclose(model.predict_samples(model.read(fresh.iloc[::-7])), whole[::-7], atol=1e-5)

    def test_saved_and_loaded_it_answers_the_same(self, fitted, fresh, case, tmp_path):
        model = fitted[case]
        model.save(tmp_path / "model")
        again = load_model(tmp_path / "model")
        assert type(again) is type(model)
        assert again.targets_ == model.targets_
        np.testing.assert_allclose(
            again.predict_samples(again.read(fresh)), model.predict_samples(model.read(fresh)), atol=1e-6
        )

    def test_no_row_gets_no_answer(self, fitted, fresh, case):
        model = fitted[case]
        assert model.predict_samples(model.read(fresh).take([])).shape == (0, model.targets_.answers)


class TestOneTarget:
    def test_amounts_are_predicted_as_an_array_in_their_own_unit(self, fitted, fresh):
        predicted = fitted["features", "amount"].predict(fresh)
        assert isinstance(predicted, np.ndarray)
        assert abs(predicted.mean() - 102) < 3
        ev = fitted["features", "amount"].evaluate(fresh, "amount")
        assert ev["mae"].high < ev.targets["amount"].baselines["mean"].low
        assert fitted["features", "amount"].predict_proba(fresh) == {}

    def test_labels_are_predicted_as_they_are_written(self, fitted, fresh):
        predicted = fitted["network", "tags"].predict(fresh)
        assert set(predicted) <= {"", "tall", "warm", "tall|warm"}
        assert list(fitted["network", "tags"].predict_proba(fresh)["tags"]) == ["tall", "warm"]

    def test_cells_may_be_given_apart_from_the_table(self, fresh):
        table, cells = fresh.drop(columns=["amount", "label", "tags"]), fresh["amount"].astype(float)
        model = FeatureTargetLearner(INPUTS).fit(table, cells.to_numpy())
        assert model.targets_.names == ("target",)
        assert model.score(table, cells) == model.score(table, list(cells))
        lists = [cell.split("|") if cell else [] for cell in fresh["tags"]]
        tagged = FeatureTargetLearner(INPUTS, task="multilabel").fit(table, pd.Series(lists))
        assert tagged.targets_.single.labels == ("tall", "warm")

    def test_an_estimator_may_be_given(self, fresh, tmp_path):
        model = FeatureTargetLearner(INPUTS, estimator=Ridge(alpha=0.1)).fit(fresh, "amount")
        model.save(tmp_path / "model")
        again = load_model(tmp_path / "model")
        np.testing.assert_array_equal(again.predict(fresh), model.predict(fresh))
        assert again.estimator.alpha == 0.1


class TestSeveralTargets:
    def test_each_has_a_column(self, fitted, fresh):
        predicted = fitted["features", "several"].predict(fresh.set_axis(fresh.index + 5))
        assert list(predicted.columns) == SEVERAL
        assert predicted.index[0] == 5
        assert set(fitted["features", "several"].predict_proba(fresh)) == {"label", "tags"}
        told = fitted["features", "several"].told(np.tile(fitted["features", "several"].prior_, (2, 1)))
        assert list(told)[:2] == ["prediction_label", "probability_label_a"]
        assert {"prediction_amount", "probability_tags_tall"} <= set(told)

    def test_a_row_need_not_have_every_target(self, fresh):
        train = small_targets()
        train.loc[::2, "amount"] = ""
        train.loc[1::4, "label"] = None
        for name in LEARNERS:
            model = LEARNERS[name]("auto").fit(train, ["label", "amount"])
            assert model.score(fresh, ["label", "amount"]) > 0.3

    def test_the_network_learns_how_sure_each_target_is(self, fitted):
        variances = fitted["network", "several"].variances_
        assert set(variances) == set(SEVERAL)
        assert all(0 < v != 1 for v in variances.values())
        assert fitted["network", "amount"].variances_ == {"amount": 1.0}

    def test_without_uncertainty_targets_count_alike(self):
        options = {"epochs": 2, "uncertainty": False, "fusion": "gated", "losses": {"amount": {"kind": "squared"}}}
        model = NeuralTargetLearner(INPUTS, device="cpu", **options).fit(small_targets(60), ["label", "amount"])
        assert set(model.variances_.values()) == {1.0}


def test_the_same_seed_gives_the_same_network():
    answers = []
    for _ in range(2):
        model = NeuralTargetLearner(INPUTS, epochs=2, device="cpu", random_state=3).fit(small_targets(60), "amount")
        answers.append(model.predict(small_targets(20, seed=2)))
    np.testing.assert_array_equal(*answers)


def test_every_kind_of_classifier_has_a_regressor():
    from polysight.learners.estimators import ESTIMATORS

    X, y = np.random.default_rng(0).normal(size=(2, 30, 2))
    for kind in ESTIMATORS:
        assert COUNTERPARTS.get(kind, kind) in REGRESSORS
        assert make_regressor({"kind": kind}, seed=0).fit(X, y[:, 0]).predict(X).shape == (30,)
    assert make_regressor({"kind": "svm", "gamma": 0.2, "C": 3.0}, seed=0).gamma == 0.2


class TestWhatIsRefused:
    def test_options_that_do_not_fit(self):
        train = small_targets(60)
        with pytest.raises(ConfigError, match="no regressor"):
            FeatureTargetLearner(INPUTS, estimator=3).fit(train, "amount")
        for options, message in (
            ({"fusion": "mean_logits"}, "fuses decisions"),
            ({"losses": {"amont": "huber"}}, "no target 'amont'"),
            ({"losses": {"amount": "binary_cross_entropy"}}, "a loss for multilabel"),
            ({"epochs": 0}, "does not fit"),
        ):
            with pytest.raises(ConfigError, match=message):
                NeuralTargetLearner(INPUTS, device="cpu", **options).fit(train, "amount")

    def test_targets_that_do_not_fit(self, fitted, fresh):
        train = small_targets(60)
        with pytest.raises(MissingColumnError, match="amuont"):
            FeatureTargetLearner(INPUTS).fit(train, ["amuont", "label"])
        with pytest.raises(ConfigError, match="named twice"):
            FeatureTargetLearner(INPUTS).fit(train, ["amount", "amount"])
        with pytest.raises(ConfigError, match="2 kinds for 1 targets"):
            FeatureTargetLearner(INPUTS, task=["regression", "auto"]).fit(train, "amount")
        with pytest.raises(LabelError, match="3 labels for 60 rows"):
            FeatureTargetLearner(INPUTS).fit(train, [1.0, 2.0, 3.0])
        with pytest.raises(LabelError, match="1 targets, the model predicts"):
            fitted["features", "several"].evaluate(fresh, "amount")
        with pytest.raises(NotFittedError):
            clone(fitted["features", "amount"]).predict(fresh)
        with pytest.raises(ConfigError, match="both the target and the group"):
            FeatureTargetLearner(INPUTS, group="amount").fit(train, ["label", "amount"])


def test_columns_that_give_any_target_away_are_no_inputs():
    train = small_targets(200, missing=0.0)
    copied = train.assign(euros=train["amount"].astype(float) * 0.9, kind=train["label"].map(str.upper))
    model = FeatureTargetLearner().fit(copied.drop(columns="tags"), ["label", "amount"])
    used = {column for modality in model.inputs_.values() for column in modality.columns}
    assert not {"euros", "kind", "label", "amount"} & used
    assert "height" in used
