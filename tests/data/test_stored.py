"""Stored rows: they look like the array they stand for, and read only what is taken out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polysight.data.stored import StoredRows

WHOLE = np.arange(2, 26, dtype=np.int16).reshape(4, 2, 3)


def stored():
    rows = StoredRows(lambda row, slot: WHOLE[row, slot], 4, 2, np.zeros(3, dtype=np.int16))
    for row in range(4):
        for slot in range(2):
            if (row, slot) != (2, 1):
                rows[row, slot] = None
    return rows


def expected():
    array = WHOLE.copy()
    array[2, 1] = 0
    return array


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 3), max_size=6), st.lists(st.booleans(), min_size=4, max_size=4))
def test_looks_like_the_array(rows, mask):
    index, hidden = np.array(rows, dtype=np.intp), np.array(mask)
    array, lazy = expected(), stored()
    np.testing.assert_array_equal(np.asarray(lazy), array)
    np.testing.assert_array_equal(lazy[index], array[index])
    np.testing.assert_array_equal(lazy[1:3], array[1:3])
    np.testing.assert_array_equal(lazy[hidden], array[hidden])
    taken, copied = lazy.take(index, axis=0), lazy.copy()
    copied[hidden] = 0
    array_copy = array.copy()
    array_copy[hidden] = 0
    np.testing.assert_array_equal(np.asarray(taken), array[index])
    np.testing.assert_array_equal(np.asarray(copied), array_copy)
    np.testing.assert_array_equal(np.asarray(lazy), array)
    assert (taken.shape, taken.dtype, taken.ndim, len(taken)) == ((len(rows), 2, 3), np.int16, 3, len(rows))


def test_reads_what_is_taken_out_and_nothing_else():
    asked = []

    def read(row, slot):
        asked.append((row, slot))
        return WHOLE[row, slot]

    rows = StoredRows(read, 4, 2, np.zeros(3, dtype=np.int16))
    rows[3, 1] = rows[1, 0] = None
    later = rows.take(np.array([3, 0, 1])).copy()
    assert asked == []
    assert later[0:2].sum() == WHOLE[3, 1].sum()
    assert asked == [(3, 1)]
    with pytest.raises(ValueError, match="zero only"):
        rows[np.array([0])] = 5
