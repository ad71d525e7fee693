"""A fusion given one input only: each kind of the registry trains on it and answers, as its contract suite has it."""

import numpy as np
import pytest
from vectors import Vector, samples_of

from polysight.fusion import FUSIONS
from polysight.learners.neural import NeuralClassifier
from polysight.modalities import ENCODERS, MODALITIES


@pytest.mark.parametrize("fusion", sorted(FUSIONS))
def test_every_fusion_works_with_one_input(fusion, monkeypatch):
    monkeypatch.setitem(MODALITIES._entries, "vector", "vectors:Vector")
    monkeypatch.setitem(ENCODERS._entries, "vector_mlp", "vectors:VectorMLP")
    rng, codes = np.random.default_rng(0), np.arange(60) % 3
    samples = samples_of(only=np.eye(3)[codes] + 0.1 * rng.normal(size=(60, 3)))
    learner = NeuralClassifier(
        fusion=fusion, width=16, epochs=15, batch_size=12, learning_rate=0.01, device="cpu", validation_fraction=0.0
    )
    learner.fit_samples(samples, codes, inputs={"only": Vector(columns=("only",))}, classes=3)
    answers = learner.predict_samples(samples)
    assert (answers.argmax(axis=1) == codes).mean() > 0.9
    np.testing.assert_array_equal(learner.predict_samples(samples.hide(["only"]))[0], learner.prior_)
