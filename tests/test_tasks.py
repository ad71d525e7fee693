"""MultimodalRegressor, MultiLabelClassifier, MultiTaskLearner: scikit-learn's contract, missing inputs, saving."""

import numpy as np
import pytest
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.model_selection import GroupKFold, cross_val_score

from polysight import MultiLabelClassifier, MultimodalRegressor, MultiTaskLearner, Tabular, Text, load_model
from polysight.core.events import listen
from small_targets import small_targets

INPUTS = {"note": Text(), "table": Tabular(columns=("height", "width"), categorical=())}
OPTIONS = {"inputs": INPUTS, "group": "site", "time_limit": 3}
ENSEMBLES = {
    "amount": (MultimodalRegressor, "amount"),
    "tags": (MultiLabelClassifier, "tags"),
    "several": (MultiTaskLearner, ["label", "amount"]),
}


@pytest.fixture(scope="module")
def fresh():
    return small_targets(rows=60, seed=1)


@pytest.fixture(scope="module")
def fitted():
    train = small_targets()
    return {name: make("quick", **OPTIONS).fit(train, target) for name, (make, target) in ENSEMBLES.items()}


@pytest.mark.parametrize("name", ENSEMBLES)
class TestEveryEnsemble:
    def test_learns_what_both_inputs_tell(self, fitted, fresh, name):
        assert fitted[name].score(fresh, ENSEMBLES[name][1]) > 0.5

    def test_answers_whatever_is_missing(self, fitted, fresh, name):
        model = fitted[name]
        for lacking in ([], ["note"], ["height", "width"], ["note", "height", "width"]):
            table = fresh.assign(**dict.fromkeys(lacking, ""))
            answers = model.predict_samples(model.read(table))
            assert np.isfinite(answers).all()
        np.testing.assert_allclose(answers, np.tile(model.prior_, (len(fresh), 1)))

    def test_saved_and_loaded_it_answers_the_same(self, fitted, fresh, name, tmp_path):
        model = fitted[name]
        model.save(tmp_path / "model")
        again = load_model(tmp_path / "model")
        assert type(again) is type(model)
        assert again.best_single_ == model.best_single_
        np.testing.assert_allclose(
            again.predict_samples(again.read(fresh)), model.predict_samples(model.read(fresh)), atol=1e-6
        )

    def test_no_member_is_better_on_the_rows_it_was_chosen_on(self, fitted, name):
        board = {row["member"]: row for row in fitted[name].leaderboard_}
        assert board["ensemble"]["kept"]
        assert board["ensemble"]["reason"]
        scores = [row["score"] for row in board.values() if row["score"] is not None]
        assert scores == sorted(scores, reverse=True)

    def test_groups_are_never_divided(self, fitted, name):
        train = small_targets()
        used = train[(train["note"] != "") | (train["height"] != "")]
        folds = used.assign(fold=fitted[name].splits_).groupby("site")["fold"].nunique()
        assert (folds == 1).all()
        assert len(set(fitted[name].splits_)) > 1

    def test_clone_keeps_options(self, fitted, name):
        again = clone(fitted[name])
        assert again.get_params()["group"] == "site"
        assert again.get_params()["time_limit"] == 3


def test_they_are_what_scikit_learn_takes_them_for():
    assert is_regressor(MultimodalRegressor())
    assert is_classifier(MultiLabelClassifier())


def test_cross_validation_of_a_regressor_honours_groups():
    train = small_targets(80, missing=0.0)
    table, amounts = train[["note", "height", "width", "site"]], train["amount"].astype(float)
    scores = cross_val_score(
        MultimodalRegressor("quick", inputs=INPUTS, time_limit=1),
        table,
        amounts,
        groups=train["site"],
        cv=GroupKFold(2),
    )
    assert scores.min() > 0.4


def test_evaluation_says_what_fusion_gains(fitted, fresh):
    ev = fitted["amount"].evaluate(fresh, "amount")
    target = ev.targets["amount"]
    assert target.best_single == fitted["amount"].best_single_["amount"] == "table"
    assert target.fusion_gain.value == pytest.approx(target.baselines["table only"].value - ev["mae"].value)
    assert set(target.missing) == {"without note", "without table"}
    assert not {note.code for note in target.notes} & {"single_chosen_here"}


def test_finished_folds_are_found_again(tmp_path):
    train, options = small_targets(60), {**OPTIONS, "time_limit": 1, "checkpoints": tmp_path}
    told = []
    for run in range(2):
        with listen(lambda name, facts, run=run: told.append((run, name, facts.get("member")))):
            MultimodalRegressor("quick", **options).fit(train, "amount")
    finished = {member for run, name, member in told if (run, name) == (0, "member_finished")}
    resumed = {member for run, name, member in told if (run, name) == (1, "fold_resumed")}
    # How many members there is time for depends on the machine, but none is fitted twice.
    assert finished & resumed
    assert not finished & {member for run, name, member in told if (run, name) == (1, "fold_started")}
