"""How much each input mattered, of made-up models."""

import numpy as np
import pytest

from polysight.data.samples import Samples
from polysight.data.view import View
from polysight.explain.modalities import shares_of


def row_of(present):
    views = {
        f"i{place}": View({"x": np.array([1.0 if there else 0.0])}, np.array([[there]]), np.array([b"%d" % place]))
        for place, there in enumerate(present)
    }
    return Samples(views)


class Additive:
    """Each input that is there adds its number in ten thousandths; the first two add more together."""

    classes_ = np.array(["no", "yes"])
    prior_ = np.array([0.7, 0.3])

    def __init__(self):
        self.calls = []

    def predict_samples(self, samples):
        self.calls.append(len(samples))
        there = samples.present.astype(float)
        yes = 0.3 + there @ np.arange(1, there.shape[1] + 1) / 1e4 + 0.2 * there[:, 0] * there[:, 1]
        return np.column_stack([1 - yes, yes])


def test_an_additive_part_is_an_input_s_own_and_what_two_do_together_is_shared():
    model = Additive()
    shares = shares_of(model, row_of([True, True, True]))
    assert model.calls == [8]
    np.testing.assert_allclose(shares.worth.players[:, 1], [0.1001, 0.1002, 0.0003], atol=1e-12)
    assert shares.interactions(1) == pytest.approx({"i0 + i1": 0.2, "i0 + i2": 0, "i1 + i2": 0}, abs=1e-12)


def test_an_absent_input_is_no_player():
    shares = shares_of(Additive(), row_of([True, False, True]))
    assert shares.names == ("i0", "i2")
    assert shares.absent == ("i1",)
    np.testing.assert_allclose(shares.worth.players[:, 1], [0.0001, 0.0003], atol=1e-12)


def test_more_than_six_inputs_are_sampled_in_one_call_and_still_sum():
    model = Additive()
    shares = shares_of(model, row_of([True] * 8))
    assert len(model.calls) == 1
    assert not shares.exact
    assert shares.interactions(1) == {}
    worth = shares.worth
    np.testing.assert_allclose(worth.players.sum(axis=0), worth.everybody - worth.nobody, atol=1e-12)
    np.testing.assert_allclose(worth.players[2:, 1], np.arange(3, 9) / 1e4, atol=1e-12)
