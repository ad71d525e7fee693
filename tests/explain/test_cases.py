"""Cases: which training rows are kept, and which of them are like a row."""

import numpy as np
import pytest

from polysight.explain.cases import FLOOR, MOST, Cases, evidence_of

PRIOR = np.array([0.5, 0.5])
#: Three rows by what each of two inputs says of them alone.
ALONE = {
    "image": np.array([[0.9, 0.1], [0.5, 0.5], [0.1, 0.9]]),
    "note": np.array([[0.8, 0.2], [0.5, 0.5], [0.5, 0.5]]),
}


def test_evidence_is_what_moves_the_answer_from_the_prior_and_nothing_where_an_input_is_absent():
    said = np.array([[[0.9, 0.1], [0.7, 0.3], [1.0, 0.0]]])
    found = evidence_of(said, np.array([[True, False, True]]), PRIOR)
    expected = [np.log([1.8, 0.2]), [0, 0], np.log([2, 2 * FLOOR])]
    np.testing.assert_allclose(found[0], expected)


def test_the_nearest_row_is_the_one_of_which_every_input_says_the_same():
    present = np.array([[True, True], [True, True], [True, False]])
    cases = Cases.of(ALONE, present, np.array([0, 1, 1]), PRIOR).numbered(np.array([10, 20, 30]))
    same = evidence_of(np.array([[[0.1, 0.9], [0.5, 0.5]]]), np.array([[True, False]]), PRIOR)[0]
    first, second = cases.nearest(same, most=2)
    assert (first.row, first.code) == (30, 1)
    assert first.distance == pytest.approx(0, abs=1e-6)
    assert second.row == 20
    moved = np.log([1.8, 0.2])
    assert second.distance == pytest.approx(np.sqrt(np.square(moved).sum() / 4), rel=1e-5)


def test_of_many_rows_a_part_is_kept_with_the_same_shares_of_the_classes():
    codes = np.repeat([0, 1, 2], [3 * MOST, MOST, 10])
    alone = {"image": np.full((len(codes), 3), 1 / 3)}
    present = np.ones((len(codes), 1), dtype=bool)
    first, second = (Cases.of(alone, present, codes, np.full(3, 1 / 3), seed=seed) for seed in (0, 1))
    assert len(first.codes) == len(set(first.rows.tolist())) == MOST
    np.testing.assert_array_equal(codes[first.rows], first.codes)
    np.testing.assert_allclose(np.bincount(first.codes), [1497, 499, 4], atol=3)
    assert set(first.rows) != set(second.rows)


def test_cases_survive_their_state():
    cases = Cases.of(ALONE, np.ones((3, 2), dtype=bool), np.array([0, 1, 1]), PRIOR)
    again = Cases.from_state(cases.to_state())
    assert again.names == cases.names
    assert again.nearest(cases.evidence[1]) == cases.nearest(cases.evidence[1])
