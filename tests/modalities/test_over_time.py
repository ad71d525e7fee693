"""Readers over time: the LSTM against its equations in double precision, masks, and attention."""

import numpy as np
import pytest
import torch
from torch import nn

from polysight.modalities.over_time import Attentive, Recurrent, TemporalAttention


def readers():
    torch.manual_seed(0)
    return [Recurrent(5, 6).eval(), Recurrent(5, 6, nn.GRU).eval(), Attentive(5, 8, 7, depth=1, heads=2).eval()]


def test_the_last_state_is_that_of_the_gates_written_out():
    reader = readers()[0]
    states = torch.randn(2, 4, 5)
    known = torch.tensor([[True] * 4, [True, True, False, False]])
    with torch.no_grad():
        found = reader(states, known)[:, 0].numpy()
    weights = {name: value.detach().double().numpy() for name, value in reader.cell.named_parameters()}

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    for row, steps in enumerate([4, 2]):
        hidden, content = np.zeros(6), np.zeros(6)
        for moment in states[row, :steps].double().numpy():
            gates = weights["weight_ih_l0"] @ moment + weights["bias_ih_l0"]
            gates = gates + weights["weight_hh_l0"] @ hidden + weights["bias_hh_l0"]
            entering, forgetting, candidate, leaving = np.split(gates, 4)
            content = sigmoid(forgetting) * content + sigmoid(entering) * np.tanh(candidate)
            hidden = sigmoid(leaving) * np.tanh(content)
        np.testing.assert_allclose(found[row], hidden, atol=1e-6)


@pytest.mark.parametrize("reader", readers(), ids=["lstm", "gru", "attentive"])
def test_what_is_not_known_has_no_influence(reader):
    states = torch.randn(3, 7, 5)
    known = torch.arange(7) < torch.tensor([[7], [3], [0]])
    other = torch.where(known[..., None], states, torch.full_like(states, 9.0))
    with torch.no_grad():
        one, two = reader(states, known), reader(other, known)
    assert one.shape == (3, 2, reader.width)
    torch.testing.assert_close(one[:2], two[:2], atol=1e-5, rtol=1e-5)
    assert torch.isfinite(one).all()


def test_attention_is_a_weighted_mean():
    attention = TemporalAttention(2)
    nn.init.zeros_(attention.score.weight)
    states = torch.tensor([[[1.0, 2.0], [3.0, 4.0], [99.0, 99.0]]])
    found = attention(states, torch.tensor([[True, True, False]]))
    torch.testing.assert_close(found, torch.tensor([[2.0, 3.0]]))
