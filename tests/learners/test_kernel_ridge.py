"""KernelRidge beside scikit-learn's, and its penalty beside leaving out each row one by one."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.kernel_ridge import KernelRidge as Reference

from polysight.learners.kernel_ridge import KernelRidge

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 5))
Y = np.sin(X[:, 0]) + 0.2 * RNG.normal(size=40) + 3


def test_answers_as_scikit_learn_does():
    model = KernelRidge(gamma=0.3, penalties=(0.1,)).fit(X, Y)
    reference = Reference(kernel="rbf", gamma=0.3, alpha=0.1).fit(X, Y - Y.mean())
    new = RNG.normal(size=(7, 5))
    np.testing.assert_allclose(model.predict(new), reference.predict(new) + Y.mean(), rtol=1e-9)
    sparse = KernelRidge(gamma=0.3, penalties=(0.1,)).fit(csr_array(X), Y)
    np.testing.assert_allclose(sparse.predict(csr_array(new)), model.predict(new), rtol=1e-9)


def test_takes_the_penalty_that_errs_least_on_rows_left_out():
    penalties = (0.001, 0.03, 1.0, 30.0)
    errors = []
    for penalty in penalties:
        each = []
        for row in range(len(X)):
            rest = np.arange(len(X)) != row
            left = Reference(kernel="rbf", gamma=0.3, alpha=penalty).fit(X[rest], Y[rest] - Y.mean())
            each.append(left.predict(X[[row]])[0] + Y.mean() - Y[row])
        errors.append(np.mean(np.square(each)))
    assert KernelRidge(gamma=0.3, penalties=penalties).fit(X, Y).penalty_ == penalties[int(np.argmin(errors))]


def test_its_state_is_the_model():
    model = KernelRidge().fit(X, Y)
    again = KernelRidge.from_state(model.to_state())
    np.testing.assert_array_equal(again.predict(X), model.predict(X))
    assert again.get_params() == {**model.get_params(), "penalties": pytest.approx(model.penalties)}
