"""LowRank against Liu et al.: h = sum over ranks of the product over modalities of W [x; 1]."""

import numpy as np
import pytest
from formulas import NAMES, WIDTH, Weights, agree, fused_by, ready, token_batch

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.fusion import FUSIONS
from polysight.fusion.low_rank import LowRank


def test_equals_the_formula():
    fusion, batch = ready(LowRank(NAMES, WIDTH, rank=3)), token_batch()
    fused, w = fused_by(fusion, batch), Weights(fusion)
    for row in range(1, 8):
        h = w["bias"].copy()
        for r in range(3):
            product, cut = np.ones(WIDTH), slice(r * WIDTH, (r + 1) * WIDTH)
            for i, x in w.means(row, batch).items():
                factor = np.hstack([w[f"factors.{i}.weight"], w[f"factors.{i}.bias"][:, None]])[cut]
                product = product * (factor @ np.append(x, 1.0))
            h += w["shares"][r] * product
        agree(fused.values[row], h)


def test_low_rank_is_the_tensor_fusion_whose_weights_are_its_factors():
    fusion, batch = ready(LowRank(NAMES, WIDTH, rank=2)), token_batch()
    w, row = Weights(fusion), 7
    factors = [
        np.hstack([w[f"factors.{i}.weight"], w[f"factors.{i}.bias"][:, None]]).reshape(2, WIDTH, WIDTH + 1)
        for i in range(3)
    ]
    weight = np.einsum("r,rwi,rwj,rwk->wijk", w["shares"], *factors)
    z = [np.append(x, 1.0) for x in w.means(row, batch).values()]
    agree(fused_by(fusion, batch).values[row], np.einsum("wijk,i,j,k->w", weight, *z) + w["bias"])


def test_a_rank_below_one_is_refused():
    with pytest.raises(ConfigError, match="rank"):
        build(FUSIONS, {"kind": "low_rank", "rank": 0}, names=NAMES, width=WIDTH)
