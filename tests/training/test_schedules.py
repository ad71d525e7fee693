"""Schedules against PyTorch's, and at their ends."""

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.training import SCHEDULES
from polysight.training.schedules import Constant, Cosine, OneCycle, Steps


def shares(schedule, steps):
    return np.array([schedule.share(step, steps) for step in range(steps)])


def torch_shares(make, steps):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0, momentum=0.9)
    scheduler = make(optimizer)
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return np.array(found)


def test_cosine_rises_then_follows_a_cosine_to_zero():
    rates = shares(Cosine(), 100)
    assert (np.diff(rates[:11]) > 0).all()
    assert rates.argmax() == 10
    np.testing.assert_allclose(rates[10:], 0.5 * (1 + np.cos(np.pi * np.arange(90) / 90)))
    assert 0 < rates[0] < 0.2
    assert rates[-1] < 1e-3


def test_cosine_without_warmup_is_pytorch_s():
    expected = torch_shares(lambda o: lr_scheduler.CosineAnnealingLR(o, 40, eta_min=0.1), 40)
    np.testing.assert_allclose(shares(Cosine(warmup=0.0, floor=0.1), 40), expected, atol=1e-12)


@pytest.mark.parametrize("steps", [10, 37, 200])
def test_one_cycle_is_pytorch_s(steps):
    expected = torch_shares(
        lambda o: lr_scheduler.OneCycleLR(o, 1.0, total_steps=steps + 1, cycle_momentum=False), steps + 1
    )
    np.testing.assert_allclose(shares(OneCycle(), steps + 1), expected, atol=1e-12)


def test_step_is_pytorch_s():
    expected = torch_shares(lambda o: lr_scheduler.MultiStepLR(o, [20, 30], gamma=0.2), 40)
    np.testing.assert_allclose(shares(Steps(after=(0.5, 0.75), factor=0.2), 40), expected)


def test_constant_is_one():
    assert (shares(Constant(), 7) == 1).all()


@pytest.mark.parametrize("kind", sorted(SCHEDULES))
@pytest.mark.parametrize("steps", [1, 2, 3, 100])
def test_every_step_moves_and_none_goes_beyond_the_learning_rate(kind, steps):
    found = shares(SCHEDULES.load(kind)(), steps)
    assert (found > 0).all()
    assert (found <= 1 + 1e-12).all()


@pytest.mark.parametrize(
    "spec", [{"kind": "cosine", "warmup": 1.5}, {"kind": "one_cycle", "rising": 0}, {"kind": "step", "after": [2]}]
)
def test_options_are_checked(spec):
    with pytest.raises(ConfigError, match="does not fit"):
        build(SCHEDULES, spec)
