"""Samples: rows of equal content are found whatever input they differ in."""

import numpy as np

from polysight.data.samples import Samples
from polysight.data.view import View


def test_distinct_rows_stand_for_all():
    def view(letters):
        keys = np.array([letter.encode() for letter in letters])
        return View({"x": np.array(list(letters))}, np.ones((len(keys), 1), dtype=bool), keys)

    samples = Samples({"a": view("ppqpp"), "b": view("rsrrs")})
    first, like = samples.distinct()
    assert len(first) == 3
    again = samples.take(first).take(like)
    for name in "ab":
        np.testing.assert_array_equal(again.views[name].arrays["x"], samples.views[name].arrays["x"])
