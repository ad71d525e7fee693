"""TensorProduct against Zadeh et al.: a layer over the outer product of [z; 1]; sizes that explode are refused."""

import numpy as np
import pytest
from formulas import NAMES, WIDTH, Weights, agree, fused_by, ready, token_batch

from polysight.core.errors import ConfigError
from polysight.fusion.tensor import TensorProduct


def test_equals_the_formula():
    fusion, batch = ready(TensorProduct(NAMES, WIDTH, inner=3)), token_batch()
    fused, w = fused_by(fusion, batch), Weights(fusion)
    for row in range(1, 8):
        means = w.means(row, batch)
        z = [np.append(np.tanh(w.linear(f"inner.{i}", means[i])) if i in means else np.zeros(3), 1.0) for i in range(3)]
        agree(fused.values[row], w.linear("interactions", np.einsum("i,j,k->ijk", *z).ravel()))


@pytest.mark.parametrize(("count", "inner"), [(1, 32), (2, 32), (3, 15), (4, 7), (5, 4), (12, 1)])
def test_the_inner_width_is_what_fits(count, inner):
    fusion = TensorProduct([str(i) for i in range(count)], 8)
    assert fusion.inner[0].out_features == inner
    assert fusion.interactions.in_features == (inner + 1) ** count


def test_a_product_too_large_is_refused_with_the_inner_width_that_would_do():
    names = [str(i) for i in range(4)]
    with pytest.raises(ConfigError, match="inner to at most 21") as refused:
        TensorProduct(names, 64, inner=32)
    assert "1,185,921 entries" in refused.value.what
    TensorProduct(names, 64, inner=21)
    with pytest.raises(ConfigError, match="fix: use low_rank"):
        TensorProduct([str(i) for i in range(20)], 64)
