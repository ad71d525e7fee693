"""Fitting in the row space gives the model that fitting directly gives."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV

from polysight.learners.row_space import fit_estimator


@pytest.mark.parametrize("sparse", [False, True])
def test_same_model_as_the_direct_fit(sparse):
    rng = np.random.default_rng(0)
    codes = rng.integers(3, size=60)
    dense = rng.normal(size=(60, 200)) * (rng.random((60, 200)) < 0.4) + 0.3 * np.eye(3)[codes] @ rng.normal(
        size=(3, 200)
    )
    matrix = csr_array(dense) if sparse else dense
    direct = LogisticRegression(C=2.0, tol=1e-9, max_iter=5000).fit(matrix, codes)
    rotated = fit_estimator(LogisticRegression(C=2.0, tol=1e-9, max_iter=5000), matrix, codes)
    np.testing.assert_allclose(rotated.coef_, direct.coef_, atol=1e-5)
    np.testing.assert_allclose(rotated.predict_proba(matrix), direct.predict_proba(matrix), atol=1e-6)


def test_other_estimators_and_tall_matrices_are_fitted_directly():
    rng = np.random.default_rng(1)
    matrix, codes = rng.normal(size=(50, 5)), rng.integers(2, size=50)
    fitted = fit_estimator(LogisticRegression(), matrix, codes)
    assert fitted.coef_.shape == (1, 5)
    np.testing.assert_array_equal(fitted.coef_, LogisticRegression().fit(matrix, codes).coef_)


def test_a_matrix_of_zeros_gives_the_shares_of_the_classes():
    codes = np.array([0, 1, 1, 1])
    fitted = fit_estimator(LogisticRegression(), np.zeros((4, 9), dtype=np.float32), codes)
    np.testing.assert_allclose(fitted.predict_proba(np.zeros((1, 9))), [[0.25, 0.75]], atol=1e-3)


def test_a_cross_validated_model_keeps_its_own_way():
    rng = np.random.default_rng(2)
    matrix, codes = rng.normal(size=(20, 30)), np.arange(20) % 2
    chosen = LogisticRegressionCV(Cs=2, cv=2, l1_ratios=(0.0,), scoring="neg_log_loss", use_legacy_attributes=False)
    fitted = fit_estimator(chosen, matrix, codes)
    assert fitted.coef_.shape == (1, 30)
    assert fitted.n_features_in_ == 30
