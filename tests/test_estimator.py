"""MultimodalClassifier and its siblings: scikit-learn's contract, missing inputs, guards, limits, saving, resuming."""

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import RidgeClassifier
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score

from polysight import (
    FeatureClassifier,
    LateFusionClassifier,
    MultimodalClassifier,
    PolysightError,
    Tabular,
    Text,
    load_model,
)
from polysight.core.errors import IncompatibleError, NotFittedError
from polysight.core.events import listen
from small_problem import small_table

INPUTS = {"note": Text(), "table": Tabular(columns=("height", "width"), categorical=())}
LEARNERS = {
    "features": lambda: FeatureClassifier(inputs=INPUTS, group="site"),
    "late": lambda: LateFusionClassifier(inputs=INPUTS, group="site"),
    "multimodal": lambda: MultimodalClassifier("quick", inputs=INPUTS, group="site"),
}


@pytest.fixture(scope="module")
def train():
    return small_table()


@pytest.fixture(scope="module")
def fresh():
    return small_table(rows=60, seed=1)


@pytest.fixture(scope="module")
def fitted(train):
    return {name: make().fit(train, "label") for name, make in LEARNERS.items()}


@pytest.mark.parametrize("name", LEARNERS)
class TestEveryLearner:
    def test_learns_what_both_inputs_tell(self, fitted, fresh, name):
        assert fitted[name].score(fresh, "label") > 0.6

    def test_probabilities_whatever_is_missing(self, fitted, fresh, name):
        model = fitted[name]
        for lacking in ([], ["note"], ["height", "width"], ["note", "height", "width"]):
            table = fresh.assign(**dict.fromkeys(lacking, ""))
            p = model.predict_proba(table)
            np.testing.assert_allclose(p.sum(axis=1), 1.0)
            assert np.isfinite(p).all()
            np.testing.assert_allclose(model.predict_proba(table.drop(columns=lacking)), p)
        np.testing.assert_allclose(p, np.tile(model.prior_, (len(fresh), 1)))

    def test_a_row_does_not_depend_on_its_neighbours(self, fitted, fresh, name):
        whole = fitted[name].predict_proba(fresh)
        np.testing.assert_allclose(fitted[name].predict_proba(fresh.iloc[::-7]), whole[::-7], atol=1e-9)

    def test_saved_and_loaded_it_answers_the_same(self, fitted, fresh, name, tmp_path):
        fitted[name].save(tmp_path / "model")
        again = load_model(tmp_path / "model")
        assert type(again) is type(fitted[name])
        np.testing.assert_allclose(again.predict_proba(fresh), fitted[name].predict_proba(fresh), atol=1e-12)
        assert again.classes_.tolist() == ["a", "b", "c", "d"]
        other = LateFusionClassifier if name != "late" else FeatureClassifier
        with pytest.raises(IncompatibleError, match="not a"):
            other.load(tmp_path / "model")

    def test_same_seed_same_answer(self, fitted, train, fresh, name):
        again = clone(fitted[name]).fit(train, "label")
        np.testing.assert_array_equal(again.predict_proba(fresh), fitted[name].predict_proba(fresh))

    def test_labels_as_a_column_or_an_array(self, fitted, train, fresh, name):
        # The group column is the same, so are the folds.
        other = clone(fitted[name]).fit(train.drop(columns="label"), train["label"].to_numpy())
        np.testing.assert_allclose(other.predict_proba(fresh), fitted[name].predict_proba(fresh))

    def test_not_fitted_says_so(self, fresh, name):
        with pytest.raises(NotFittedError, match="call fit first"):
            LEARNERS[name]().predict(fresh)


def test_answers_out_of_fold_are_kept_and_saved(fitted, train, tmp_path):
    model = fitted["multimodal"]
    kept = model.out_of_fold_
    assert len(kept.codes) == len(model.splits_)
    (ensemble,) = (row for row in model.leaderboard_ if row["member"] == "ensemble")
    assert (kept.probabilities.argmax(axis=1) == kept.codes).mean() == pytest.approx(ensemble["score"])
    model.save(tmp_path / "model")
    again = load_model(tmp_path / "model").out_of_fold_
    for name in ("probabilities", "codes", "before"):
        np.testing.assert_array_equal(getattr(again, name), getattr(kept, name))


def test_a_model_saved_before_answers_were_kept_still_loads(fitted, fresh):
    state = fitted["multimodal"].to_state()
    del state["out_of_fold"]
    old = MultimodalClassifier.from_state(state)
    assert old.out_of_fold_ is None
    np.testing.assert_array_equal(old.predict_proba(fresh), fitted["multimodal"].predict_proba(fresh))


def test_cross_validation_and_grid_search_work(train):
    X, y = train.drop(columns="label"), train["label"].to_numpy()
    model = FeatureClassifier(inputs=INPUTS)
    scores = cross_val_score(model, X, y, groups=train["site"], cv=GroupKFold(3))
    assert scores.min() > 0.5
    search = GridSearchCV(model, {"estimator": ["logistic", "neighbours"]}, cv=2).fit(X, y)
    assert search.best_params_["estimator"] in ("logistic", "neighbours")


@pytest.mark.parametrize("estimator", ["svm", "boosting", "forest", RidgeClassifier(), RandomForestClassifier(20)])
def test_any_estimator_on_top_of_features(train, fresh, estimator, tmp_path):
    features = {"note": ["tfidf_svd"], "table": ["ordinal" if estimator in ("boosting", "forest") else "onehot"]}
    model = FeatureClassifier(inputs=INPUTS, features=features, estimator=estimator).fit(train, "label")
    p = model.predict_proba(fresh)
    np.testing.assert_allclose(p.sum(axis=1), 1.0)
    assert model.score(fresh, "label") > 0.5


def test_groups_stay_on_one_side_of_every_fold(fitted, train):
    usable = (train[["note", "height", "width"]] != "").any(axis=1)
    folds = train.loc[usable, ["site"]].assign(fold=fitted["multimodal"].splits_)
    assert (folds.groupby("site")["fold"].nunique() == 1).all()


def test_the_ensemble_is_never_worse_than_its_best_member_out_of_fold(fitted):
    rows = {row["member"]: row for row in fitted["multimodal"].leaderboard_}
    single = [row["log_loss"] for name, row in rows.items() if name != "ensemble" and row["log_loss"] is not None]
    assert rows["ensemble"]["log_loss"] <= min(single) + 1e-9


def test_the_leaderboard_tells_all(fitted):
    for row in fitted["multimodal"].leaderboard_:
        assert {"member", "score", "low", "high", "kept", "reason", "seconds"} <= row.keys()
        assert row["reason"]
        if row["score"] is not None:
            assert row["low"] <= row["score"] <= row["high"]
    json.dumps(fitted["multimodal"].leaderboard_, allow_nan=False)


def test_a_tiny_time_limit_leaves_every_input_a_member_and_says_what_was_skipped(train, fresh):
    model = MultimodalClassifier("quick", time_limit=0.001, inputs=INPUTS).fit(train, "label")
    skipped = [row for row in model.leaderboard_ if row["reason"].startswith("skipped")]
    assert skipped
    assert {name for member in model.members_ for name in member.inputs} == {"note", "table"}
    np.testing.assert_allclose(model.predict_proba(fresh).sum(axis=1), 1.0)


def test_lateness_leaves_out_all_but_one_member_of_each_input(train):
    class Late(MultimodalClassifier):
        def _planned(self, facts):
            # Planned for a minute, and then there is no time at all.
            return replace(super()._planned(facts), limit=0.0)

    model = Late("quick", inputs=INPUTS).fit(train, "label")
    assert model.stopped_by_time_
    fitted = [row for row in model.leaderboard_ if row["score"] is not None and row["member"] != "ensemble"]
    assert sorted(row["member"].split(":")[0] for row in fitted if ":" in row["member"]) == ["note", "table"]


def test_finished_folds_are_taken_up_again_only_for_the_same_data_and_settings(train, fresh, tmp_path):
    def fit(table, **changes):
        events = []
        model = MultimodalClassifier("quick", inputs=INPUTS, checkpoints=tmp_path, **changes)
        with listen(lambda event, facts: events.append(event)):
            model.fit(table, "label")
        return model, events

    first, events = fit(train)
    assert "fold_resumed" not in events
    second, events = fit(train)
    assert "fold_started" not in events
    np.testing.assert_array_equal(first.predict_proba(fresh), second.predict_proba(fresh))
    for damaged in tmp_path.rglob("tree.json"):
        damaged.write_text("{")
    _, events = fit(train)
    assert "checkpoint_unusable" in events
    assert "fold_started" in events
    _, events = fit(train.iloc[:-1])
    assert "fold_resumed" not in events


def test_evaluate_gives_metrics_baselines_and_missing_inputs(fitted, fresh):
    ev = fitted["multimodal"].evaluate(fresh, "label")
    assert ev["accuracy"].low <= ev["accuracy"].value <= ev["accuracy"].high
    content = ev.to_json(evaluated_on="test")
    assert {"majority", "note only", "table only"} <= content["baselines"].keys()
    assert {"without note", "without table"} == content["missing"].keys()


def test_an_unknown_preset_offers_the_nearest(train):
    with pytest.raises(PolysightError, match="did you mean 'quick'"):
        MultimodalClassifier("quik", inputs=INPUTS).fit(train, "label")


def test_two_classes_and_integer_labels(train, fresh):
    y = (train["label"].isin(["b", "d"])).astype(int).to_numpy()
    model = MultimodalClassifier("quick", inputs=INPUTS).fit(train, y)
    assert model.classes_.tolist() == [0, 1]
    assert set(model.predict(fresh)) <= {0, 1}
    assert model.score(fresh, fresh["label"].isin(["b", "d"]).astype(int)) > 0.7


def test_one_input_alone(train, fresh):
    model = MultimodalClassifier("quick", inputs={"note": Text()}).fit(train, "label")
    assert model.predict_proba(fresh).shape == (60, 4)
    assert model.best_single_ == "note"
