"""LIME against scikit-learn's ridge, the paper's formula in closed form, and games that are linear."""

import numpy as np
import pytest
from known_games import additive, game_of
from sklearn.linear_model import Ridge

from polysight.core.errors import ConfigError
from polysight.explain.lime import Lime, lime, weighted_ridge


def test_the_fit_is_the_ridge_of_scikit_learn():
    rng = np.random.default_rng(0)
    x, y, weights = rng.random((40, 5)), rng.normal(size=(40, 3)), rng.random(40)
    found = weighted_ridge(x, y, weights, 0.7)
    expected = Ridge(alpha=0.7).fit(x, y, sample_weight=weights)
    np.testing.assert_allclose(found.values, expected.coef_.T, atol=1e-10)
    np.testing.assert_allclose(found.intercept, expected.intercept_, atol=1e-10)
    per_class = [Ridge(alpha=0.7).fit(x, y[:, c], sample_weight=weights).score(x, y[:, c], weights) for c in range(3)]
    np.testing.assert_allclose(found.fit, per_class, atol=1e-10)


def test_the_questions_and_the_kernel_are_the_papers():
    asked = []
    gains = np.array([0.5, -0.2, 0.0, 0.3])

    def worth(members):
        asked.append(members)
        return gains[sorted(members)].sum() ** 2

    found = lime(game_of(4, worth), coalitions=200, width=0.4, ridge=0.1, seed=3)
    assert asked[0] == {0, 1, 2, 3}
    sizes = np.bincount([len(members) for members in asked[1:]], minlength=5)
    # Sizes 0 to 3 are drawn evenly.
    assert sizes[4] == 0
    assert sizes[:4].min() > 30
    z = np.array([[p in members for p in range(4)] for members in asked], dtype=float)
    norms = np.sqrt(z.sum(axis=1))
    cosine = np.divide(z @ np.ones(4), norms * 2, out=np.zeros(len(z)), where=norms > 0)
    pi = np.exp(-((1 - cosine) ** 2) / 0.4**2)
    design = np.hstack([z, np.ones((len(z), 1))])
    penalty = np.diag([0.1] * 4 + [0.0])
    y = np.array([gains[sorted(members)].sum() ** 2 for members in asked])
    closed = np.linalg.inv(design.T @ np.diag(pi) @ design + penalty) @ design.T @ (pi * y)
    np.testing.assert_allclose(found.values[:, 0], closed[:4], atol=1e-9)
    np.testing.assert_allclose(found.intercept, closed[4], atol=1e-9)


def test_a_linear_game_is_found_and_fits():
    gains = np.random.default_rng(1).normal(size=(12, 2))
    found = lime(additive(gains, base=0.3), ridge=1e-9)
    np.testing.assert_allclose(found.values, gains, atol=1e-6)
    np.testing.assert_allclose(found.intercept, 0.3, atol=1e-6)
    np.testing.assert_allclose(found.fit, 1.0)


def test_an_answer_that_is_no_sum_fits_less_and_one_that_never_changes_fits():
    found = lime(game_of(6, lambda s: [len(s) % 2, 0.5]))
    assert found.fit[0] < 0.3
    assert found.fit[1] == 1.0
    np.testing.assert_allclose(found.values[:, 1], 0, atol=1e-12)


def test_the_same_seed_asks_the_same():
    game = game_of(9, lambda s: np.sin(sum(s)))
    one, again, other = (lime(game, coalitions=30, seed=seed).values for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, again)
    assert not np.allclose(one, other)


def test_one_coalition_is_refused():
    with pytest.raises(ConfigError, match="at least 2"):
        Lime(coalitions=1)
