"""Tree votes are what scikit-learn's forest says, to the bit, dense and sparse."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.ensemble import ExtraTreesClassifier

from polysight.learners.tree_votes import tree_votes


@pytest.mark.parametrize("form", [np.asarray, csr_array])
@pytest.mark.parametrize("classes", [2, 5])
def test_as_predict_proba(form, classes):
    dice = np.random.default_rng(0)
    rows = dice.normal(size=(60, 8)) * (dice.random((60, 8)) < 0.5)
    codes = np.arange(60) % classes
    forest = ExtraTreesClassifier(n_estimators=20, random_state=0).fit(form(rows), codes)
    for asked in (rows[:1], rows):
        assert (tree_votes(forest, form(asked)) == forest.predict_proba(form(asked))).all()
