"""The harness: the mandatory baselines, nothing made twice, a cut-off comparison ends like one that was not."""

import numpy as np
import pytest
from contests import COMMON, INPUTS, split_of

from polysight.comparison.baselines import best_baseline
from polysight.comparison.harness import Harness
from polysight.comparison.method import Method
from polysight.core.errors import TrainingError
from polysight.core.events import listen

LEARNER = Method.learner
METHODS = [Method("concat"), Method("mean_logits")]


def run(folder, methods=METHODS, seeds=(0,), split=None, **options):
    """The trials, and the trials that were made rather than kept."""
    made = []
    harness = Harness(split or split_of(), methods, {**COMMON, **options}, seeds, folder, additive_rows=12)
    with listen(lambda name, facts: made.append(facts) if name == "trial_finished" else None):
        return harness.run(), [f"{facts['method']} {facts['seed']}" for facts in made if not facts["kept"]]


def same(a, b):
    assert list(a) == list(b)
    for name, trials in a.items():
        for one, other in zip(trials, b[name], strict=True):
            assert list(one.answers) == list(other.answers)
            for what, answers in one.answers.items():
                np.testing.assert_array_equal(answers, other.answers[what])
            if one.additive is not None:
                np.testing.assert_array_equal(one.additive, other.additive)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trials")
    return folder, *run(folder)


def test_methods_stand_beside_each_input_alone_and_their_ensemble(finished):
    _, trials, made = finished
    assert list(trials) == [
        "concat + cross_entropy",
        "mean_logits + cross_entropy",
        "left only",
        "right only",
        "out-of-fold ensemble",
    ]
    assert made == [f"{name} 0" for name in trials]
    split = split_of()
    for trial in (of[0] for of in trials.values()):
        conditions = ["complete", "without left", "without right", "shuffled left", "shuffled right"]
        assert list(trial.answers) == conditions
        for answers in trial.answers.values():
            np.testing.assert_allclose(answers.sum(axis=1), 1.0, atol=1e-5)
            assert len(answers) == len(split.codes)
    alone = trials["left only"][0]
    np.testing.assert_array_equal(alone.answers["complete"], alone.answers["without right"])
    assert np.ptp(alone.answers["without left"], axis=0).max() == 0
    assert trials["out-of-fold ensemble"][0].parameters == 2 * alone.parameters
    assert trials["concat + cross_entropy"][0].additive.shape == (12, 4)
    assert best_baseline({"left only": [alone]}, split.codes) == "left only"


def test_what_is_finished_is_not_made_again_and_seeds_and_methods_can_be_added(finished):
    folder, trials, _ = finished
    again, made = run(folder)
    assert made == []
    same(again, trials)
    more, made = run(folder, [*METHODS, Method("gated")], seeds=(0, 1))
    assert made[0] == "gated + cross_entropy 0"
    assert len(made) == 7
    same({name: of[:1] for name, of in more.items() if name in trials}, trials)


def test_other_settings_or_rows_are_made_anew(finished):
    folder, _, _ = finished
    assert len(run(folder, epochs=2)[1]) == 5
    assert len(run(folder, split=split_of(seed=1))[1]) == 5


def test_a_comparison_that_was_cut_off_ends_as_if_it_had_not_been(finished, tmp_path, monkeypatch):
    _, trials, _ = finished
    with monkeypatch.context() as patched:
        patched.setattr("polysight.comparison.harness.ensemble", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path)
    resumed, made = run(tmp_path)
    assert made == ["out-of-fold ensemble 0"]
    same(resumed, trials)


def diverging(self, common, seed):
    options = {**common, "learning_rate": 1e30, "epochs": 3} if self.fusion == "gated" and seed == 1 else common
    return LEARNER(self, options, seed)


def test_a_method_that_cannot_be_trained_is_given_up_and_the_others_go_on(monkeypatch):
    monkeypatch.setattr(Method, "learner", diverging)
    harness = Harness(split_of(), [Method("concat"), Method("gated")], COMMON, (0, 1), additive_rows=12)
    trials = harness.run()
    assert list(harness.failed) == ["gated + cross_entropy"]
    assert "not a finite number" in harness.failed["gated + cross_entropy"]
    assert "gated + cross_entropy" not in trials
    assert len(trials["concat + cross_entropy"]) == 2
    with pytest.raises(TrainingError, match="not a finite number"):
        run(None, [Method("gated")], seeds=(1,))


def test_one_input_has_nothing_to_be_compared_with():
    trials, _ = run(None, [Method("concat")], split=split_of(inputs={"left": INPUTS["left"]}))
    assert list(trials) == ["concat + cross_entropy"]
    assert list(trials["concat + cross_entropy"][0].answers) == ["complete"]
    assert trials["concat + cross_entropy"][0].additive is None


def test_shuffling_keeps_the_cells_and_moves_them():
    split = split_of()
    shuffled = split.shuffled("left", 0)
    assert (shuffled.views["right"].keys == split.test.views["right"].keys).all()
    moved = shuffled.views["left"].keys != split.test.views["left"].keys
    assert moved.mean() > 0.5
    assert sorted(shuffled.views["left"].keys) == sorted(split.test.views["left"].keys)
    assert len(split.sampled(10)) == 10
    assert len(split.sampled(10_000)) == len(split.test)
