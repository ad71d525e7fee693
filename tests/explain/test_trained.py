"""Which networks an explanation looks into: those whose votes the row's recipe asks for, that look at the input."""

from types import SimpleNamespace

import numpy as np
import pytest
from planted_patches import patched, trained

from polysight import FeatureClassifier, MultimodalClassifier
from polysight.data.samples import Samples
from polysight.ensemble.late import LateFusionClassifier
from polysight.explain.trained import networks_of


@pytest.fixture
def two():
    samples, _, _ = patched(2, seed=0)
    view = samples.views["photo"]
    return Samples({"photo": view, "other": view.hide(np.array([True, False]))})


def test_an_ensemble_names_the_networks_of_members_that_are_asked(two):
    model = MultimodalClassifier()
    network = trained()
    model.members_ = [
        SimpleNamespace(name="net", inputs=("photo",), models=[network, network]),
        SimpleNamespace(name="idle", inputs=("photo",), models=[network]),
        SimpleNamespace(name="features", inputs=("photo", "other"), models=[FeatureClassifier()]),
    ]
    recipes = {frozenset({"photo"}): {"net"}, frozenset({"photo", "other"}): {"features"}}
    model.cookbook_ = SimpleNamespace(recipe=lambda shown: SimpleNamespace(members=recipes[shown]))
    assert len(networks_of(model, two.take([0]), "photo")) == 2
    assert networks_of(model, two.take([1]), "photo") == []
    assert len(networks_of(model, two, "photo")) == 2
    assert networks_of(model, two, "other") == []


def test_late_fusion_names_those_of_its_learners(two):
    model = LateFusionClassifier()
    model.learners_ = {"photo": trained(), "other": FeatureClassifier()}
    (found,) = networks_of(model, two, "photo")
    assert found.network is trained().network_
    assert networks_of(model, two, "other") == []
