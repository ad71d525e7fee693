"""ModalityAttention against scaled dot-product attention with the mean as query."""

import numpy as np
import pytest
from formulas import NAMES, WIDTH, Weights, agree, attention, fused_by, ready, token_batch, weights_of

from polysight.core.errors import ConfigError
from polysight.fusion.modality_attention import ModalityAttention


def test_equals_the_formula():
    fusion, batch = ready(ModalityAttention(NAMES, WIDTH, heads=2)), token_batch()
    fused, w = fused_by(fusion, batch), Weights(fusion)
    for row in range(1, 8):
        means = w.means(row, batch)
        query = w.linear("query", np.mean(list(means.values()), axis=0))[None]
        keys = np.stack([w.linear(f"keys.{i}", x) for i, x in means.items()])
        contents = np.stack([w.linear(f"contents.{i}", x) for i, x in means.items()])
        gathered, looks = attention(query, keys, contents, heads=2)
        agree(fused.values[row], w.linear("output", gathered[0]))
        agree(fused.weights[row], weights_of(dict(zip(means, looks[0], strict=True))))


def test_heads_must_divide_the_width():
    with pytest.raises(ConfigError, match="multiple of heads"):
        ModalityAttention(NAMES, WIDTH, heads=3)
