"""Gated against the formula of its paper, in float64 NumPy."""

import numpy as np
import pytest
import torch

from polysight.core.tokens import Tokens
from polysight.fusion.gated import Gated

WIDTH = 3


def fused_by_formula(fusion, x, present, gate):
    """h = sum_i z_i * tanh(W_i x_i), z from all x; x: (modality, row, width)."""
    state = {name: value.numpy() for name, value in fusion.state_dict().items()}
    x = np.where(present.T[..., None], x, 0.0)
    h = [np.tanh(x[i] @ state[f"proposals.{i}.weight"].T + state[f"proposals.{i}.bias"]) for i in range(len(x))]
    scores = np.concatenate(list(x), axis=1) @ state["scores.weight"].T + state["scores.bias"]
    z = gate(scores.reshape(-1, len(x), WIDTH), present[..., None])
    return (z * np.stack(h, axis=1)).sum(axis=1), z.mean(axis=2)


def softmax_gate(scores, present):
    e = np.exp(scores) * present
    return e / np.maximum(e.sum(axis=1, keepdims=True), 1e-300)


def sigmoid_gate(scores, present):
    return present / (1 + np.exp(-scores))


@pytest.mark.parametrize(("gates", "gate"), [("softmax", softmax_gate), ("sigmoid", sigmoid_gate)])
def test_equals_the_formula(gates, gate):
    torch.manual_seed(0)
    fusion = Gated(["a", "b", "c"], WIDTH, gates=gates).double()
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 8, WIDTH))
    present = np.array([[(row >> i) & 1 for i in range(3)] for row in range(8)], dtype=bool)
    tokens = {
        name: Tokens(torch.from_numpy(x[i])[:, None], torch.from_numpy(present[:, [i]])) for i, name in enumerate("abc")
    }
    with torch.no_grad():
        fused = fusion(tokens)
    values, weights = fused_by_formula(fusion, x, present, gate)
    np.testing.assert_allclose(fused.values.numpy(), values, atol=1e-12)
    np.testing.assert_allclose(fused.weights.numpy(), weights, atol=1e-12)


def test_softmax_of_two_is_the_paper_s_tied_gate():
    torch.manual_seed(1)
    fusion = Gated(["a", "b"], WIDTH).double()
    tokens = {name: Tokens(torch.randn(4, 1, WIDTH).double(), torch.ones(4, 1, dtype=torch.bool)) for name in "ab"}
    with torch.no_grad():
        a, b = (tokens[name].values[:, 0] for name in "ab")
        score_a, score_b = fusion.scores(torch.cat([a, b], dim=1)).chunk(2, dim=1)
        z = torch.sigmoid(score_a - score_b)
        expected = z * torch.tanh(fusion.proposals[0](a)) + (1 - z) * torch.tanh(fusion.proposals[1](b))
        torch.testing.assert_close(fusion(tokens).values, expected)
