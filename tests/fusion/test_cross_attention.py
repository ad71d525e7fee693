"""CrossModal against attention of each modality's tokens to those of each other one."""

import numpy as np
import pytest
from formulas import NAMES, WIDTH, Weights, agree, attention, fused_by, ready, token_batch

from polysight.core.errors import ConfigError
from polysight.fusion.cross_attention import CrossModal


def by_formula(w, row, batch, heads):
    x = {
        i: w.norm(f"norms.{i}", batch[n][0][row][batch[n][1][row]])
        for i, n in enumerate(NAMES)
        if batch[n][1][row].any()
    }
    vectors = []
    for i, own in x.items():
        values = own.copy()
        for place, j in enumerate([j for j in range(3) if j != i]):
            if j in x:
                look = f"seekers.{i}.looks.{place}"
                keys, contents = np.split(w.linear(f"{look}.keys_contents", x[j]), 2, axis=1)
                gathered, _ = attention(w.linear(f"{look}.queries", own), keys, contents, heads)
                values += w.linear(f"{look}.output", gathered)
        vectors.append((values + w.feed_forward(f"seekers.{i}.network", values)).mean(axis=0))
    return w.norm("norm", np.stack(vectors)).mean(axis=0)


@pytest.mark.parametrize("counts", [(1, 3, 2), (1, 1, 1)])
def test_equals_the_formula_for_sequences_and_for_single_tokens(counts):
    fusion, batch = ready(CrossModal(NAMES, WIDTH, heads=2)), token_batch(counts)
    fused, w = fused_by(fusion, batch), Weights(fusion)
    for row in range(1, 8):
        agree(fused.values[row], by_formula(w, row, batch, heads=2))


def test_one_modality_alone_goes_through_the_layers_at_the_end():
    fusion, batch = ready(CrossModal(["b"], WIDTH, heads=2)), {"b": token_batch()["b"]}
    w, fused = Weights(fusion), fused_by(fusion, batch)
    values, present = batch["b"]
    x = w.norm("norms.0", values[7][present[7]])
    agree(fused.values[7], w.norm("norm", (x + w.feed_forward("seekers.0.network", x)).mean(axis=0)))


def test_heads_must_divide_the_width():
    with pytest.raises(ConfigError, match="multiple of heads"):
        CrossModal(NAMES, WIDTH, heads=3)
