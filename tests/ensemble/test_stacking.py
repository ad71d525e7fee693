"""Stacking: its regression against scikit-learn's, its guard, its choice of strength."""

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from test_combiners import simulated

from polysight.core.errors import DataError
from polysight.ensemble.combiner import Ballot
from polysight.ensemble.stacking import Stacking, fit_offsets, log_odds


def test_the_regression_is_that_of_scikit_learn():
    rng = np.random.default_rng(0)
    codes = np.arange(200) % 4
    features = rng.normal(size=(200, 5)) + 0.5 * np.eye(4)[codes] @ rng.normal(size=(4, 5))
    coefficients, intercept = fit_offsets(features, np.zeros((200, 4)), codes, 2.0)
    reference = LogisticRegression(C=0.5, tol=1e-9, max_iter=5000).fit(features, codes)
    np.testing.assert_allclose(
        softmax(features @ coefficients + intercept, axis=1), reference.predict_proba(features), atol=1e-3
    )


def test_features_are_centred_logarithms_and_zero_where_missing():
    votes, _, present = simulated(0, rows=20)
    odds = log_odds(Ballot.of(votes, present))
    for member, vote in enumerate(votes.values()):
        plain = np.log(vote) - np.log(vote).mean(axis=1, keepdims=True)
        np.testing.assert_allclose(odds[member], np.where(present[:, [member]], plain, 0.0), atol=1e-12)


def test_an_endless_pull_leaves_the_geometric_mean():
    votes, codes, _ = simulated(0)
    found = Stacking(strengths=(1e12,)).fit(votes, codes)
    pooled = np.exp(np.mean([np.log(vote) for vote in votes.values()], axis=0))
    np.testing.assert_allclose(found.transform(votes), pooled / pooled.sum(axis=1, keepdims=True), atol=1e-4)


def test_few_rows_or_a_rare_class_are_refused():
    votes, codes, _ = simulated(0)
    few = {name: vote[:299] for name, vote in votes.items()}
    assert Stacking().refusal(codes, 3) is None
    with pytest.raises(DataError, match="too few to stack"):
        Stacking().fit(few, codes[:299])
    rare = np.where((codes == 2) & (np.arange(len(codes)) > 40), 0, codes)
    assert Stacking().refusal(rare, 3).reason.startswith("330 rows, 13 in the rarest class")
    assert Stacking().refusal(codes, 4).reason.startswith("330 rows, 0 in the rarest class")


def test_one_group_takes_the_strongest_pull():
    votes, codes, _ = simulated(0)
    found = Stacking().fit(votes, codes, groups=np.zeros(len(codes), dtype=int))
    assert found.strength_ == 300.0
