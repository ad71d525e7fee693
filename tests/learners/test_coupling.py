"""Pairwise decisions become class scores that agree with scikit-learn's votes and are better calibrated."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.svm import SVC

from polysight.learners.coupling import coupled_scores


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_same_decisions_as_support_vectors_where_they_are_sure(classes):
    X, y = make_blobs(300, centers=classes, cluster_std=1.0, random_state=3)
    model = SVC(decision_function_shape="ovo").fit(X, y)
    scores = coupled_scores(model.decision_function(X))
    assert scores.shape == (300, classes)
    assert (scores.argmax(axis=1) == model.predict(X)).mean() > 0.97


def test_ten_lines_by_hand():
    decisions = np.array([[1.5, -0.3, 0.2]])  # 0 against 1, 0 against 2, 1 against 2

    def log_sigmoid(value):
        return -np.log1p(np.exp(-2.0 * value))

    expected = [
        log_sigmoid(1.5) + log_sigmoid(-0.3),
        log_sigmoid(-1.5) + log_sigmoid(0.2),
        log_sigmoid(0.3) + log_sigmoid(-0.2),
    ]
    np.testing.assert_allclose(coupled_scores(decisions)[0], np.array(expected) / 2, rtol=1e-12)
