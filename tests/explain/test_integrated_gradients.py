"""Integrated gradients: exact on a linear model, complete on networks of every kind, found in the right place."""

import numpy as np
import pytest
import torch
from plain_network import PlainNetwork
from planted_patches import SIDE, patched, trained

from polysight import NeuralClassifier, Tabular, Text
from polysight.explain.hooks import batch_of, logits_of, nothing_seen
from polysight.explain.integrated_gradients import (
    TOLERANCE,
    Attribution,
    IntegratedGradients,
    integrated_gradients,
    mean_attribution,
)
from polysight.explain.trained import TrainedNetwork
from polysight.modalities.encoder import Sight
from polysight.modalities.image.modality import Image
from small_problem import small_table


@pytest.fixture(scope="module")
def mixed():
    frame = small_table(80, missing=0.0)
    inputs = {"note": Text(max_length=8), "table": Tabular(columns=("height", "width", "site"))}
    options = {"epochs": 12, "batch_size": 16, "validation_fraction": 0.0, "device": "cpu", "width": 16}
    model = NeuralClassifier(inputs, random_state=0, **options).fit(frame, "label")
    return model, frame


def test_parts_of_an_image_sum_to_the_change_and_lie_on_the_patch():
    model, (samples, codes, inside) = trained(), patched(6, seed=11)
    (network,) = model.networks(samples)
    for row in range(6):
        found = integrated_gradients(network, samples.take([row]), "photo", int(codes[row]))
        assert abs(found.gap) <= TOLERANCE
        assert found.complete
        assert inside[row].ravel()[np.abs(found.values).argmax()]
    told = IntegratedGradients().explain(model, samples.take([0]), "photo", int(codes[0]), seed=0)
    np.testing.assert_allclose(told.values.sum(), told.facts["change"] + told.facts["gap"], atol=1e-9)
    assert told.heat.shape == told.picture.shape[:2]
    assert IntegratedGradients().explain(model, samples.take([0]).hide(["photo"]), "photo", 0, seed=0) is None


def test_the_change_is_that_of_an_input_with_nothing_to_see():
    model, (samples, _, _) = trained(), patched(1, seed=12)
    (network,) = model.networks(samples)
    found = integrated_gradients(network, samples, "photo", 0)
    network.network.eval()
    whole = logits_of(network, batch_of(network, samples)).softmax(dim=1)[0, 0].detach()
    stem = network.network.encoders[0].stem
    handle = stem.register_forward_pre_hook(
        lambda _, given: (given[0].mean(dim=(2, 3), keepdim=True).expand_as(given[0]),)
    )
    empty = logits_of(network, batch_of(network, samples)).softmax(dim=1)[0, 0].detach()
    handle.remove()
    assert found.change == pytest.approx(float(whole - empty), abs=1e-6)


@pytest.mark.parametrize("name", ["note", "table"])
def test_words_and_columns_sum_to_the_change(mixed, name):
    model, frame = mixed
    for row in range(3):
        samples = model.read(frame.iloc[[row]])
        target = int(model.predict_samples(samples).argmax())
        (network,) = model.networks(samples)
        found = integrated_gradients(network, samples, name, target)
        assert abs(found.gap) <= TOLERANCE
        told = IntegratedGradients().explain(model, samples, name, target, seed=0)
        assert abs(told.values.sum() - told.facts["change"]) <= TOLERANCE + 1e-6


def test_the_telling_word_and_column_come_first(mixed):
    model, frame = mixed
    telling, found = {"red", "crimson", "scarlet", "blue", "azure", "navy"}, []
    sizes = []
    for row in range(8):
        samples = model.read(frame.iloc[[row]])
        target = int(model.predict_samples(samples).argmax())
        words = IntegratedGradients().explain(model, samples, "note", target, seed=0)
        columns = IntegratedGradients().explain(model, samples, "table", target, seed=0)
        assert set(columns.labels) == {"height", "width", "site"}
        assert words.labels[:3] == tuple(frame["note"].iloc[row].split()[:3])
        found.append(words.labels[np.abs(words.values).argmax()])
        sizes.append(np.abs(columns.values))
    assert np.mean([word in telling for word in found]) >= 0.75
    assert columns.labels[np.mean(sizes, axis=0).argmax()] == "height"


def test_the_mean_over_networks_divides_their_mean_change():
    some = [Attribution(np.full((1, 2), value), 2 * value, 32) for value in (0.1, 0.3)]
    mean = mean_attribution(some)
    assert mean.change == pytest.approx(0.4)
    assert mean.complete
    assert not Attribution(np.zeros((1, 2)), 0.5, 32).complete


def test_nothing_seen_is_the_mean_of_each_channel_or_zeros():
    full = torch.arange(8.0).reshape(1, 2, 2, 2)
    flat = nothing_seen(full, Sight("a", "b", flat=True))
    np.testing.assert_allclose(flat[0, :, 0, 0], [1.5, 5.5])
    assert not nothing_seen(full, Sight("a", "b")).any()


def test_it_is_the_integral_of_the_paper_on_a_plain_network():
    torch.manual_seed(1)
    network, (samples, _, _) = PlainNetwork().eval(), patched(1, seed=1)
    plain = TrainedNetwork(network, {"photo": Image(columns=("photo",), size=SIDE)})
    found = integrated_gradients(plain, samples, "photo", 2)
    pixels = torch.from_numpy(samples.views["photo"].arrays["pixels"])[0].permute(0, 3, 1, 2).double() / 255
    network = network.double()
    total = torch.zeros_like(pixels)
    for share in (np.arange(400) + 0.5) / 400:
        point = (share * pixels).requires_grad_(True)
        answer = network.head(network.encoders[0].convolve(point).mean(dim=(2, 3))).softmax(dim=1)[0, 2]
        total += torch.autograd.grad(answer, point)[0] / 400
    np.testing.assert_allclose(found.values[0], (total * pixels).sum(dim=1)[0], rtol=1e-3, atol=1e-8)
