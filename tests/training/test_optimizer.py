"""Optimisers against PyTorch's own and against formulas in float64 NumPy: what decays, what a step is."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from polysight.core.config import build, describe
from polysight.core.errors import ConfigError
from polysight.training import OPTIMIZERS
from polysight.training.adam import Adam
from polysight.training.adamw import AdamW
from polysight.training.sgd import SGD

GRADIENTS = np.random.default_rng(0).normal(size=(6, 1, 3))


def walked(optimizer, gradients=GRADIENTS):
    """Weights of one matrix before and after each step along given gradients."""
    torch.manual_seed(0)
    network = nn.Linear(3, 1, bias=False).double()
    optimizer = optimizer.build(network) if not callable(optimizer) else optimizer(network.parameters())
    weights = [network.weight.detach().numpy().copy()]
    for gradient in gradients:
        network.weight.grad = torch.from_numpy(gradient)
        optimizer.step()
        weights.append(network.weight.detach().numpy().copy())
    return np.array(weights)


@pytest.mark.parametrize("kind", sorted(OPTIMIZERS))
def test_norms_and_biases_do_not_decay(kind):
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(2, 2))
    network[3].bias.requires_grad_(False)
    decaying, still = OPTIMIZERS.load(kind)(weight_decay=0.3).build(network).param_groups
    assert [tuple(p.shape) for p in decaying["params"]] == [(2, 1, 3, 3), (2, 2)]
    assert decaying["weight_decay"] == 0.3
    assert still["weight_decay"] == 0.0
    assert len(still["params"]) == 3


@pytest.mark.parametrize(
    ("ours", "torch_s"),
    [
        (SGD(learning_rate=0.1, momentum=0.0, nesterov=False), lambda p: torch.optim.SGD(p, lr=0.1)),
        (
            SGD(learning_rate=0.1, momentum=0.8, weight_decay=0.2),
            lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.2),
        ),
        (Adam(learning_rate=0.1, betas=(0.8, 0.99)), lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.99))),
        (AdamW(learning_rate=0.1, weight_decay=0.3), lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.3)),
    ],
)
def test_steps_are_pytorch_s(ours, torch_s):
    np.testing.assert_allclose(walked(ours), walked(torch_s), atol=1e-12)


def test_plain_sgd_is_theta_minus_eta_times_the_gradient():
    weights = walked(SGD(learning_rate=0.1, momentum=0.0, nesterov=False))
    for i, gradient in enumerate(GRADIENTS):
        np.testing.assert_allclose(weights[i + 1], weights[i] - 0.1 * gradient, atol=1e-12)


def test_one_step_of_adamw_equals_the_formula():
    before, after = walked(AdamW(learning_rate=0.1, weight_decay=0.5), GRADIENTS[:1])
    gradient = GRADIENTS[0]
    expected = before * (1 - 0.1 * 0.5) - 0.1 * gradient / (np.abs(gradient) + 1e-8)
    np.testing.assert_allclose(after, expected, atol=1e-10)


def uncorrected_adam(theta, gradients, eta, b1=0.9, b2=0.999, eps=1e-8):
    """Adam as it is often written, without dividing the moments by ``1 - b^t``."""
    m = v = np.zeros_like(theta)
    weights = [theta]
    for g in gradients:
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
        weights.append(weights[-1] - eta * m / (np.sqrt(v) + eps))
    return np.array(weights)


def test_adam_without_bias_correction_departs_from_pytorch_s_by_a_known_factor():
    ours = walked(Adam(learning_rate=0.01))
    plain = uncorrected_adam(ours[0], GRADIENTS, 0.01)
    # The first step: eta * sign(g) with the correction, (1 - b1) / sqrt(1 - b2) = 3.162 times that without.
    np.testing.assert_allclose(ours[1] - ours[0], -0.01 * np.sign(GRADIENTS[0]), rtol=1e-6)
    np.testing.assert_allclose((plain[1] - plain[0]) / (ours[1] - ours[0]), 0.1 / np.sqrt(0.001), rtol=1e-5)
    # Step t of the formula with its correction, sqrt(1 - b2^t) / (1 - b1^t), is PyTorch's step.
    corrections = np.array([np.sqrt(1 - 0.999**t) / (1 - 0.9**t) for t in range(1, 7)])
    np.testing.assert_allclose(np.diff(plain, axis=0) * corrections[:, None, None], np.diff(ours, axis=0), rtol=1e-4)


@pytest.mark.parametrize("kind", sorted(OPTIMIZERS))
def test_specs_and_overrides(kind):
    optimizer = build(OPTIMIZERS, {"kind": kind, "learning_rate": 0.01})
    assert optimizer == OPTIMIZERS.load(kind)(learning_rate=0.01)
    assert describe(optimizer) == {"kind": kind, "learning_rate": 0.01}
    assert dataclasses.replace(optimizer, weight_decay=0.7).weight_decay == 0.7


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"kind": "adamw", "learning_rate": 0}, "learning_rate"),
        ({"kind": "adam", "betas": [0.9, 1.0]}, "betas"),
        ({"kind": "sgd", "momentum": 0.0}, "nesterov"),
    ],
)
def test_options_are_checked(spec, message):
    with pytest.raises(ConfigError, match=message):
        build(OPTIMIZERS, spec)
