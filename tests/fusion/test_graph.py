"""ModalityGraph against the attention of Brody et al. with a vector for each edge."""

import numpy as np
from formulas import NAMES, WIDTH, Weights, agree, fused_by, ready, softmax, token_batch, weights_of

from polysight.fusion.graph import ModalityGraph


def elu(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


def test_equals_the_formula():
    fusion, batch = ready(ModalityGraph(NAMES, WIDTH, rounds=2)), token_batch()
    fused, w = fused_by(fusion, batch), Weights(fusion)
    for row in range(1, 8):
        means = w.means(row, batch)
        there, nodes = list(means), np.stack(list(means.values()))
        for r in range(2):
            told, hears = w.linear(f"rounds.{r}.tells", nodes), w.linear(f"rounds.{r}.hears", nodes)
            pairs = hears[:, None] + told[None] + w["edges"][np.ix_(there, there)]
            scores = np.where(pairs > 0, pairs, 0.2 * pairs) @ w[f"rounds.{r}.score.weight"][0]
            looks = softmax(scores)
            nodes = nodes + elu(looks @ told)
        agree(fused.values[row], w.norm("norm", nodes).mean(axis=0))
        agree(fused.weights[row], weights_of(dict(zip(there, looks.mean(axis=0), strict=True))))
