"""The parts of the Brier score: Murphy's own where forecasts are few, adding up always, several classes summed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from polysight.evaluation.brier import brier_parts
from polysight.evaluation.metrics import metric_values


def test_few_different_forecasts_give_murphys_partition():
    random = np.random.default_rng(0)
    stated = random.choice([0.1, 0.4, 0.8], size=500)
    happened = random.random(500) < stated + 0.1
    reliability = resolution = 0.0
    for value in (0.1, 0.4, 0.8):
        inside = stated == value
        reliability += inside.mean() * (value - happened[inside].mean()) ** 2
        resolution += inside.mean() * (happened[inside].mean() - happened.mean()) ** 2
    parts = brier_parts(happened.astype(int), np.column_stack([1 - stated, stated]))
    assert parts.reliability == pytest.approx(reliability)
    assert parts.resolution == pytest.approx(resolution)
    assert parts.uncertainty == pytest.approx(happened.mean() * (1 - happened.mean()))
    assert parts.value == pytest.approx(brier_score_loss(happened, stated))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 999), rows=st.integers(1, 80), classes=st.integers(2, 5), unseen=st.booleans())
def test_the_parts_add_up_to_the_metric(seed, rows, classes, unseen):
    random = np.random.default_rng(seed)
    codes = random.integers(-1 if unseen else 0, classes, size=rows)
    probabilities = random.dirichlet(np.ones(classes), size=rows)
    parts = brier_parts(codes, probabilities)
    assert parts.value == pytest.approx(metric_values(codes, probabilities)["brier"])
    assert parts.reliability - parts.resolution + parts.uncertainty == pytest.approx(parts.value)
    assert parts.reliability >= 0
    assert parts.uncertainty >= 0


def test_several_classes_are_the_sum_of_each_against_the_rest():
    random = np.random.default_rng(1)
    codes, probabilities = random.integers(3, size=400), random.dirichlet(np.ones(3), size=400)
    whole = brier_parts(codes, probabilities)
    single = [
        brier_parts((codes == k).astype(int), np.column_stack([1 - probabilities[:, k], probabilities[:, k]]))
        for k in range(3)
    ]
    for name in ("value", "reliability", "resolution", "uncertainty"):
        assert getattr(whole, name) == pytest.approx(sum(getattr(one, name) for one in single)), name


def test_stating_the_class_shares_tells_nothing_apart():
    codes = np.array([0] * 6 + [1] * 3 + [2])
    parts = brier_parts(codes, np.tile([0.6, 0.3, 0.1], (10, 1)))
    assert parts.reliability == pytest.approx(0.0)
    assert parts.resolution == pytest.approx(0.0)
