"""Scores of amounts and labels: as scikit-learn computes them, also under weights; intervals; the result as JSON."""

import json

import numpy as np
import pytest
from sklearn import metrics as sk

from polysight.core.errors import DataError
from polysight.data.target_kinds.amount import Amount
from polysight.data.target_kinds.classes import Classes
from polysight.data.target_kinds.labels import Labels
from polysight.data.target_kinds.several import Targets
from polysight.evaluation.evaluate_targets import evaluate_targets
from polysight.evaluation.resampling import Resampling
from polysight.evaluation.target_result import TargetsEvaluation
from polysight.evaluation.target_scores import AmountScores, LabelScores, gain_over
from polysight.evaluation.variants import TargetVariants

RNG = np.random.default_rng(0)
WEIGHTS = RNG.integers(0, 4, size=(60, 3)).astype(float)
WEIGHTS[:, 0] = 1


def test_amounts_are_scored_as_scikit_learn_does():
    truth, said = 1e6 + RNG.normal(size=(2, 60, 1))
    found = AmountScores(Amount("x"), truth, said)(WEIGHTS)
    for k, weights in enumerate(WEIGHTS.T):
        args = truth[:, 0], said[:, 0], weights
        assert found["mae"][k] == pytest.approx(sk.mean_absolute_error(args[0], args[1], sample_weight=weights))
        assert found["rmse"][k] == pytest.approx(sk.root_mean_squared_error(args[0], args[1], sample_weight=weights))
        assert found["r2"][k] == pytest.approx(sk.r2_score(args[0], args[1], sample_weight=weights), rel=1e-6)


def test_r2_of_equal_amounts_is_undefined():
    found = AmountScores(Amount("x"), np.full((4, 1), 7.0), np.arange(4.0)[:, None])(np.ones((4, 1)))
    assert np.isnan(found["r2"][0])
    assert found["mae"][0] == pytest.approx(5.5)


def test_labels_are_scored_as_scikit_learn_does():
    truth = (RNG.random((60, 3)) < [0.5, 0.2, 0.8]).astype(float)
    said = np.clip(0.3 * truth + 0.7 * RNG.random((60, 3)), 0, 1).round(2)
    scores = LabelScores(Labels("x", ("a", "b", "c")), truth, said)
    found, decided = scores(WEIGHTS), (said >= 0.5).astype(int)
    for k, weights in enumerate(WEIGHTS.T):
        w = {"sample_weight": weights}
        assert found["f1_macro"][k] == pytest.approx(sk.f1_score(truth, decided, average="macro", **w))
        assert found["f1_micro"][k] == pytest.approx(sk.f1_score(truth, decided, average="micro", **w))
        assert found["hamming_loss"][k] == pytest.approx(sk.hamming_loss(truth, decided, **w))
        assert found["exact_match"][k] == pytest.approx(sk.accuracy_score(truth, decided, **w))
        expected = sk.average_precision_score(truth, said, average="macro", **w)
        assert found["average_precision"][k] == pytest.approx(expected)
    details = scores.details(Resampling(60, None))
    each = sk.f1_score(truth, decided, average=None)
    assert [details[name]["f1"]["value"] for name in "abc"] == pytest.approx(each)
    assert [details[name]["support"] for name in "abc"] == truth.sum(axis=0).tolist()
    assert details["a"]["f1"]["low"] < details["a"]["f1"]["value"] < details["a"]["f1"]["high"]


def test_a_label_that_is_nowhere_counts_as_zero():
    scores = LabelScores(Labels("x", ("a", "b")), np.array([[1.0, 0.0]] * 3), np.array([[0.9, 0.1]] * 3))
    found = scores(np.ones((3, 1)))
    assert found["f1_macro"][0] == 0.5
    assert np.isnan(found["average_precision"][0])


def test_the_gain_is_positive_where_errors_are_smaller():
    truth = RNG.normal(size=(80, 1))
    near, far = (AmountScores(Amount("x"), truth, truth + s * RNG.normal(size=(80, 1))) for s in (0.1, 1.0))
    gain = gain_over(near, far, Resampling(80, None))
    assert 0 < gain.low < gain.value < gain.high
    assert gain_over(far, near, Resampling(80, None)).value == pytest.approx(-gain.value)


def test_groups_that_err_together_widen_the_interval():
    groups = np.repeat(np.arange(20), 10)
    truth = np.zeros((200, 1))
    truth[0] = 1.0
    said = RNG.normal(size=20)[groups][:, None]
    scores = AmountScores(Amount("x"), truth, said)
    apart, together = (scores.estimates(Resampling(200, g))["mae"] for g in (None, groups))
    assert together.value == apart.value
    assert together.high - together.low > 2 * (apart.high - apart.low)


def several():
    """Three targets, some cells missing, answers that know something."""
    targets = Targets((Classes("label", ("x", "y")), Amount("price"), Labels("tags", ("p", "q"))))
    rng = np.random.default_rng(2)
    codes, price, tags = rng.integers(2, size=90), rng.normal(size=90), rng.integers(2, size=(90, 2))
    truth = np.column_stack([codes, price, tags]).astype(float)
    truth[::9, 1] = np.nan
    p = np.where(codes == 0, 0.8, 0.2)
    good = np.column_stack([p, 1 - p, price + 0.1 * rng.normal(size=90), 0.2 + 0.6 * tags])
    prior = np.tile([0.5, 0.5, 0.0, 0.5, 0.5], (90, 1))
    return targets, truth, TargetVariants(good, {"a": good, "b": prior}, {"a": prior, "b": good}, prior)


def test_every_target_is_judged_on_the_rows_that_have_it():
    targets, truth, variants = several()
    found = evaluate_targets(targets, variants, truth)
    assert found["label.accuracy"].value == 1.0
    assert found["tags.exact_match"].value == 1.0
    assert found.targets["price"].n == 80
    assert found.targets["price"].best_single == "a"
    assert found.targets["price"].fusion_gain.value == 0.0
    assert found.targets["price"].baselines["mean"].value == pytest.approx(np.nanmean(np.abs(truth[:, 1])))
    assert found.targets["price"].missing["without a"]["mae"].value == found.targets["price"].baselines["mean"].value
    assert list(found.targets["tags"].baselines) == ["frequencies", "a only", "b only"]
    assert {note.code for note in found.targets["label"].notes} == {"single_chosen_here"}
    chosen = evaluate_targets(targets, variants, truth, best_single={"label": "b", "price": "b", "tags": "b"})
    assert chosen.targets["price"].fusion_gain.low > 0
    assert chosen.targets["price"].notes == ()


def test_the_result_goes_through_json_and_shows_in_notebooks():
    targets, truth, variants = several()
    found = evaluate_targets(targets, variants, truth)
    plain = json.loads(json.dumps(found.to_json(evaluated_on="test", seconds={"fit": 1.0})))
    assert plain["task"] == "multitask"
    assert plain["metrics"]["price.mae"] == plain["targets"]["price"]["metrics"]["mae"]
    assert TargetsEvaluation.from_json(plain).to_json(evaluated_on="test", seconds={"fit": 1.0}) == plain
    assert "price.mae" in found._repr_html_()
    one = evaluate_targets(Targets((targets.targets[1],)), price_alone(variants), truth[:, 1:2])
    alone = one.to_json(evaluated_on="holdout")
    assert (alone["task"], set(alone["metrics"])) == ("regression", {"mae", "rmse", "r2"})
    assert TargetsEvaluation.from_json(alone, "price")["mae"] == one["mae"]
    assert len(one) == 3
    assert len(one.targets["price"]) == 3
    assert set(one.targets["price"]) == set(one)


def price_alone(variants):
    pick = lambda answers: answers[:, 2:3]  # noqa: E731
    alone = {name: pick(a) for name, a in variants.alone.items()}
    without = {name: pick(a) for name, a in variants.without.items()}
    return TargetVariants(pick(variants.whole), alone, without, pick(variants.majority))


def test_what_cannot_be_judged_is_refused():
    targets, truth, variants = several()
    with pytest.raises(DataError, match="no row to evaluate"):
        evaluate_targets(targets, variants, truth[:0])
    truth[:, 1] = np.nan
    with pytest.raises(DataError, match="no row has this target"):
        evaluate_targets(targets, variants, truth)
    variants.whole[0, 0] = np.inf
    with pytest.raises(DataError, match="not a finite number"):
        evaluate_targets(targets, variants, truth)
