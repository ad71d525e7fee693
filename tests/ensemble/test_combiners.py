"""The laws of combiners, for every kind in the registry."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from polysight import artifact
from polysight.core.errors import DataError, NotFittedError
from polysight.ensemble import COMBINERS
from polysight.ensemble.combiner import Ballot

KINDS = sorted(COMBINERS)
ROWS, CLASSES, MEMBERS = 330, 3, ("a", "b", "c")


def simulated(seed, rows=ROWS):
    """Three members of different worth, a tenth of the votes missing."""
    rng = np.random.default_rng(seed)
    codes = np.arange(rows) % CLASSES
    votes = {}
    for name, worth in zip(MEMBERS, (2.0, 1.0, 0.3), strict=True):
        logits = rng.normal(size=(rows, CLASSES)) + worth * np.eye(CLASSES)[codes]
        votes[name] = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    present = rng.random((rows, len(MEMBERS))) > 0.1
    present[:2] = False
    return votes, codes, present


@pytest.fixture(scope="module")
def fitted():
    votes, codes, present = simulated(0)
    return {kind: COMBINERS.load(kind)().fit(votes, codes, present, groups=np.arange(ROWS) // 5) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
class TestLaws:
    @settings(max_examples=10, deadline=None)
    @given(seed=st.integers(0, 10_000))
    def test_answers_are_probabilities_a_row_at_a_time(self, fitted, kind, seed):
        votes, _, present = simulated(seed, rows=20)
        answer = fitted[kind].transform(votes, present)
        np.testing.assert_allclose(answer.sum(axis=1), 1.0)
        assert (answer >= 0).all()
        some = np.random.default_rng(seed).permutation(20)[:7]
        alone = fitted[kind].transform({n: v[some] for n, v in votes.items()}, present[some])
        np.testing.assert_allclose(alone, answer[some], atol=1e-12)

    @settings(max_examples=10, deadline=None)
    @given(seed=st.integers(0, 10_000))
    def test_what_a_missing_vote_would_have_said_changes_nothing(self, fitted, kind, seed):
        votes, _, present = simulated(seed, rows=20)
        answer = fitted[kind].transform(votes, present)
        for other in (np.nan, 0.0, 1e300):
            changed = {n: np.where(present[:, [i]], votes[n], other) for i, n in enumerate(votes)}
            np.testing.assert_array_equal(fitted[kind].transform(changed, present), answer)

    def test_nor_what_is_learned(self, fitted, kind):
        votes, codes, present = simulated(0)
        hidden = {n: np.where(present[:, [i]], votes[n], np.nan) for i, n in enumerate(votes)}
        again = clone(fitted[kind]).fit(hidden, codes, present, groups=np.arange(ROWS) // 5)
        np.testing.assert_array_equal(again.transform(votes, present), fitted[kind].transform(votes, present))

    def test_a_member_not_given_is_one_missing_everywhere(self, fitted, kind):
        votes, _, _ = simulated(1)
        there = np.ones((ROWS, 3), dtype=bool)
        there[:, 1] = False
        given_two = fitted[kind].transform({n: votes[n] for n in ("a", "c")})
        np.testing.assert_allclose(fitted[kind].transform(votes, there), given_two, atol=1e-12)

    def test_the_order_of_members_changes_nothing(self, fitted, kind):
        votes, codes, present = simulated(0)
        turned = {name: votes[name] for name in ("c", "a", "b")}
        mask = present[:, [2, 0, 1]]
        again = clone(fitted[kind]).fit(turned, codes, mask, groups=np.arange(ROWS) // 5)
        np.testing.assert_array_equal(again.transform(turned, mask), fitted[kind].transform(votes, present))

    def test_nothing_there_gives_the_prior(self, fitted, kind):
        votes, codes, present = simulated(0)
        prior = (np.bincount(codes) + 1.0) / (ROWS + CLASSES)
        np.testing.assert_array_equal(fitted[kind].transform(votes, present)[:2], np.tile(prior, (2, 1)))
        told = np.array([0.2, 0.3, 0.5])
        other = clone(fitted[kind]).set_params(prior=told).fit(votes, codes)
        np.testing.assert_array_equal(other.transform(votes, np.zeros((ROWS, 3)))[0], told)

    def test_survives_the_disk(self, fitted, kind, tmp_path):
        votes, _, present = simulated(2)
        artifact.write(tmp_path / "it", fitted[kind].to_state(), kind="combiner")
        state = artifact.read(tmp_path / "it")
        again = COMBINERS.load(state["kind"]).from_state(state)
        np.testing.assert_array_equal(again.transform(votes, present), fitted[kind].transform(votes, present))

    def test_is_better_than_its_worst_member_on_new_rows(self, fitted, kind):
        votes, codes, _ = simulated(3)
        loss = {n: -np.log(v[np.arange(ROWS), codes]).mean() for n, v in votes.items()}
        answer = fitted[kind].transform(votes)
        assert -np.log(answer[np.arange(ROWS), codes]).mean() < sorted(loss.values())[1]

    def test_says_when_it_is_not_fitted(self, kind):
        votes, _, _ = simulated(0)
        with pytest.raises(NotFittedError, match="fit"):
            COMBINERS.load(kind)().transform(votes)


def test_unusable_votes_are_refused_with_what_and_how():
    votes, _, present = simulated(0)
    with pytest.raises(DataError, match="at least one vote"):
        Ballot.of({})
    with pytest.raises(DataError, match="one shape"):
        Ballot.of({**votes, "d": votes["a"][:5]})
    with pytest.raises(DataError, match="mask has shape"):
        Ballot.of(votes, present[:, :2])
    with pytest.raises(DataError, match="not finite"):
        Ballot.of({**votes, "a": np.full_like(votes["a"], np.nan)})


def test_what_must_be_learned_is_told():
    votes, _, present = simulated(0)
    prior = np.full(CLASSES, 1 / CLASSES)
    for kind in KINDS:
        unfitted = COMBINERS.load(kind)(prior=prior)
        if not unfitted.must_learn:
            np.testing.assert_allclose(unfitted.transform(votes, present).sum(axis=1), 1.0)
