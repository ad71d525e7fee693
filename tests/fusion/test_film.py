"""FiLM against Perez et al.: gamma * x + beta, both from what conditions."""

import numpy as np
from formulas import NAMES, WIDTH, Weights, agree, fused_by, gelu, ready, side_by_side, token_batch

from polysight.fusion.film import FiLM


def test_equals_the_formula():
    fusion, batch = ready(FiLM(NAMES, WIDTH)), token_batch()
    fused, w = fused_by(fusion, batch), Weights(fusion)
    for row in range(1, 8):
        means, modulated = w.means(row, batch), []
        for i, x in means.items():
            others = side_by_side({j: mean for j, mean in means.items() if j != i})
            gamma, beta = np.split(w.linear(f"conditions.{i}", others), 2)
            modulated.append(gelu((1 + gamma) * w.linear(f"contents.{i}", x) + beta))
        agree(fused.values[row], np.mean(modulated, axis=0))
    assert fused.weights is None
