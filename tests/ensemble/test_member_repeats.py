"""A member asked many times about the same content answers each once, and as if asked one by one."""

import numpy as np

from polysight.data.samples import Samples
from polysight.data.view import View
from polysight.ensemble.member import Member


class Counting:
    """Answers by the number a row holds, and counts the rows it is asked about."""

    def __init__(self):
        self.rows = 0

    def predict_samples(self, samples):
        self.rows += len(samples)
        share = samples.views["a"].arrays["x"]
        return np.column_stack([share, 1 - share])


def samples_of(values):
    numbers = np.array(values)
    keys = np.array([b"%.2f" % value for value in values])
    other = View({"x": np.arange(len(keys))}, np.ones((len(keys), 1), dtype=bool), np.arange(len(keys)).astype("S8"))
    return Samples({"a": View({"x": numbers}, np.ones((len(keys), 1), dtype=bool), keys), "b": other})


def test_repeated_rows_are_asked_about_once_whatever_other_inputs_hold():
    member, single = Member("m", ("a",), [Counting()]), Member("m", ("a",), [Counting()])
    values = [0.3, 0.8, 0.3, 0.3, 0.8, 0.3]
    found = member.predict(samples_of(values))
    each = np.concatenate([single.predict(samples_of([value])) for value in values])
    np.testing.assert_allclose(found, each)
    assert member.models[0].rows == 2


def test_rows_that_hardly_repeat_are_asked_about_as_they_come():
    member = Member("m", ("a",), [Counting()])
    member.predict(samples_of([0.1, 0.2, 0.2]))
    assert member.models[0].rows == 3
