"""fusion_weights: how much each input counted, row by row, beside the prediction."""

import numpy as np
import pandas as pd
import pytest

from polysight import NeuralClassifier
from polysight.core.errors import ConfigError
from small_problem import small_table

OPTIONS = {"epochs": 1, "validation_fraction": 0.0, "width": 16, "device": "cpu", "group": "site"}


@pytest.mark.parametrize("fusion", ["gated", "confidence"])
def test_each_row_has_the_weights_of_its_inputs(fusion):
    table = small_table(60)
    model = NeuralClassifier(fusion=fusion, **OPTIONS).fit(table, "label")
    rows = table.drop(columns="label").iloc[::-1]
    weights = model.fusion_weights(rows)
    assert list(weights.columns) == list(model.inputs_)
    pd.testing.assert_index_equal(weights.index, rows.index)
    there = model.read(rows).present
    np.testing.assert_array_equal(weights.to_numpy() > 0, there)
    np.testing.assert_allclose(weights.sum(axis=1), there.any(axis=1), atol=1e-5)
    assert (model.fusion_weights(rows.drop(columns="note"))["note"] == 0).all()


def test_a_fusion_without_weights_says_so():
    table = small_table(60)
    with pytest.raises(ConfigError, match="no weights of inputs"):
        NeuralClassifier(fusion="concat", **OPTIONS).fit(table, "label").fusion_weights(table)
