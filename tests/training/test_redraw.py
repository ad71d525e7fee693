"""Batches redrawn, and only some classes augmented."""

import numpy as np
import torch
from test_batches import Noisy, rows_of

from polysight.training.batches import Rows, training_batches


def test_other_rows_in_as_many_batches_the_same_for_the_same_seed():
    rows = rows_of(Noisy())

    def redraw(parts, codes, rng):
        assert len(codes) == 23
        return [rng.choice(np.flatnonzero(codes == 1), size=len(part)) for part in parts]

    first = [batch.truth for batch in training_batches(rows, 4, seed=0, epoch=1, redraw=redraw)]
    again = [batch.truth for batch in training_batches(rows, 4, seed=0, epoch=1, redraw=redraw)]
    assert len(first) == 6
    assert all(torch.equal(a, b) for a, b in zip(first, again, strict=True))
    assert set(torch.cat(first).tolist()) == {1}


def test_only_the_classes_named_are_augmented():
    plain = rows_of(Noisy())
    rows = Rows(plain.modalities, plain.arrays, plain.present, plain.codes, changing=np.array([False, True, False]))
    for batch in training_batches(rows, 8, seed=0, epoch=1):
        values, changed = batch.arrays["a"]["x"], batch.truth == 1
        assert torch.equal(values[~changed], values[~changed].round())
        assert not (values[changed] == values[changed].round()).any()
    untouched = Rows(plain.modalities, plain.arrays, plain.present, plain.codes, changing=np.zeros(3, dtype=bool))
    whole = torch.cat([b.arrays["a"]["x"] for b in training_batches(untouched, 8, seed=0, epoch=1)])
    assert torch.equal(whole.sort().values, torch.arange(23, dtype=torch.float32))
