"""Pairs: equal keys meet their first, and how bad copies are depends on how many and where."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from polysight.data.samples import Samples
from polysight.health.examination import Examination, TestRows, drawn, ignoring, listed
from polysight.health.pairs import equal_keys, findings
from polysight.modalities.inputs import Task


@pytest.fixture
def table():
    codes = np.arange(200) % 2
    task = Task(Samples({}), codes, np.array(["a", "b"]), None, {}, np.arange(1000, 1200))
    test = TestRows(pd.DataFrame(), Samples({}), np.arange(500, 600), codes[:100], pd.Series(dtype=object))
    return Examination(pd.DataFrame(), pd.Series(dtype=object), "label", task, test=test)


def statuses(table, pairs, **options):
    return {f.name: f.status for f in findings("x", np.array(pairs), table, ("c",), **options)}


def test_each_copy_meets_the_first():
    assert equal_keys(["a", "b", None, "a", None, "a", "b"]).tolist() == [[0, 3], [0, 5], [1, 6]]
    assert equal_keys([]).shape == (0, 2)


def test_few_are_a_warning_and_many_certain_ones_a_failure(table):
    inside, torn, across = [0, 2], [0, 1], [5, 250]
    good = dict.fromkeys(("x", "x_across_labels", "x_in_test"), "pass")
    assert statuses(table, [inside] * 9, certain=True) == {**good, "x": "warn"}
    assert statuses(table, [torn], certain=True) == {**good, "x_across_labels": "warn"}
    assert statuses(table, [torn, [2, 3]], certain=True) == {**good, "x_across_labels": "fail"}
    assert statuses(table, [across], certain=True) == {**good, "x_in_test": "fail"}
    assert statuses(table, [torn, [2, 3], across]) == {"x": "pass", "x_across_labels": "warn", "x_in_test": "warn"}
    assert set(statuses(replace(table, test=None), [inside])) == {"x", "x_across_labels"}


def test_pairs_are_told_by_their_rows_in_the_tables(table):
    _, _, found = findings("x", np.array([[5, 250], [6, 250]]), table, ("c",))
    assert found.facts == {"rows": 1, "pairs": "1005 = test 550; 1006 = test 550"}
    assert found.rows == (1005, 1006)


def test_long_lists_are_cut_and_options_are_quoted():
    assert listed(list("abcdefg")) == "a, b, c, d, e (+2)"
    assert ignoring(["a b", "c"]) == "--ignore 'a b' --ignore c"
    assert drawn(5, 5).tolist() == [0, 1, 2, 3, 4]
    assert len(set(drawn(100, 10).tolist())) == 10
