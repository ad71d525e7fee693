"""What hardly changes from row to row is encoded once, and the answers are the same."""

import numpy as np
import pytest

from polysight import NeuralClassifier, Text
from polysight.data.samples import Samples
from small_problem import small_table

INPUTS = {"note": Text(), "table": {"kind": "tabular", "columns": ["height", "width"]}}


@pytest.fixture(scope="module")
def model():
    return NeuralClassifier(INPUTS, epochs=2, width=8, fusion="gated").fit(small_table(rows=60), "label")


@pytest.fixture
def samples(model):
    return model.read(small_table(rows=60, seed=1))


def encoded_rows(model, monkeypatch):
    seen = {}
    for name, encoder in zip(model.network_.names, model.network_.encoders, strict=True):
        forward = type(encoder).forward

        def counted(self, arrays, present, name=name, forward=forward):
            seen[name] = seen.get(name, 0) + len(present)
            return forward(self, arrays, present)

        monkeypatch.setattr(type(encoder), "forward", counted)
    return seen


def test_an_input_that_is_held_is_encoded_once_a_portion(model, samples, monkeypatch):
    held = samples.take(np.zeros(60, dtype=int)).views["note"]
    rows = Samples({"note": held, "table": samples.views["table"]})
    one_by_one = np.concatenate([model.predict_samples(rows.take([row])) for row in range(60)])
    seen = encoded_rows(model, monkeypatch)
    np.testing.assert_allclose(model.predict_samples(rows), one_by_one, atol=1e-6)
    assert seen["note"] == 1
    assert seen["table"] > 40


def test_rows_of_two_kinds_in_any_order_and_inputs_that_are_not_even_there(model, samples):
    order = np.array([4, 9, 9, 4, 9, 4, 4])
    for some in (samples, samples.only(["table"]), samples.hide(["note"])):
        alone = np.concatenate([model.predict_samples(some.take([row])) for row in order])
        np.testing.assert_allclose(model.predict_samples(some.take(order)), alone, atol=1e-6)
