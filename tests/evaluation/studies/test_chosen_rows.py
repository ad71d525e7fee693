"""Some rows of a case: as many as wanted, groups whole, fewer a part of more."""

from dataclasses import replace

import numpy as np
from fitted_case import fitted_case

from polysight.evaluation.studies.chosen_rows import some_rows


def test_all_rows_if_they_are_no_more():
    case = fitted_case(rows=20)
    assert some_rows(case, 50, "x").tolist() == list(range(len(case.codes)))
    assert case.take(some_rows(case, 50, "x")).resampling is case.resampling


def test_many_groups_come_whole_and_fewer_rows_are_among_more():
    case = replace(fitted_case(rows=200), groups=np.arange(200) // 3)
    many = some_rows(case, 120, "x")
    few = some_rows(case, 70, "y", among=many)
    assert 110 < len(many) <= 120
    assert 60 < len(few) <= 70
    assert set(few) <= set(many)
    for rows in (many, few):
        chosen = np.isin(np.arange(200), rows)
        assert all(len(np.unique(chosen[case.groups == group])) == 1 for group in np.unique(case.groups))
    assert case.take(few).resampling.units == len(np.unique(case.groups[few]))
    assert some_rows(case, 120, "x").tolist() == many.tolist()


def test_of_few_groups_every_one_gives_some_rows():
    case = replace(fitted_case(rows=200), groups=np.repeat(np.arange(4), [10, 50, 60, 80]))
    rows = some_rows(case, 60, "x")
    assert len(rows) == 60
    assert (np.diff(rows) > 0).all()
    assert np.bincount(case.groups[rows])[0] == 10
    assert np.ptp(np.bincount(case.groups[rows])[1:]) <= 1
    assert len(some_rows(case, 3, "x")) == 3
