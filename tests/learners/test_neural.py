"""NeuralClassifier: learns from two views, answers with one, comes back from its state, resumes, obeys its options."""

import dataclasses

import numpy as np
import pytest
import torch
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from vectors import Vector, samples_of

from polysight import artifact
from polysight.core.errors import ConfigError, CorruptError, TrainingError
from polysight.core.events import listen
from polysight.fusion.gated import Gated
from polysight.learners.inner_split import inner_split
from polysight.learners.neural import NeuralClassifier
from polysight.modalities import ENCODERS, MODALITIES
from polysight.objectives.focal import Focal
from polysight.training.adamw import AdamW

INPUTS = {"left": Vector(columns=("left",)), "right": Vector(columns=("right",))}


@pytest.fixture(autouse=True)
def _vector_modality(monkeypatch):
    monkeypatch.setitem(MODALITIES._entries, "vector", "vectors:Vector")
    monkeypatch.setitem(ENCODERS._entries, "vector_mlp", "vectors:VectorMLP")


def halves(rows):
    images, codes = load_digits(return_X_y=True)
    images = images.reshape(-1, 8, 8)[rows]
    left, right = images[:, :, :4].reshape(len(rows), -1), images[:, :, 4:].reshape(len(rows), -1)
    return samples_of(left=left, right=right), codes[rows]


TRAIN, TEST = np.arange(400), np.arange(400, 900)


def fitted(*, rows=TRAIN, **options):
    samples, codes = halves(rows)
    learner = NeuralClassifier(**{"epochs": 3, "validation_fraction": 0.0, "device": "cpu", **options})
    return learner.fit_samples(samples, codes, inputs=INPUTS, classes=10)


@pytest.fixture(scope="module")
def trained():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(MODALITIES._entries, "vector", "vectors:Vector")
        patch.setitem(ENCODERS._entries, "vector_mlp", "vectors:VectorMLP")
        return fitted(epochs=25)


def accuracy(probabilities, codes):
    return float((probabilities.argmax(axis=1) == codes).mean())


def test_beats_chance_by_far_and_is_not_worse_than_logistic_regression(trained):
    samples, codes = halves(TEST)
    (train, train_codes), both = halves(TRAIN), [view.arrays["values"] for view in samples.views.values()]
    scaler = StandardScaler().fit(np.hstack([view.arrays["values"] for view in train.views.values()]))
    linear = LogisticRegression(max_iter=500).fit(
        scaler.transform(np.hstack([view.arrays["values"] for view in train.views.values()])), train_codes
    )
    ours = accuracy(trained.predict_samples(samples), codes)
    assert ours > 0.85
    assert ours >= linear.score(scaler.transform(np.hstack(both)), codes) - 0.02


def test_probabilities_are_float64_rows_that_sum_to_one(trained):
    probabilities = trained.predict_samples(halves(TEST)[0])
    assert probabilities.dtype == np.float64
    assert probabilities.shape == (500, 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1.0, atol=1e-12)


def test_each_input_alone_is_still_an_answer_and_nothing_is_the_prior(trained):
    samples, codes = halves(TEST)
    alone = trained.predict_samples_per_modality(samples)
    for name, other in (("left", "right"), ("right", "left")):
        assert accuracy(trained.predict_samples(samples.hide([other])), codes) > 0.6
        assert accuracy(alone[name], codes) > 0.6
        missing = samples.only([name])
        np.testing.assert_allclose(
            trained.predict_samples(missing), trained.predict_samples(samples.hide([other])), atol=1e-6
        )
    nothing = trained.predict_samples(samples.hide(["left", "right"]))
    np.testing.assert_array_equal(nothing, np.tile(trained.prior_, (500, 1)))
    hidden = trained.predict_samples_per_modality(samples.hide(["left"]))["left"]
    np.testing.assert_array_equal(hidden, np.tile(trained.prior_, (500, 1)))


def test_predictions_do_not_depend_on_the_company(trained):
    samples, _ = halves(TEST[:140])
    together = trained.predict_samples(samples)
    alone = np.concatenate([trained.predict_samples(samples.take([row])) for row in range(0, 140, 20)])
    np.testing.assert_allclose(together[::20], alone, atol=1e-6)
    assert trained.predict_samples(samples.take(np.array([], dtype=int))).shape == (0, 10)


def test_state_round_trip_through_files(trained, tmp_path):
    samples, _ = halves(TEST)
    artifact.write(tmp_path / "m", trained.to_state(), kind="neural")
    torch.manual_seed(99)
    loaded = NeuralClassifier.from_state(artifact.read(tmp_path / "m"))
    assert torch.initial_seed() == 99
    np.testing.assert_allclose(loaded.predict_samples(samples), trained.predict_samples(samples), atol=1e-6)
    assert loaded.history_ == trained.history_
    assert loaded.threads_ == torch.get_num_threads()
    assert loaded.settings() == trained.settings()


def test_weights_of_another_network_are_refused(trained):
    state = trained.to_state()
    state["weights"] = {name: value[:1] for name, value in state["weights"].items()}
    with pytest.raises(CorruptError, match="do not fit"):
        NeuralClassifier.from_state(state)


def test_same_seed_same_weights_and_the_caller_s_random_numbers_stay():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first = fitted()
    assert torch.equal(torch.rand(3), expected)
    second, other = fitted(), fitted(random_state=1)
    for name, value in first.network_.state_dict().items():
        assert torch.equal(value, second.network_.state_dict()[name])
    samples, _ = halves(TEST)
    assert not np.allclose(first.predict_samples(samples), other.predict_samples(samples))


def test_the_order_of_inputs_does_not_matter():
    samples, codes = halves(TRAIN)
    turned = NeuralClassifier(epochs=1, validation_fraction=0.0, device="cpu").fit_samples(
        samples.only(["right", "left"]), codes, inputs=INPUTS, classes=10
    )
    rows, _ = halves(TEST)
    np.testing.assert_allclose(turned.predict_samples(rows), fitted(epochs=1).predict_samples(rows), atol=1e-6)


@pytest.mark.parametrize(
    "options",
    [
        {"fusion": {"kind": "gated", "gates": "sigmoid"}, "objective": "focal"},
        {"fusion": "transformer", "width": 16, "mixup": 0.3},
        {"objective": Focal(gamma=1.0), "optimizer": AdamW(learning_rate=0.003), "auxiliary": 0.0},
        {"optimizer": {"kind": "adamw", "clip": 0.5}, "learning_rate": 0.005, "modality_dropout": 0.0},
        {"fusion": {"kind": "mixture", "top_k": 1}, "mixup": 0.3},
        {"fusion": "evidential", "objective": {"kind": "evidential", "regularization": 0.2}},
        {"fusion": {"kind": "confidence", "temperature": 2.0}, "auxiliary": 0.0},
        {"encoders": {"left": {"kind": "vector_mlp", "hidden": 8}}, "precision": "bf16", "batch_size": 50},
    ],
)
def test_options_clone_train_save_and_load(options):
    learner = fitted(**options)
    copy = clone(learner)
    assert copy.get_params().keys() == learner.get_params().keys()
    samples, codes = halves(TEST)
    probabilities = learner.predict_samples(samples)
    assert accuracy(probabilities, codes) > 0.3
    loaded = NeuralClassifier.from_state(learner.to_state())
    np.testing.assert_allclose(loaded.predict_samples(samples), probabilities, atol=1e-6)


def test_overrides_reach_the_optimizer():
    assert fitted(epochs=20, rows=TRAIN[:64], learning_rate=0.004).history_[2]["learning_rate"] == pytest.approx(
        0.004, rel=0.05
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"epochs": 0}, "epochs"),
        ({"modality_dropout": 1.0}, "modality_dropout"),
        ({"fusion": "gatd"}, "did you mean 'gated'"),
        ({"fusion": {"kind": "gated", "gate": "softmax"}}, "did you mean 'gates'"),
        ({"fusion": Gated(["left", "rigth"], 64)}, "made for left, rigth"),
        ({"fusion": "evidental"}, "did you mean 'evidential'"),
        ({"fusion": {"kind": "tensor", "inner": 10_000}}, "low_rank"),
        ({"encoders": {"lft": "vector_mlp"}}, "did you mean 'left'"),
        ({"time_limit": "soon"}, "duration"),
        ({"device": "gpu"}, "device"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, message):
    with pytest.raises(ConfigError, match=message):
        fitted(**options)


def test_objects_built_by_hand_cannot_be_saved(trained):
    learner = clone(trained).set_params(objective=object())
    with pytest.raises(ConfigError, match="built by hand"):
        learner.settings()


def test_own_answers_need_auxiliary_heads():
    learner = fitted(auxiliary=0.0, epochs=1)
    with pytest.raises(ConfigError, match="auxiliary"):
        learner.predict_samples_per_modality(halves(TEST)[0])


def test_heads_that_are_the_answer_need_no_auxiliary_loss():
    learner, (samples, codes) = fitted(fusion="mean_logits", auxiliary=0.0, epochs=10), halves(TEST)
    alone = learner.predict_samples_per_modality(samples)
    np.testing.assert_allclose(
        learner.predict_samples(samples.hide(["right"])), learner.predict_samples(samples.only(["left"])), atol=1e-6
    )
    np.testing.assert_allclose(alone["left"], learner.predict_samples(samples.only(["left"])), atol=1e-6)
    assert accuracy(learner.predict_samples(samples), codes) > accuracy(alone["left"], codes) > 0.5


def test_rows_with_nothing_and_inputs_with_nothing_are_not_trained_on():
    samples, codes = halves(TRAIN)
    nothing = np.zeros((400, 2), dtype=bool)
    nothing[:50] = True
    nothing[:, 1] = True
    samples = samples.hide_where(nothing)
    options = {"epochs": 2, "validation_fraction": 0.0, "device": "cpu"}
    learner = NeuralClassifier(**options).fit_samples(samples, codes, inputs=INPUTS, classes=10)
    reference = NeuralClassifier(**options).fit_samples(
        samples.take(np.arange(50, 400)), codes[50:], inputs=INPUTS, classes=10
    )
    assert list(learner.modalities_) == ["left"]
    rows, _ = halves(TEST)
    np.testing.assert_allclose(learner.predict_samples(rows), reference.predict_samples(rows), atol=1e-6)
    with pytest.raises(TrainingError, match="no row"):
        NeuralClassifier(**options).fit_samples(samples.hide(["left"]), codes, inputs=INPUTS, classes=10)


def test_validation_rows_come_from_an_inner_split_or_from_the_caller():
    split = fitted(validation_fraction=0.2)
    assert split.history_[-1]["validation_accuracy"] is not None
    samples, codes = halves(TRAIN)
    given = NeuralClassifier(epochs=3, device="cpu").fit_samples(
        samples, codes, inputs=INPUTS, classes=10, validation=halves(TEST)
    )
    best = given.history_[given.best_epoch_ - 1]
    assert best["validation_accuracy"] == accuracy(given.predict_samples(halves(TEST)[0]), TEST_CODES)


TEST_CODES = halves(TEST)[1]


def test_inner_split_keeps_groups_whole_and_gives_up_aloud():
    codes, groups = np.arange(400) % 4, np.arange(400) // 10
    train, held = inner_split(codes, groups, fraction=0.15, seed=0)
    assert not set(groups[train]) & set(groups[held])
    assert 40 <= len(held) <= 80
    heard = []
    with listen(lambda name, facts: heard.append(name)):
        assert inner_split(codes[:100], None, fraction=0.15, seed=0)[1] is None
        assert inner_split(codes, np.zeros(400, dtype=int), fraction=0.15, seed=0)[1] is None
    assert heard == ["no_validation", "no_validation"]


def test_time_limit_stops_and_says_so():
    learner = fitted(epochs=50, time_limit="1ms")
    assert learner.stopped_by_time_
    assert len(learner.history_) == 1


def test_checkpoint_resumes_to_identical_weights(tmp_path):
    whole = fitted(epochs=4)

    def die(name, facts):
        if name == "epoch" and facts["epoch"] == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), listen(die):
        fitted(epochs=4, checkpoint=str(tmp_path / "c"))
    resumed = fitted(epochs=4, checkpoint=tmp_path / "c")
    assert [record["epoch"] for record in resumed.history_] == [1, 2, 3, 4]
    for name, value in whole.network_.state_dict().items():
        assert torch.equal(value, resumed.network_.state_dict()[name])
    with pytest.raises(ConfigError, match="data differ"):
        fitted(epochs=4, rows=TRAIN[:300], checkpoint=tmp_path / "c")


def test_augmentation_touches_training_rows_only():
    samples, codes = halves(TRAIN)
    noisy = {name: dataclasses.replace(modality, noise=0.5) for name, modality in INPUTS.items()}
    options = {"epochs": 2, "validation_fraction": 0.0, "device": "cpu"}
    learner = NeuralClassifier(**options).fit_samples(samples, codes, inputs=noisy, classes=10)
    rows, _ = halves(TEST)
    np.testing.assert_array_equal(learner.predict_samples(rows), learner.predict_samples(rows))
    assert not np.allclose(learner.predict_samples(rows), fitted(epochs=2).predict_samples(rows), atol=1e-3)
