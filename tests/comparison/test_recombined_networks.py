"""Recombined rows are answered as the rows they would be."""

import numpy as np
import pytest
import torch
from contests import COMMON, split_of

from polysight.comparison.method import Method
from polysight.data.samples import Samples
from polysight.evaluation.recombined import Recombined


@pytest.mark.parametrize("fusion", ["concat", "transformer", "mean_logits"])
def test_a_recombined_row_is_the_row_it_would_be(fusion):
    split = split_of(150)
    train = split.train
    learner = Method(fusion).learner(COMMON, 0)
    learner.fit_samples(train.samples, train.codes, inputs=train.inputs, classes=4)
    rng = np.random.default_rng(0)
    picks = {name: rng.integers(len(split.test), size=40) for name in split.names}
    ask = Recombined(learner, split.test)
    put_together = Samples({name: split.test.views[name].take(rows) for name, rows in picks.items()})
    probabilities = torch.from_numpy(ask(picks)).softmax(dim=1).numpy()
    np.testing.assert_allclose(probabilities, learner.predict_samples(put_together), atol=1e-6)
    assert (~put_together.present).any(axis=0).all()


def test_where_nothing_is_there_the_prior_answers():
    split = split_of()
    train = split.train
    learner = Method("gated").learner(COMMON, 0)
    learner.fit_samples(train.samples, train.codes, inputs=train.inputs, classes=4)
    nothing = split.test.hide(split.names)
    rows = np.arange(3)
    found = Recombined(learner, nothing)({"left": rows, "right": rows[::-1]})
    np.testing.assert_allclose(found, np.tile(np.log(learner.prior_), (3, 1)))
    assert not learner.network_.training
    assert [type(e).__name__ for e in learner.network_.encoders] == ["TabularMLP", "TabularMLP"]
