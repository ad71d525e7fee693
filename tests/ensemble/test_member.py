"""Members over repeated folds, folds that lack a class, and deadlines."""

import itertools
import time
from types import SimpleNamespace

import numpy as np
import pytest

from polysight import NeuralClassifier, Text
from polysight.core.errors import OutOfTimeError
from polysight.core.memo import remembering
from polysight.data.splits import repeated_folds
from polysight.ensemble.fold_store import FoldStore
from polysight.ensemble.member import Member, fit_member
from polysight.ensemble.out_of_fold import places
from polysight.learners.features import FeatureClassifier
from polysight.modalities import MODALITIES
from polysight.modalities.inputs import prepare
from small_problem import small_table

TABLE = {"table": MODALITIES.load("tabular")(columns=("height", "width"), categorical=())}


def fit(task, folds):
    return fit_member("m", FeatureClassifier(), ("table",), task, folds, FoldStore(None, ""))


def test_votes_are_the_mean_over_repeats_and_every_model_is_in_the_bag():
    task = prepare(small_table(rows=60), "label", inputs=TABLE)
    ways = repeated_folds(task.codes, None, n=3, repeats=2, seed=0)
    both, alone = fit(task, [*ways[0], *ways[1]]), [fit(task, way) for way in ways]
    shown = frozenset({"table"})
    mean = (alone[0].out_of_fold[shown] + alone[1].out_of_fold[shown]) / 2
    np.testing.assert_allclose(both.out_of_fold[shown], mean, atol=1e-12)
    assert len(both.models) == 6
    for number, (_, left_out) in enumerate(ways[0]):
        assert (places(ways[0])[left_out] == number).all()


def test_a_fold_without_a_class_leaves_it_its_prior():
    task = prepare(small_table(rows=60), "label", inputs=TABLE)
    lacking, others = np.flatnonzero(task.codes == 3), np.flatnonzero(task.codes != 3)
    half = len(others) // 2
    folds = [(others, lacking), (np.concatenate([lacking, others[:half]]), others[half:])]
    votes = fit(task, folds).out_of_fold[frozenset({"table"})][lacking]
    np.testing.assert_allclose(votes.sum(axis=1), 1.0)
    np.testing.assert_allclose(votes[:, 3], 1 / (len(others) + 4), rtol=1e-6)


def test_a_network_that_runs_out_of_time_is_no_member_and_keeps_its_settings():
    task = prepare(small_table(rows=60), "label", inputs=TABLE)
    folds = repeated_folds(task.codes, None, n=3, repeats=1, seed=0)[0]
    learner = NeuralClassifier(epochs=200_000, width=8)
    deadline = time.monotonic() + 0.3
    with pytest.raises(OutOfTimeError, match="fold 1 of 3"):
        fit_member("m", learner, ("table",), task, folds, FoldStore(None, ""), deadline)
    assert learner.time_limit is None
    short = NeuralClassifier(epochs=1, width=8)
    done = fit_member("m", short, ("table",), task, folds, FoldStore(None, ""), time.monotonic() + 600)
    assert [model.time_limit for model in done.models] == [None] * 3


def test_each_set_of_inputs_has_a_scaling_of_its_own_that_is_saved(tmp_path):
    table = small_table(rows=200)
    inputs = {**TABLE, "note": Text(columns=("note",))}
    task = prepare(table, "label", inputs=inputs)
    folds = repeated_folds(task.codes, None, n=3, repeats=1, seed=0)[0]
    member = fit_member("m", FeatureClassifier(), ("table", "note"), task, folds, FoldStore(None, ""))
    assert set(member.scalings) == {frozenset({"table"}), frozenset({"note"}), frozenset({"table", "note"})}
    again = Member.from_state(member.to_state())
    for hidden in ((), ("note",), ("table",)):
        samples = task.samples.hide(hidden)
        np.testing.assert_allclose(again.predict(samples), member.predict(samples), atol=1e-12)
    alone = frozenset({"note"})
    expected = member.scalings[alone].transform(member.out_of_fold[alone])
    np.testing.assert_array_equal(member.judged(alone), expected)
    assert (member.scalings[alone].scale_ != member.scalings[frozenset({"table", "note"})].scale_).any()


def test_no_fold_is_begun_that_would_end_too_late(monkeypatch):
    task = prepare(small_table(rows=60), "label", inputs=TABLE)
    folds = repeated_folds(task.codes, None, n=3, repeats=1, seed=0)[0]
    for deadline, done in ((4.5, 2), (2.5, 1), (5.5, None)):
        # A fold is looked at twice, so it takes a second, and there is a second between folds.
        ticks = itertools.count()
        monkeypatch.setattr(
            "polysight.ensemble.out_of_fold.time", SimpleNamespace(monotonic=lambda t=ticks: float(next(t)))
        )
        arguments = "m", FeatureClassifier(), ("table",), task, folds, FoldStore(None, ""), deadline
        if done is None:
            assert len(fit_member(*arguments).models) == 3
            continue
        with pytest.raises(OutOfTimeError, match=f"after {done} of 3 folds"):
            fit_member(*arguments)


def test_rows_that_are_alike_in_its_inputs_are_asked_about_once(monkeypatch):
    inputs = {**TABLE, "note": Text(columns=("note",))}
    task = prepare(small_table(rows=60), "label", inputs=inputs)
    member = fit(task, repeated_folds(task.codes, None, n=3, repeats=1, seed=0)[0])
    rng = np.random.default_rng(0)
    picks = {name: rng.integers(len(task.samples), size=300) for name in task.samples.names}
    mixed = task.samples.as_origin().recombined(picks)
    expected = member.predict(task.samples.recombined(picks))
    asked = []
    plain = FeatureClassifier.predict_samples
    monkeypatch.setattr(
        FeatureClassifier, "predict_samples", lambda self, s: asked.append(len(s)) or plain(self, s)
    )  # fmt: skip
    with remembering():
        np.testing.assert_allclose(member.predict(mixed), expected, atol=1e-6)
        np.testing.assert_allclose(member.predict(mixed.hide(["note"])), expected, atol=1e-6)
        np.testing.assert_allclose(member.predict(mixed.take(np.arange(300)[::-1])), expected[::-1], atol=1e-6)
    assert len(asked) == 3
    assert max(asked) <= 60


def test_a_member_is_asked_once_about_rows_of_the_same_content():
    task = prepare(small_table(rows=60), "label", inputs={**TABLE, "note": Text(columns=("note",))})
    member = fit(task, repeated_folds(task.codes, None, n=3, repeats=1, seed=0)[0])
    rows = np.array([3, 3, 5, 3, 5, 3, 3])
    asked, predict = [], type(member.models[0]).predict_samples
    model = SimpleNamespace(predict_samples=lambda seen: asked.append(len(seen)) or predict(member.models[0], seen))
    one = Member(member.name, member.inputs, [model], {}, member.scalings)
    np.testing.assert_allclose(one.predict(task.samples.take(rows)), one.predict(task.samples)[rows], atol=1e-9)
    assert asked == [2, 60]
