"""Grad-CAM finds planted patches, is the paper's formula on a plain network, and shows nothing where nothing is."""

import numpy as np
import pytest
import torch
from plain_network import PlainNetwork
from planted_patches import SIDE, patched, trained

from polysight.explain.faithfulness import ALIKE
from polysight.explain.grad_cam import GradCam, grad_cam, mean_grad_cam
from polysight.explain.randomised import rank_correlations, without_learning
from polysight.explain.trained import TrainedNetwork
from polysight.modalities.image.modality import Image


@pytest.fixture(scope="module")
def model():
    return trained()


def hits(heat, inside):
    """In how many images the hottest pixel lies on the patch."""
    flat = heat.reshape(len(heat), -1)
    return inside.reshape(len(heat), -1)[np.arange(len(heat)), flat.argmax(axis=1)].mean()


def test_the_hottest_place_lies_on_the_patch_and_not_so_without_learning(model):
    samples, codes, inside = patched(100, seed=9)
    assert (model.predict_samples(samples).argmax(axis=1) == codes).mean() > 0.95
    (network,) = model.networks(samples)
    heat = mean_grad_cam([network], samples, "photo", codes)
    assert heat.shape == (100, 1, SIDE, SIDE)
    assert heat.min() >= 0
    np.testing.assert_allclose(heat.sum(axis=(1, 2, 3)), 1.0)
    assert hits(heat, inside) >= 0.9
    forgetful = without_learning(network, seed=0)
    other = grad_cam(forgetful, samples, "photo", codes)
    assert hits(other, inside) < 0.5
    assert rank_correlations(heat, other).mean() < ALIKE
    # The network itself is as it was.
    np.testing.assert_array_equal(mean_grad_cam([network], samples, "photo", codes), heat)
    assert all(p.requires_grad for p in model.network_.parameters())


def test_a_map_of_the_picture_alone_does_not_change_without_learning():
    samples, _, _ = patched(6, seed=2)
    edges = np.abs(np.diff(samples.views["photo"].arrays["pixels"][:, 0, :, :, 0].astype(float), axis=1))
    assert rank_correlations(edges, edges).mean() > ALIKE
    np.testing.assert_array_equal(rank_correlations(edges, np.zeros_like(edges)), 0.0)


def test_rank_correlation_is_spearmans():
    from scipy.stats import spearmanr

    one, other = np.random.default_rng(0).integers(5, size=(2, 3, 20))
    expected = [spearmanr(a, b).statistic for a, b in zip(one, other, strict=True)]
    np.testing.assert_allclose(rank_correlations(one, other), expected)


def test_it_is_the_formula_on_a_plain_network():
    torch.manual_seed(0)
    network, (samples, _, _) = PlainNetwork().eval(), patched(2, seed=1)
    plain = TrainedNetwork(network, {"photo": Image(columns=("photo",), size=SIDE)})
    heat = grad_cam(plain, samples, "photo", np.array([1, 2]))
    pixels = torch.from_numpy(samples.views["photo"].arrays["pixels"])[:, 0].permute(0, 3, 1, 2).double() / 255
    network = network.double()
    convolution = network.encoders[0].convolve
    with torch.no_grad():
        maps = convolution(pixels)
        empty = convolution(torch.zeros_like(pixels))
    for row, target in enumerate((1, 2)):
        difference, slope = maps[row] - empty[row], torch.zeros(4, dtype=torch.float64)
        for step in (np.arange(200) + 0.5) / 200:
            vector = (empty[row] + step * difference).mean(dim=(1, 2)).requires_grad_(True)
            slope += torch.autograd.grad(network.head(vector).softmax(dim=0)[target], vector)[0] / 200
        # The slope at a place of a map is that at its mean, divided among the places.
        expected = torch.relu((slope[:, None, None] * difference).sum(dim=0)) / SIDE**2
        np.testing.assert_allclose(heat[row, 0], expected, rtol=1e-4, atol=1e-9)


def test_an_explanation_is_about_the_regions_of_the_picture(model):
    samples, codes, inside = patched(8, seed=5)
    for row in range(8):
        found = GradCam().explain(model, samples.take([row]), "photo", int(codes[row]), seed=0)
        assert found.unit == "region"
        assert found.picture.shape == (SIDE, SIDE, 3)
        assert found.heat.shape == (SIDE, SIDE)
        assert len(found.labels) == len(found.values)
        np.testing.assert_allclose(found.values.sum(), 1.0)
        units = model.inputs_["photo"].units(samples.take([row]).views["photo"])
        overlap = np.bincount(units.outline[inside[row]], minlength=len(units))
        assert overlap[found.values.argmax()] > 0
        assert found.facts["networks"] == 1


def test_an_absent_image_and_a_model_without_networks_have_no_map(model):
    samples, _, _ = patched(2, seed=3)
    gone = samples.hide(["photo"])
    (network,) = model.networks(gone)
    assert not grad_cam(network, gone, "photo", np.array([0, 1])).any()
    assert GradCam().explain(model, gone.take([0]), "photo", 0, seed=0) is None

    class Other:
        classes_, inputs_ = model.classes_, model.inputs_

    assert GradCam().explain(Other(), samples.take([0]), "photo", 0, seed=0) is None
    assert GradCam().likeness_without_learning(Other(), samples, "photo", np.array([0, 0]), 0) is None


def test_two_networks_are_averaged(model):
    samples, codes, _ = patched(3, seed=4)
    (network,) = model.networks(samples)
    other = without_learning(network, seed=1)
    maps = [grad_cam(one, samples, "photo", codes) for one in (network, other)]
    both = mean_grad_cam([network, other], samples, "photo", codes)
    mean = (maps[0] + maps[1]) / 2
    np.testing.assert_allclose(both, mean / mean.sum(axis=(1, 2, 3), keepdims=True))
