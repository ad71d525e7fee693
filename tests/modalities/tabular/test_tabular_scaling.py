import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import QuantileTransformer

from polysight.modalities.tabular.scaling import normal_scores, quantiles_of

NUMBERS = arrays(float, st.tuples(st.integers(1, 30), st.just(2)), elements=st.floats(-1e6, 1e6) | st.just(np.nan))


def test_scores_are_the_normal_quantiles_that_scikit_learn_gives():
    values = np.random.default_rng(0).lognormal(size=(300, 2))
    new = np.random.default_rng(1).lognormal(size=(50, 2))
    reference = QuantileTransformer(n_quantiles=300, output_distribution="normal").fit(values)
    inside = (new > values.min(axis=0)).all(axis=1) & (new < values.max(axis=0)).all(axis=1)
    scores = normal_scores(new, quantiles_of(values))
    np.testing.assert_allclose(scores[inside], reference.transform(new)[inside], atol=1e-5)


def test_ties_share_the_middle_of_their_ranks():
    values = np.repeat([[0.0], [1.0], [2.0]], [10, 80, 10], axis=0)
    scores = normal_scores(np.asarray([[0.0], [1.0], [2.0]]), quantiles_of(values))
    assert scores[1, 0] == pytest.approx(0, abs=1e-6)
    assert scores[0, 0] == pytest.approx(-scores[2, 0], abs=1e-6)


def test_missing_is_zero_and_so_are_columns_that_were_constant_or_empty():
    quantiles = quantiles_of(np.asarray([[1.0, 5.0, np.nan], [2.0, 5.0, np.nan], [3.0, 5.0, np.nan]]))
    scores = normal_scores(np.asarray([[np.nan, 5.0, 1.0], [2.0, 99.0, 7.0]]), quantiles)
    np.testing.assert_allclose(scores, 0, atol=1e-6)
    assert scores.dtype == np.float32


def test_a_value_beyond_training_is_the_largest_score():
    quantiles = quantiles_of(np.arange(100.0)[:, None])
    scores = normal_scores(np.asarray([[1e300], [99.0], [-1e300]]), quantiles)[:, 0]
    assert scores[0] == scores[1] == -scores[2]
    assert 2 < scores[0] < 4


@given(NUMBERS, NUMBERS)
def test_scores_are_finite_row_wise_and_keep_the_order(train, new):
    quantiles = quantiles_of(train)
    scores = normal_scores(new, quantiles)
    assert np.isfinite(scores).all()
    np.testing.assert_array_equal(normal_scores(new[::-1], quantiles)[::-1], scores)
    for column in range(2):
        known = ~np.isnan(new[:, column])
        ordered = scores[known, column][np.argsort(new[known, column], kind="stable")]
        assert (np.diff(ordered) >= -1e-6).all()


def test_no_rows_and_no_columns_are_fine():
    assert normal_scores(np.empty((0, 2)), quantiles_of(np.empty((0, 2)))).shape == (0, 2)
    assert normal_scores(np.empty((3, 0)), quantiles_of(np.empty((3, 0)))).shape == (3, 0)
