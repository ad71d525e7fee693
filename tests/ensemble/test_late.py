"""Late fusion with any combiner."""

import numpy as np
import pytest
from test_member import TABLE

from polysight import LateFusionClassifier, PolysightError, load_model
from polysight.ensemble.greedy import GreedySelection
from small_problem import small_table

INPUTS = TABLE | {"note": {"kind": "text"}}


@pytest.mark.parametrize("combine", ["weighted", GreedySelection(rounds=5)])
def test_a_combiner_that_learns_does_so_on_inner_folds(combine, tmp_path):
    train, fresh = small_table(rows=90), small_table(rows=30, seed=1)
    model = LateFusionClassifier(INPUTS, combine=combine, group="site").fit(train, "label")
    assert model.combiner_.weights_.keys() <= {"note", "table"}
    answer = model.predict_proba(fresh)
    np.testing.assert_allclose(answer.sum(axis=1), 1.0)
    model.save(tmp_path / "model")
    np.testing.assert_allclose(load_model(tmp_path / "model").predict_proba(fresh), answer, atol=1e-12)


@pytest.mark.parametrize(("combine", "says"), [("stacking", "too few"), ("meen", "mean"), (3, "no combiner")])
def test_what_cannot_be_is_refused_before_anything_is_fitted(combine, says):
    with pytest.raises(PolysightError, match=says):
        LateFusionClassifier(INPUTS, combine=combine).fit(small_table(rows=60), "label")
