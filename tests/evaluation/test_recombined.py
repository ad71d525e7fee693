"""Recombined rows through a model of features: computed once for all, answered as the rows they would be."""

import numpy as np

from polysight.core.memo import remembering
from polysight.evaluation.recombined import Recombined
from polysight.evaluation.variants import Variants
from polysight.learners.features import FeatureClassifier
from polysight.modalities.inputs import prepare
from polysight.modalities.text.features import Tfidf
from small_problem import small_table

INPUTS = {"note": {"kind": "text"}, "size": {"kind": "tabular", "columns": ["height", "width"]}}


def fitted():
    task = prepare(small_table(90), "label", inputs=INPUTS)
    learner = FeatureClassifier()
    return learner.fit_samples(task.samples, task.codes, inputs=task.inputs, classes=4), task.samples


def test_rows_are_answered_as_they_would_be_and_features_made_once(monkeypatch):
    learner, samples = fitted()
    rng = np.random.default_rng(1)
    calls = []
    plain = Tfidf.transform
    monkeypatch.setattr(Tfidf, "transform", lambda self, derived: calls.append(1) or plain(self, derived))
    asked = Recombined(learner, samples)
    with remembering():
        for _ in range(3):
            picks = {name: rng.integers(90, size=200) for name in samples.names}
            found = asked.probabilities(picks)
            np.testing.assert_allclose(found, learner.predict_samples(samples.recombined(picks)), atol=1e-6)
            np.testing.assert_allclose(asked(picks), np.log(found))
    # Once for all, and once a turn for the rows that were taken without knowing where they come from.
    assert len(calls) == 1 + 3


def test_many_rows_are_asked_about_a_few_at_a_time(monkeypatch):
    learner, samples = fitted()
    monkeypatch.setattr("polysight.evaluation.recombined._ROWS", 50)
    asked = Recombined(learner, samples)
    rows = {name: np.arange(90) for name in samples.names}
    np.testing.assert_allclose(asked.probabilities(rows), learner.predict_samples(samples), atol=1e-6)


def test_variants_are_bit_by_bit_what_was_answered_without_remembering():
    learner, samples = fitted()
    variants = Variants.predict(learner, samples)
    np.testing.assert_array_equal(variants.whole, learner.predict_samples(samples))
    for name in samples.names:
        np.testing.assert_array_equal(variants.without[name], learner.predict_samples(samples.hide([name])))


def test_some_rows_of_variants():
    learner, samples = fitted()
    variants = Variants.predict(learner, samples)
    some = variants.take(np.array([5, 2]))
    np.testing.assert_array_equal(some.alone["note"], variants.alone["note"][[5, 2]])
    assert some.factors is None
    np.testing.assert_array_equal(some.majority, variants.majority[[5, 2]])
