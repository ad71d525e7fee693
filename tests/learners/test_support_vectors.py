"""Kernel machines by one matrix product are libsvm's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.svm import SVC

from polysight.learners import support_vectors
from polysight.learners.support_vectors import SupportVectors


def problem(classes, rows=90, columns=40):
    rng = np.random.default_rng(classes)
    codes = np.arange(rows) % classes
    matrix = rng.normal(size=(rows, columns)) + rng.normal(size=(classes, columns))[codes]
    return matrix / np.sqrt(columns), codes, rng.normal(size=(30, columns)) / np.sqrt(columns)


@pytest.mark.parametrize("classes", [2, 3, 5])
@pytest.mark.parametrize("form", ["dense", "sparse", "many"])
@pytest.mark.parametrize("class_weight", [None, "balanced"])
def test_decisions_and_answers_are_those_of_libsvm(classes, form, class_weight, monkeypatch):
    matrix, codes, fresh = problem(classes)
    if form == "many":
        monkeypatch.setattr(support_vectors, "MOST_ROWS", 10)
        monkeypatch.setattr(support_vectors, "_PORTION", 7)
    reference = SVC(C=3.0, gamma=0.7, class_weight=class_weight, decision_function_shape="ovo", tol=1e-6)
    reference.fit(matrix, codes)
    give = csr_array if form == "sparse" else np.asarray
    ours = SupportVectors(C=3.0, gamma=0.7, class_weight=class_weight).fit(give(matrix), codes)
    np.testing.assert_allclose(ours.decision_function(give(fresh)), reference.decision_function(fresh), atol=5e-3)
    np.testing.assert_array_equal(ours.predict(give(fresh)), reference.predict(fresh))


def test_its_state_is_all_it_needs():
    matrix, codes, fresh = problem(3)
    fitted = SupportVectors().fit(matrix, codes)
    again = SupportVectors.from_state(fitted.to_state())
    np.testing.assert_array_equal(again.decision_function(fresh), fitted.decision_function(fresh))
    assert again.get_params() == fitted.get_params()
    assert fitted.decision_function(fresh[:0]).shape == (0, 3)
