"""Bottleneck against Nagrani et al.: modalities alternate with shared tokens, whose copies are averaged."""

import numpy as np
import pytest
from formulas import NAMES, WIDTH, Weights, agree, attention, fused_by, ready, token_batch

from polysight.core.errors import ConfigError
from polysight.fusion.bottleneck import Bottleneck


def block(w, name, x, heads):
    q, k, v = np.split(w.linear(f"{name}.queries_keys_values", w.norm(f"{name}.before_attention", x)), 3, axis=1)
    x = x + w.linear(f"{name}.after_attention", attention(q, k, v, heads)[0])
    return x + w.feed_forward(f"{name}.network", x)


def test_equals_the_formula():
    fusion, batch = ready(Bottleneck(NAMES, WIDTH, bottlenecks=2, depth=3, heads=2)), token_batch()
    fused, w = fused_by(fusion, batch), Weights(fusion)
    for row in range(1, 8):
        streams = {}
        for i, (values, present) in enumerate(batch.values()):
            if present[row].any():
                streams[i] = np.vstack([w["readouts"][i], w.norm(f"norms.{i}", values[row][present[row]])])
        shared = w["shared"]
        for layer in range(3):
            after = {
                i: block(w, f"layers.{layer}.blocks.{i}", np.vstack([x, shared]), heads=2) for i, x in streams.items()
            }
            streams = {i: x[:-2] for i, x in after.items()}
            shared = np.mean([x[-2:] for x in after.values()], axis=0)
        agree(fused.values[row], np.mean([w.norm("norm", x[0]) for x in streams.values()], axis=0))


def test_fewer_than_two_layers_fuse_nothing_and_are_refused():
    with pytest.raises(ConfigError, match="depth of at least 2"):
        Bottleneck(NAMES, WIDTH, depth=1)
