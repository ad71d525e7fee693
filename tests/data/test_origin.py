"""Rows know where they come from, however they are taken, hidden and put together."""

import numpy as np

from polysight.data.samples import Samples
from polysight.data.view import View, content_key


def view_of(rows=6):
    values = np.arange(2 * rows, dtype=float).reshape(rows, 2)
    keys = np.array([content_key([str(row)]) for row in range(rows)])
    return View({"values": values}, np.ones((rows, 1), dtype=bool), keys)


def test_rows_are_followed_through_taking_and_hiding():
    view = view_of().as_origin()
    some = view.take([4, 1, 4]).hide(np.array([False, True, False])).take([1, 2])
    assert some.origin.rows.tolist() == [1, 4]
    assert some.origin.view.origin is None
    assert some.origin.view.fingerprint() == view.fingerprint()
    assert view_of().take([1]).origin is None
    assert view.followed_by(view).origin is None


def test_rows_are_put_together_from_others():
    samples = Samples({"a": view_of(), "b": view_of()}).as_origin()
    mixed = samples.recombined({"a": np.array([0, 1]), "b": np.array([5, 5])})
    np.testing.assert_array_equal(mixed.views["b"].arrays["values"], view_of().arrays["values"][[5, 5]])
    assert mixed.views["b"].origin.rows.tolist() == [5, 5]


def test_bytes_are_those_of_the_cells():
    assert view_of().nbytes == 6 * 2 * 8


def test_distinct_rows_are_alike_in_no_input():
    samples = Samples({"a": view_of(), "b": view_of()})
    mixed = samples.recombined({"a": np.array([0, 1, 0, 0]), "b": np.array([2, 2, 2, 3])})
    rows, places = mixed.distinct()
    assert len(rows) == 3
    for view in mixed.views.values():
        assert (view.keys[rows][places] == view.keys).all()
    backwards = mixed.take([3, 2, 1, 0])
    assert (backwards.take(backwards.distinct()[0]).views["b"].keys == mixed.take(rows).views["b"].keys).all()
    hidden = mixed.hide_where(np.array([[True, False]] * 2 + [[False, False]] * 2))
    assert len(hidden.distinct()[0]) == 3
