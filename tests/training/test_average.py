"""The running mean of weights against NumPy."""

import numpy as np
import torch
from torch import nn

from polysight.training.average import Average


def test_follows_the_formula_for_weights_and_running_statistics():
    torch.manual_seed(0)
    network = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2)).double()
    average = Average(network, 0.8)
    expected = {name: value.numpy().copy() for name, value in network.state_dict().items()}
    for step in range(60):
        with torch.no_grad():
            network[0].weight.add_(torch.randn(2, 3))
        network(torch.randn(5, 3, dtype=torch.float64))
        average.update(network, step)
        kept = min(0.8, (1 + step) / (10 + step))
        for name, value in network.state_dict().items():
            expected[name] = kept * expected[name] + (1 - kept) * value.numpy()
    state = average.to_state()
    for name in ("0.weight", "1.running_mean", "1.running_var"):
        np.testing.assert_allclose(state[name], expected[name], rtol=1e-12)
    assert state["1.num_batches_tracked"] == 60


def test_the_network_that_is_trained_is_left_alone():
    network = nn.Linear(2, 2)
    before = network.weight.detach().clone()
    average = Average(network, 0.5)
    with torch.no_grad():
        average.network.weight.add_(1.0)
    assert torch.equal(network.weight, before)
