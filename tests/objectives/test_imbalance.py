"""Remedies against class imbalance, each beside the library or the formula it is from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from imblearn.over_sampling import SMOTE
from scipy.sparse import csr_array
from scipy.stats import norm
from sklearn.utils.class_weight import compute_class_weight

from polysight.core.errors import ConfigError
from polysight.core.randomness import derived_seed
from polysight.objectives import REMEDIES
from polysight.objectives.imbalance.balanced_batches import BalancedBatches, drawn
from polysight.objectives.imbalance.base import PLACES, kinds_for, remedy_for, remedy_of
from polysight.objectives.imbalance.class_weights import ClassWeights
from polysight.objectives.imbalance.decision import POWERS, best_power, choose, natural
from polysight.objectives.imbalance.over import Over
from polysight.objectives.imbalance.rare_augmentation import RareAugmentation
from polysight.objectives.imbalance.rare_branch import RareBranch, alpha
from polysight.objectives.imbalance.smote import Smote
from polysight.objectives.imbalance.threshold import Threshold
from polysight.objectives.imbalance.under import Under

CODES = np.repeat([0, 1, 2], [40, 12, 4])
MATRIX = np.random.default_rng(0).normal(size=(56, 3)).astype(np.float32)


def rows_of(matrix):
    return {tuple(row) for row in np.asarray(matrix)}


def test_every_remedy_acts_somewhere_and_keeps_shares_whole():
    shares = np.array([0.7, 0.2, 0.1])
    for kind in REMEDIES:
        remedy = remedy_of(kind)
        assert set(remedy.acts_on) <= set(PLACES)
        assert remedy.acts_on
        np.testing.assert_allclose(remedy.taught(shares).sum(), 1.0)
        assert (np.diff(remedy.taught(shares)) <= 1e-12).all()
    assert kinds_for("features") == ["class_weights", "over", "smote", "threshold", "under"]
    assert kinds_for("decision") == ["threshold"]


def test_a_remedy_in_the_wrong_place_says_what_to_use_instead():
    assert remedy_for(None, "network") is None
    with pytest.raises(ConfigError, match="use rare_augmentation, which makes new examples"):
        remedy_for("smote", "network")
    with pytest.raises(ConfigError, match="acts on a network, not on an estimator on feature vectors"):
        remedy_for({"kind": "rare_branch"}, "features")
    with pytest.raises(ConfigError, match="there are: threshold"):
        remedy_for("class_weights", "decision")
    with pytest.raises(ConfigError, match="did you mean 'smote'"):
        remedy_of("smot")
    with pytest.raises(ConfigError, match="is no remedy"):
        remedy_of(3)
    with pytest.raises(ConfigError, match="does not fit"):
        remedy_of({"kind": "over", "share": 2.0})


@pytest.mark.parametrize("sparse", [False, True])
def test_over_repeats_rare_rows_evenly(sparse):
    matrix, codes = Over().resampled(csr_array(MATRIX) if sparse else MATRIX, CODES, seed=0)
    matrix = matrix.toarray() if sparse else matrix
    assert np.bincount(codes).tolist() == [40, 40, 40]
    np.testing.assert_array_equal(matrix[:56], MATRIX)
    copied = matrix[56:]
    assert rows_of(copied) <= rows_of(MATRIX[40:])
    times = [int((copied == row).all(axis=1).sum()) for row in MATRIX[40:52]]
    assert max(times) - min(times) <= 1
    assert np.bincount(Over(share=0.25).resampled(MATRIX, CODES, seed=0)[1]).tolist() == [40, 12, 10]
    np.testing.assert_allclose(Over(share=0.5).taught(np.array([0.8, 0.1, 0.1])), [0.5, 0.25, 0.25])


def test_under_leaves_common_rows_out():
    matrix, codes = Under(times=2.0).resampled(MATRIX, CODES, seed=1)
    assert np.bincount(codes).tolist() == [8, 8, 4]
    assert rows_of(matrix) <= rows_of(MATRIX)
    assert len(rows_of(matrix)) == 20
    np.testing.assert_allclose(Under(times=2.0).taught(np.array([0.6, 0.3, 0.1])), [0.4, 0.4, 0.2])


def test_smote_is_that_of_imbalanced_learn():
    codes = np.repeat([0, 1, 2], [30, 18, 8])
    seed = derived_seed(5, "smote") % 2**31
    theirs = SMOTE(k_neighbors=5, random_state=seed).fit_resample(MATRIX, codes)
    ours = Smote().resampled(MATRIX, codes, seed=5)
    np.testing.assert_array_equal(ours[1], theirs[1])
    np.testing.assert_array_equal(ours[0], theirs[0])
    assert ours[0].dtype == np.float32


def test_smote_with_few_rows_takes_the_neighbours_there_are():
    codes = np.repeat([0, 1, 2], [51, 4, 1])
    for given_matrix in (MATRIX, csr_array(MATRIX)):
        matrix, new = Smote().resampled(given_matrix, codes, seed=0)
        assert np.bincount(new).tolist() == [51, 51, 51]
        dense = matrix if isinstance(matrix, np.ndarray) else matrix.toarray()
        np.testing.assert_array_equal(dense[new == 2], np.tile(MATRIX[55], (51, 1)))
        inside = dense[new == 1]
        assert (inside >= MATRIX[51:55].min(axis=0) - 1e-6).all()
        assert (inside <= MATRIX[51:55].max(axis=0) + 1e-6).all()


def test_nothing_is_made_where_classes_are_even():
    codes = np.arange(56) % 2
    for remedy in (Over(), Smote(), Under()):
        matrix, same = remedy.resampled(MATRIX, codes, seed=0)
        np.testing.assert_array_equal(matrix, MATRIX)
        np.testing.assert_array_equal(same, codes)


def test_class_weights_are_scikit_learns_balanced_ones():
    shares = np.bincount(CODES) / len(CODES)
    np.testing.assert_allclose(
        ClassWeights().class_weights(shares), compute_class_weight("balanced", classes=np.arange(3), y=CODES)
    )
    assert ClassWeights().class_weights(np.array([0.5, 0.0, 0.5])).tolist() == [1.0, 0.0, 1.0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.integers(1, 80), st.integers(0, 9))
def test_drawn_rows_have_the_shares_asked_for_in_any_stretch(counts, count, seed):
    codes = np.repeat(np.arange(len(counts)), counts)
    shares = np.random.default_rng(seed).random(len(counts)) + 0.1
    rows = drawn(codes, shares, count, np.random.default_rng(seed))
    assert len(rows) == count
    got = np.bincount(codes[rows], minlength=len(counts))
    assert np.abs(got - count * shares / shares.sum()).max() < 1 + 1e-9
    half = np.bincount(codes[rows[: count // 2]], minlength=len(counts))
    assert np.abs(half - got / 2).max() <= len(counts) + 1
    for code, number in enumerate(got):
        times = np.bincount(rows[codes[rows] == code], minlength=len(codes))[codes == code]
        assert times.max() - times.min() <= 1
        assert times.sum() == number


def test_balanced_batches_hold_each_class_equally_often():
    parts = np.array_split(np.random.default_rng(0).permutation(56), 4)
    seen = np.zeros(56)
    for epoch in range(60):
        batches = BalancedBatches().batches(parts, CODES, np.random.default_rng(epoch))
        assert [len(batch) for batch in batches] == [14, 14, 14, 14]
        assert all(abs(n - 14 / 3) < 3 for batch in batches for n in np.bincount(CODES[batch], minlength=3))
        seen += np.bincount(np.concatenate(batches), minlength=56)
    per_class = np.bincount(CODES, weights=seen) / seen.sum()
    np.testing.assert_allclose(per_class, 1 / 3, atol=0.003)
    # A row of a class of four is seen ten times as often as one of forty.
    assert seen[CODES == 2].mean() / seen[CODES == 0].mean() == pytest.approx(10, rel=0.02)


def test_a_class_without_rows_is_never_drawn():
    codes = np.repeat([0, 2], [10, 3])
    batches = BalancedBatches().batches([np.arange(8)], codes, np.random.default_rng(0))
    assert np.bincount(codes[batches[0]]).tolist() == [4, 0, 4]


def test_only_rare_classes_are_augmented_and_they_are_shown_more_often():
    remedy = RareAugmentation(share=0.5)
    assert remedy.augmented(np.array([40, 12, 4, 20])).tolist() == [False, True, True, False]
    (batch,) = remedy.batches([np.arange(56)], CODES, np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(CODES[batch]), [28, 14, 14], atol=1)


def test_the_rare_branch_gets_each_class_the_more_often_the_rarer_it_is():
    parts = np.array_split(np.arange(56), 2)
    batches = RareBranch().batches(parts, CODES, np.random.default_rng(0))
    for part, batch in zip(parts, batches, strict=True):
        np.testing.assert_array_equal(batch[:28], part)
    reversed_rows = np.concatenate([batch[28:] for batch in batches])
    inverse = 1 / np.array([40, 12, 4])
    np.testing.assert_allclose(np.bincount(CODES[reversed_rows]), 56 * inverse / inverse.sum(), atol=1)


def test_alpha_turns_from_one_branch_to_the_other_as_in_the_paper():
    epochs = np.arange(21)
    np.testing.assert_allclose([alpha(t / 20) for t in epochs], 1 - (epochs / 20) ** 2)


def two_bells(rows, seed):
    """Two classes, 10 to 1, unit bells at 0 and 1.5, with their exact posteriors."""
    rng = np.random.default_rng(seed)
    codes = (rng.random(rows) < 1 / 11).astype(int)
    x = rng.normal(1.5 * codes)
    joint = np.column_stack([norm.pdf(x) * 10 / 11, norm.pdf(x, 1.5) / 11])
    return x, codes, joint / joint.sum(axis=1, keepdims=True)


def test_dividing_by_the_prior_is_the_bayes_rule_of_macro_recall():
    x, codes, posterior = two_bells(4000, seed=0)
    prior = np.array([10 / 11, 1 / 11])
    factors = Threshold(power=1.0).decision(prior)
    # With even classes two unit bells are told apart halfway between their means.
    np.testing.assert_array_equal(choose(posterior, factors), (x > 0.75).astype(int))
    plain = choose(posterior, None)
    np.testing.assert_array_equal(plain, (x > 0.75 + np.log(10) / 1.5).astype(int))

    def macro(said):
        return np.mean([(said[codes == c] == c).mean() for c in (0, 1)])

    assert macro(choose(posterior, factors)) == pytest.approx(norm.cdf(0.75), abs=0.03)
    assert macro(choose(posterior, factors)) > macro(plain) + 0.1
    assert best_power(posterior, codes, prior) == 1.0
    np.testing.assert_allclose(Threshold().decision(prior, posterior, codes), 1 / prior)
    np.testing.assert_allclose(Threshold().decision(prior), 1 / prior)


def test_where_answers_are_even_already_the_power_is_near_zero():
    _, codes, posterior = two_bells(4000, seed=1)
    prior = np.array([10 / 11, 1 / 11])
    even = posterior / prior / (posterior / prior).sum(axis=1, keepdims=True)
    assert best_power(even, codes, prior) <= 0.25
    # What was divided out comes back: shares of the table on one side, even ones where a class is chosen.
    np.testing.assert_allclose(natural(even, 1 / prior), posterior, atol=1e-12)
    np.testing.assert_array_equal(choose(natural(even, 1 / prior), 1 / prior), even.argmax(axis=1))
    assert natural(even, None) is even


@pytest.mark.parametrize("power", POWERS)
def test_a_row_of_which_nothing_is_known_keeps_the_commonest_class(power):
    prior = (np.array([70, 500, 9, 1]) + 1.0) / 584
    factors = Threshold(power=power).decision(prior)
    assert choose(np.tile(prior, (3, 1)), factors).tolist() == [1, 1, 1]
    assert choose(np.tile(prior, (3, 1)), np.tile(factors, (3, 1))).tolist() == [1, 1, 1]
