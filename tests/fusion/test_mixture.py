"""Mixture against sum of G(x) E(x), its sparse gates, and the balance term of Switch Transformers."""

import numpy as np
import pytest
import torch
from formulas import NAMES, WIDTH, Weights, agree, fused_by, gelu, ready, side_by_side, softmax, token_batch, weights_of

from polysight.core.errors import ConfigError
from polysight.fusion.contract import check_fusion
from polysight.fusion.mixture import Mixture


@pytest.mark.parametrize("top_k", [None, 1, 2])
def test_equals_the_formula(top_k):
    fusion, batch = ready(Mixture(NAMES, WIDTH, experts=3, top_k=top_k, hidden=5, balance=0.1)), token_batch()
    fused, w = fused_by(fusion, batch), Weights(fusion)
    chances, chosen = np.zeros((8, 3)), np.zeros((8, 3), dtype=bool)
    for row in range(1, 8):
        means = w.means(row, batch)
        seen = side_by_side(means)
        chances[row] = softmax(w.linear("router", seen))
        chosen[row, np.argsort(chances[row])[-(top_k or 3) :]] = True
        gates, scores = chances[row] * chosen[row], w.linear("listening", seen).reshape(3, 3)
        values, weights = np.zeros(WIDTH), np.zeros(3)
        for e in range(3):
            looks = dict(zip(means, softmax(scores[e, list(means)]), strict=True))
            heard = side_by_side({i: looks[i] * x for i, x in means.items()})
            values += gates[e] * w.linear(f"experts.{e}.2", gelu(w.linear(f"experts.{e}.0", heard)))
            weights += gates[e] / gates.sum() * weights_of(looks)
        agree(fused.values[row], values)
        agree(fused.weights[row], weights)
    if top_k is None:
        assert fused.penalty is None
    else:
        share = chosen[1:].sum(axis=0) / chosen[1:].sum()
        agree(fused.penalty, 0.1 * 3 * (chances * share).sum(axis=1))


def test_the_balance_term_is_least_where_experts_share_the_samples():
    fusion = Mixture(NAMES, WIDTH, experts=2, top_k=1, balance=1.0)
    something = torch.ones(4, 1, dtype=torch.bool)

    def term(chances):
        chances = torch.tensor(chances)
        gates = torch.where(chances == chances.amax(dim=1, keepdim=True), chances, 0.0)
        return float(fusion._penalty(chances, gates, something).mean())

    assert term([[0.9, 0.1], [0.1, 0.9], [0.9, 0.1], [0.1, 0.9]]) == pytest.approx(1.0)
    assert term([[0.9, 0.1]] * 4) == pytest.approx(1.8)


@pytest.mark.parametrize(
    "options", [{"top_k": 1}, {"experts": 3, "top_k": 2, "hidden": 5}, {"balance": 0.0, "top_k": 1}]
)
def test_sparse_mixtures_keep_the_laws(options):
    check_fusion(Mixture, **options)


def test_more_answers_than_experts_are_refused():
    with pytest.raises(ConfigError, match="3 of 2 experts"):
        Mixture(NAMES, WIDTH, experts=2, top_k=3)
