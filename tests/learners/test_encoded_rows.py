"""Encoded rows: encoders run once in a block, and answers are those they would be without one, bit by bit."""

import numpy as np
import pytest

from polysight.core.memo import remembering
from polysight.data.samples import Samples
from polysight.evaluation.recombined import Recombined
from polysight.evaluation.variants import Variants
from polysight.learners.neural import NeuralClassifier
from polysight.modalities.inputs import prepare
from small_problem import small_table

INPUTS = {"note": {"kind": "text"}, "size": {"kind": "tabular", "columns": ["height", "width"]}}


def fitted(fusion="concat", rows=150):
    task = prepare(small_table(rows), "label", inputs=INPUTS)
    learner = NeuralClassifier(
        fusion=fusion, width=8, epochs=1, validation_fraction=0.0, device="cpu", optimizer={"kind": "adamw"}
    )
    return learner.fit_samples(task.samples, task.codes, inputs=task.inputs, classes=4), task


@pytest.mark.parametrize("fusion", ["concat", "transformer", "mean_logits"])
def test_a_recombined_row_is_the_row_it_would_be(fusion):
    learner, task = fitted(fusion)
    rng = np.random.default_rng(0)
    picks = {name: rng.integers(len(task.samples), size=40) for name in task.samples.names}
    found = Recombined(learner, task.samples).probabilities(picks)
    put_together = Samples({name: task.samples.views[name].take(rows) for name, rows in picks.items()})
    np.testing.assert_allclose(found, learner.predict_samples(put_together), atol=1e-6)
    assert (~put_together.present).any(axis=0).all()


def test_where_nothing_is_there_the_prior_answers():
    learner, task = fitted()
    nothing = task.samples.hide(task.samples.names)
    rows = np.arange(3)
    found = Recombined(learner, nothing)({"note": rows, "size": rows[::-1]})
    np.testing.assert_allclose(found, np.tile(np.log(learner.prior_), (3, 1)))
    assert not learner.network_.training


def test_encoders_run_once_and_answers_stay_as_they_are(monkeypatch):
    learner, task = fitted()
    names = task.samples.names
    asked = [task.samples, *(task.samples.hide([name]) for name in names)]
    expected = [learner.predict_samples(samples) for samples in asked]
    calls = []
    plain = type(learner.network_).encode
    monkeypatch.setattr(type(learner.network_), "encode", lambda *args: calls.append(1) or plain(*args))
    with remembering():
        found = [learner.predict_samples(samples) for samples in asked]
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)
    # Two portions of each input as it is, and of each hidden.
    assert len(calls) == 2 * 2 * 2
    calls.clear()
    variants = Variants.predict(learner, task.samples)
    np.testing.assert_array_equal(variants.whole, expected[0])
    assert len(calls) == 2 * 2 * 2


def test_inputs_that_samples_lack_are_absent():
    learner, task = fitted()
    alone = learner.predict_samples(task.samples.only(["note"]))
    np.testing.assert_allclose(alone, learner.predict_samples(task.samples.hide(["size"])), atol=1e-6)
