"""The product of experts against Bayes' rule, and exactness when an expert is missing."""

import numpy as np
import pytest

from polysight.ensemble.product import ProductOfExperts


def normalised(p):
    return p / p.sum(axis=1, keepdims=True)


def test_equals_bayes_rule_for_independent_modalities():
    rng = np.random.default_rng(0)
    prior = np.array([0.5, 0.3, 0.2])
    likelihoods = rng.random((2, 40, 3))
    experts = {str(m): normalised(prior * likelihoods[m]) for m in range(2)}
    expected = normalised(prior * likelihoods[0] * likelihoods[1])
    np.testing.assert_allclose(ProductOfExperts(prior).transform(experts), expected, rtol=1e-12)


def test_a_missing_expert_contributes_nothing():
    prior = np.array([0.6, 0.4])
    p = normalised(np.random.default_rng(1).random((10, 2)))
    alone = ProductOfExperts(prior).transform({"a": p})
    np.testing.assert_allclose(alone, p, rtol=1e-9)
    np.testing.assert_allclose(ProductOfExperts(prior).transform({"a": p, "b": np.tile(prior, (10, 1))}), p, rtol=1e-9)


def test_a_copied_expert_is_not_counted_twice():
    rng = np.random.default_rng(2)
    codes = rng.integers(3, size=2000)
    p = normalised(np.exp(rng.normal(size=(2000, 3)) + np.eye(3)[codes]))
    fitted = ProductOfExperts(np.full(3, 1 / 3), shrinkage=0.01).fit({"a": p, "copy": p}, codes)
    assert fitted.exponents_["a"] + fitted.exponents_["copy"] == pytest.approx(
        ProductOfExperts(np.full(3, 1 / 3), shrinkage=0.01).fit({"a": p}, codes).exponents_["a"], abs=0.02
    )


def test_the_gradient_is_right():
    rng = np.random.default_rng(3)
    codes = rng.integers(3, size=300)
    experts = {n: normalised(np.exp(rng.normal(size=(300, 3)) + s * np.eye(3)[codes])) for n, s in (("a", 2), ("b", 1))}
    prior = np.bincount(codes) / 300
    fitted = ProductOfExperts(prior, shrinkage=5.0).fit(experts, codes)

    def loss(exponents):
        p = ProductOfExperts(prior, exponents).transform(experts)
        pull = np.array(list(exponents.values())) - 1
        return -np.log(p[np.arange(300), codes]).sum() + 2.5 * pull @ pull

    best = loss(fitted.exponents_)
    for name in experts:
        for step in (-0.01, 0.01):
            assert loss({**fitted.exponents_, name: fitted.exponents_[name] + step}) > best
