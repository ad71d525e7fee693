"""The optimiser: what decays, and the learning rate of every step."""

import numpy as np
import pytest
import torch
from torch import nn

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.training import OPTIMIZERS
from polysight.training.optimizer import AdamW


def test_norms_and_biases_do_not_decay():
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(2, 2))
    decaying, still = AdamW(weight_decay=0.3).build(network).param_groups
    assert [tuple(p.shape) for p in decaying["params"]] == [(2, 1, 3, 3), (2, 2)]
    assert decaying["weight_decay"] == 0.3
    assert still["weight_decay"] == 0.0
    assert len(still["params"]) == 4


def test_one_step_equals_the_formula():
    network = nn.Linear(3, 1, bias=False).double()
    before = network.weight.detach().numpy().copy()
    optimizer = AdamW(learning_rate=0.1, weight_decay=0.5).build(network)
    gradient = np.array([[1.0, -2.0, 0.5]])
    network.weight.grad = torch.from_numpy(gradient)
    optimizer.step()
    expected = before * (1 - 0.1 * 0.5) - 0.1 * gradient / (np.abs(gradient) + 1e-8)
    np.testing.assert_allclose(network.weight.detach().numpy(), expected, atol=1e-10)


def test_the_learning_rate_rises_then_follows_a_cosine_to_zero():
    schedule = AdamW(learning_rate=1.0, warmup=0.1)
    rates = np.array([schedule.learning_rate_at(step, 100) for step in range(100)])
    assert (np.diff(rates[:11]) > 0).all()
    assert rates.argmax() == 10
    np.testing.assert_allclose(rates[10:], 0.5 * (1 + np.cos(np.pi * np.arange(90) / 90)))
    assert 0 < rates[0] < 0.2
    assert rates[-1] < 1e-3


@pytest.mark.parametrize("steps", [1, 2])
def test_even_a_single_step_moves(steps):
    assert AdamW().learning_rate_at(0, steps) > 0


def test_options_are_checked():
    assert build(OPTIMIZERS, {"kind": "adamw", "learning_rate": 0.01}) == AdamW(learning_rate=0.01)
    with pytest.raises(ConfigError, match="learning_rate"):
        build(OPTIMIZERS, {"kind": "adamw", "learning_rate": 0})
