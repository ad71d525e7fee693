"""Loading a model onto a device: every network goes there, the answers stay, one that is not here is told."""

import numpy as np
import pandas as pd
import pytest
import torch

from polysight.core.errors import ConfigError
from polysight.ensemble.late import LateFusionClassifier
from polysight.learners.base import load_model
from polysight.learners.neural import NeuralClassifier
from polysight.modalities.tabular.modality import Tabular


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"a": rng.normal(size=40), "b": rng.normal(size=40)})
    table["label"] = np.where(table["a"] + table["b"] > 0, "up", "down")
    network = NeuralClassifier(epochs=2, width=4, validation_fraction=0.0, device="auto")
    inputs = {"a": Tabular(columns=("a",)), "b": Tabular(columns=("b",))}
    model = LateFusionClassifier(inputs, learner=network).fit(table, "label")
    folder = tmp_path_factory.mktemp("model") / "late"
    model.save(folder)
    return folder, table


def devices_of(model):
    return {parameter.device.type for part in model.learners_.values() for parameter in part.network_.parameters()}


@pytest.mark.parametrize("device", ["cpu", "cuda", "mps"])
def test_every_network_goes_where_it_is_sent_and_answers_alike(saved, device):
    folder, table = saved
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not there[device]:
        with pytest.raises(ConfigError, match=f"no {device} device"):
            load_model(folder, device=device)
        return
    model = LateFusionClassifier.load(folder, device=device)
    assert devices_of(model) == {device}
    assert {part.device for part in model.learners_.values()} == {device}
    np.testing.assert_allclose(model.predict_proba(table), load_model(folder).predict_proba(table), atol=1e-4)


def test_without_a_device_a_model_goes_where_there_is_one(saved):
    assert devices_of(load_model(saved[0])) == devices_of(load_model(saved[0], device="auto"))
    assert {part.device for part in load_model(saved[0]).learners_.values()} == {"auto"}


def test_a_name_that_is_no_device_is_told(saved):
    with pytest.raises(ConfigError, match="did you mean 'cpu'"):
        load_model(saved[0], device="cpuu")
