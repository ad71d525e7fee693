"""Some rows of a case: as many as wanted, groups whole, fewer a part of more."""

import numpy as np
from fitted_case import fitted_case

from polysight.evaluation.studies.chosen_rows import resampling_of, some_rows


def test_all_rows_if_they_are_no_more():
    case = fitted_case(rows=20)
    assert some_rows(case, 50, "x").tolist() == list(range(len(case.codes)))
    assert resampling_of(case, some_rows(case, 50, "x")) is case.resampling


def test_groups_come_whole_and_fewer_rows_are_among_more():
    case = fitted_case(rows=200, group="site")
    many, few = some_rows(case, 120, "x"), some_rows(case, 50, "x")
    assert 50 < len(many) <= 120
    assert set(few) <= set(many)
    for rows in (many, few):
        chosen = np.isin(np.arange(len(case.codes)), rows)
        assert all(len(np.unique(chosen[case.groups == group])) == 1 for group in np.unique(case.groups))
    assert resampling_of(case, few).units == len(np.unique(case.groups[few]))
    assert some_rows(case, 120, "x").tolist() == many.tolist()


def test_of_one_large_group_some_rows_stand_for_it():
    assert len(some_rows(fitted_case(rows=200, group="site"), 3, "x")) == 3
