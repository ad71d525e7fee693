"""The clustered standard error against its formula and the ordinary one."""

import numpy as np
import pytest

from polysight.evaluation.clustered import clustered_error


def test_without_groups_it_is_the_ordinary_standard_error():
    values = np.random.default_rng(0).normal(size=50)
    assert clustered_error(values, None) == pytest.approx(values.std(ddof=1) / np.sqrt(50))


def test_copies_of_a_row_tell_nothing_new():
    values = np.random.default_rng(0).normal(size=50)
    assert clustered_error(np.repeat(values, 4), np.repeat(np.arange(50) * 3, 4)) == pytest.approx(
        clustered_error(values, None)
    )


def test_one_group_tells_nothing_of_others():
    assert clustered_error(np.arange(5.0), np.zeros(5, dtype=int)) == np.inf
