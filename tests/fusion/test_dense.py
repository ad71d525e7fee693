"""Dense against one matrix over all modalities side by side."""

import numpy as np
import torch
from formulas import NAMES, WIDTH, Weights, agree, fused_by, ready, token_batch
from torch import nn

from polysight.core.tokens import Tokens
from polysight.fusion.dense import Dense


def test_equals_the_formula():
    fusion, batch = ready(Dense(NAMES, WIDTH)), token_batch()
    fused, w = fused_by(fusion, batch), Weights(fusion)
    for row in range(1, 8):
        means = [values[row][there[row]].mean(axis=0) for values, there in batch.values() if there[row].any()]
        agree(fused.values[row], np.maximum(np.sum(means, axis=0) + w["bias"], 0))


def test_blocks_given_to_encoders_are_one_dense_layer_over_modalities_of_any_width():
    rng, widths = np.random.default_rng(0), {"a": 5, "b": 2, "c": 9}
    blocks = {name: ready(nn.Linear(width, WIDTH, bias=False)) for name, width in widths.items()}
    fusion, flat = ready(Dense(NAMES, WIDTH)), {name: rng.normal(size=(1, width)) for name, width in widths.items()}
    with torch.no_grad():
        tokens = {
            n: Tokens(blocks[n](torch.from_numpy(flat[n]))[:, None], torch.ones(1, 1, dtype=torch.bool)) for n in NAMES
        }
        ours = fusion(tokens).values[0]
    matrix = np.hstack([blocks[name].weight.detach().numpy() for name in NAMES])
    expected = matrix @ np.concatenate([flat[name][0] for name in NAMES]) + Weights(fusion)["bias"]
    agree(ours, np.maximum(expected, 0))
