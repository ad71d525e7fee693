"""Paired tests: McNemar's exact test where rows stand alone, whole groups where they do not; Holm by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from polysight.evaluation.significance import holm, sign_flip


def differences(better, worse, same=20):
    return np.array([1.0] * better + [-1.0] * worse + [0.0] * same)


@pytest.mark.parametrize(("better", "worse"), [(9, 2), (5, 5), (3, 0), (10, 3)])
def test_independent_rows_give_mcnemar_s_exact_test(better, worse):
    assert sign_flip(differences(better, worse)) == pytest.approx(binomtest(better, better + worse).pvalue)


def test_many_rows_are_drawn_near_the_exact_value():
    exact = binomtest(40, 60).pvalue
    assert sign_flip(differences(40, 20)) == pytest.approx(exact, abs=0.004)
    assert sign_flip(differences(40, 20), seed=3) == sign_flip(differences(40, 20), seed=3)


def test_groups_flip_whole():
    groups = np.repeat([0, 1], 40)
    assert sign_flip(differences(80, 0, 0), groups) == 0.5  # two groups cannot say more
    assert sign_flip(differences(80, 0, 0)) < 0.001
    assert sign_flip(np.array([1.0, 1.0, 1.0, -1.0, -1.0]), np.array([0, 1, 2, 2, 0])) == 1.0


def test_no_difference_is_no_evidence():
    assert sign_flip(np.zeros(5)) == 1.0


def test_parts_of_rows_count_as_equal_in_spite_of_rounding():
    thirds = np.array([1 / 3, 1 / 3, 1 / 3, -1.0])
    flips = [abs(a + b + c + 3 * d) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1) for d in (-1, 1)]
    assert sign_flip(thirds) == pytest.approx(np.mean([total >= 0 for total in flips]))
    assert sign_flip(-thirds) == sign_flip(thirds)


def test_holm_by_hand():
    # Sorted: .005 x 4, .01 x 3, .03 x 2, .04 x 1, each at least the one before.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.6]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_never_lowers_and_keeps_the_order(p_values):
    adjusted = holm(p_values)
    assert all(1 >= a >= p for a, p in zip(adjusted, p_values, strict=True))
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(np.array(adjusted)[order]) >= 0).all()
    # Whatever is significant after Bonferroni is so after Holm.
    assert all(a <= min(1, len(p_values) * p) + 1e-12 for a, p in zip(adjusted, p_values, strict=True))
