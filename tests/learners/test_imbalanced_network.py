"""NeuralClassifier under a remedy: weights, batches, augmentation, a branch; honest probabilities, moved decisions."""

import numpy as np
import pytest
import torch
from torch.nn import functional
from vectors import Vector, samples_of

from polysight import artifact
from polysight.core.errors import ConfigError
from polysight.learners.branched_network import BranchedNetwork, halves
from polysight.learners.neural import NeuralClassifier
from polysight.modalities import ENCODERS, MODALITIES
from polysight.modalities.base import Modality
from polysight.objectives.imbalance.balanced_batches import BalancedBatches
from polysight.training.batches import Batch, Rows

INPUTS = {"left": Vector(columns=("left",)), "right": Vector(columns=("right",))}
COUNTS = (120, 40, 10)


@pytest.fixture(autouse=True)
def _vector_modality(monkeypatch):
    monkeypatch.setitem(MODALITIES._entries, "vector", "vectors:Vector")
    monkeypatch.setitem(ENCODERS._entries, "vector_mlp", "vectors:VectorMLP")


def problem(counts=COUNTS, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.permutation(np.repeat(np.arange(3), counts))
    left, right = (1.4 * np.eye(3)[codes] + rng.normal(size=(len(codes), 3)) for _ in range(2))
    return samples_of(left=left.astype(np.float32), right=right.astype(np.float32)), codes


def fitted(inputs=INPUTS, **options):
    samples, codes = problem()
    common = {"epochs": 8, "batch_size": 32, "validation_fraction": 0.0, "device": "cpu", "width": 16}
    return NeuralClassifier(**{**common, **options}).fit_samples(samples, codes, inputs=inputs, classes=3)


def recalls(model):
    samples, codes = problem((100, 100, 100), seed=1)
    said = model.choose(model.predict_samples(samples))
    return np.array([(said[codes == c] == c).mean() for c in range(3)])


REMEDIES = ["balanced_batches", "class_weights", "rare_augmentation", "rare_branch", "threshold"]


@pytest.mark.parametrize("remedy", REMEDIES)
def test_rare_classes_are_found_more_often_and_probabilities_lean_to_the_table(remedy, tmp_path):
    inputs = {name: Vector(columns=(name,), noise=0.3) for name in INPUTS}
    plain, model = fitted(inputs), fitted(inputs, imbalance=remedy)
    assert recalls(model)[2] > recalls(plain)[2] + 0.1
    assert recalls(model).mean() > recalls(plain).mean()
    samples, _ = problem(seed=2)
    p = model.predict_samples(samples)
    np.testing.assert_allclose(p.sum(axis=1), 1.0)
    # The mean probability of a class is near its share, whatever shares were taught.
    assert np.abs(p.mean(axis=0) - np.array(COUNTS) / 170).max() < 0.12
    artifact.write(tmp_path / "m", model.to_state(), kind="neural")
    again = NeuralClassifier.from_state(artifact.read(tmp_path / "m"))
    np.testing.assert_allclose(again.predict_samples(samples), p, atol=1e-6)
    np.testing.assert_array_equal(again.decision_, model.decision_)
    nothing = samples.hide(["left", "right"])
    np.testing.assert_array_equal(again.predict_samples(nothing), np.tile(model.prior_, (170, 1)))
    assert set(again.choose(again.predict_samples(nothing))) == {0}
    alone = again.predict_samples_per_modality(samples.hide(["right"]))
    np.testing.assert_array_equal(alone["right"], np.tile(model.prior_, (170, 1)))
    np.testing.assert_allclose(alone["left"].sum(axis=1), 1.0)


def test_class_weights_are_those_of_the_objective():
    # Smoothed targets are weighed class by class there and row by row here.
    plain = {"kind": "cross_entropy", "label_smoothing": 0.0}
    ours = fitted(imbalance="class_weights", objective=plain)
    theirs = fitted(objective={**plain, "class_weights": "balanced"})
    for name, value in ours.network_.state_dict().items():
        torch.testing.assert_close(value, theirs.network_.state_dict()[name])


def test_rows_that_choose_the_epoch_are_not_drawn(monkeypatch):
    drawn, original = [], BalancedBatches.batches

    def watched(self, parts, codes, rng):
        batches = original(self, parts, codes, rng)
        drawn.append((len(codes), np.concatenate(batches)))
        return batches

    monkeypatch.setattr(BalancedBatches, "batches", watched)
    looked_at, rows_of = [], Rows.of

    def kept(samples, modalities, codes=None):
        looked_at.append(samples.views["left"].keys)
        return rows_of(samples, modalities, codes)

    monkeypatch.setattr(Rows, "of", kept)
    model = fitted(imbalance="balanced_batches", validation_fraction=0.3, epochs=3)
    training, judging = looked_at[:2]
    assert len(training) + len(judging) == sum(COUNTS)
    assert not set(training) & set(judging)
    # Batches hold positions in the training rows alone, and the judging rows are as they came.
    assert all(count == len(training) and rows.max() < len(training) for count, rows in drawn)
    assert len(set(judging)) == len(judging)
    assert model.history_[-1]["validation_loss"] < 2


def test_the_power_is_chosen_on_the_rows_that_choose_the_epoch():
    model = fitted(imbalance="threshold", validation_fraction=0.3)
    power = np.log(model.decision_) / -np.log(model.prior_)
    np.testing.assert_allclose(power, power[0])
    assert 0 <= power[0] <= 1


def test_a_branched_batch_blends_the_logits_of_pairs_as_in_the_paper():
    model = fitted(imbalance="rare_branch", epochs=1, modality_dropout=0.0)
    network = model.network_
    assert isinstance(network, BranchedNetwork)
    samples, codes = problem()
    batch = Rows.of(samples, model.modalities_, codes).batch(np.r_[0:6, 100:106])
    batch = Batch(batch.arrays, batch.present, batch.targets, progress=0.5)
    network.train()
    for module in network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.eval()
    blended = network(batch)
    halved = [batch.part(slice(0, 6)), batch.part(slice(6, 12))]
    tokens = [network.encode(half) for half in halved]
    first = network.common.answer(network._refined(tokens[0], network.common_blocks)).logits
    second = network.rare.answer(network._refined(tokens[1], network.rare_blocks)).logits
    expected = 0.75 * first + 0.25 * second
    torch.testing.assert_close(blended.logits, torch.cat([expected, expected]), rtol=1e-4, atol=1e-5)
    # alpha * loss(z, y of the first) + (1 - alpha) * loss(z, y of the second)
    losses = functional.cross_entropy(blended.logits, batch.truth, reduction="none")
    y_common, y_rare = batch.truth[:6], batch.truth[6:]
    paper = 0.75 * functional.cross_entropy(expected, y_common) + 0.25 * functional.cross_entropy(expected, y_rare)
    torch.testing.assert_close((losses * halves(batch)).mean(), paper, rtol=1e-4, atol=1e-5)
    network.eval()
    rows = network(halved[0])
    means = [
        branch.answer(network._refined(network.encode(halved[0]), blocks)).logits
        for branch, blocks in ((network.common, network.common_blocks), (network.rare, network.rare_blocks))
    ]
    torch.testing.assert_close(rows.logits, (means[0] + means[1]) / 2)


@pytest.mark.parametrize("fusion", ["gated", "confidence"])
def test_any_fusion_can_be_branched(fusion):
    model = fitted(imbalance="rare_branch", fusion=fusion, epochs=6)
    assert recalls(model).mean() > 0.5
    assert (fusion == "gated") <= (next(model.outputs(problem()[0])).weights is not None)


def test_an_interrupted_branched_training_goes_on_exactly(tmp_path):
    whole = fitted(imbalance="rare_branch", epochs=3)
    fitted(imbalance="rare_branch", epochs=3, checkpoint=tmp_path / "a")
    again = fitted(imbalance="rare_branch", epochs=3, checkpoint=tmp_path / "a")
    for name, value in whole.network_.state_dict().items():
        assert torch.equal(value, again.network_.state_dict()[name])


def test_what_does_not_fit_is_said():
    with pytest.raises(ConfigError, match="mixup=0"):
        fitted(imbalance="rare_branch", mixup=0.2)
    with pytest.raises(ConfigError, match="balanced_batches, which shows a network rare rows"):
        fitted(imbalance="over")

    with pytest.MonkeyPatch.context() as patch, pytest.raises(ConfigError, match="no input can be augmented"):
        patch.setattr(Vector, "augmented", Modality.augmented)
        fitted(imbalance="rare_augmentation")
