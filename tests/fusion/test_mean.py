"""Mean against the mean of those present."""

import numpy as np
from formulas import NAMES, PRESENT, WIDTH, Weights, agree, fused_by, ready, token_batch, weights_of

from polysight.fusion.mean import Mean


def test_equals_the_formula():
    fusion, batch = ready(Mean(NAMES, WIDTH)), token_batch()
    fused, w = fused_by(fusion, batch), Weights(fusion)
    for row in range(1, 8):
        means = w.means(row, batch)
        agree(fused.values[row], np.mean(list(means.values()), axis=0))
        agree(fused.weights[row], weights_of(dict.fromkeys(means, 1 / PRESENT[row].sum())))
