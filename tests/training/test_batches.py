"""Batches: every row once, the same for the same seed whatever the threads, augmented in training only."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
import torch

from polysight.modalities.base import Modality
from polysight.modalities.tabular.modality import Tabular
from polysight.training.batches import Rows, plain_batches, shuffled, training_batches


@dataclass(frozen=True, kw_only=True)
class Noisy(Modality):
    """Adds noise in training."""

    kind: ClassVar[str] = "noisy"
    default_features = compact_features = classical = ()

    @classmethod
    def sniff(cls, column, root):
        raise NotImplementedError

    def read(self, cells):
        raise NotImplementedError

    def transform(self, view):
        return dict(view.arrays)

    def augmented(self, arrays, rng):
        noise = rng.normal(size=arrays["x"].shape).astype(np.float32)
        return {"x": arrays["x"] + noise}


class Broken(Noisy):
    def augmented(self, arrays, rng):
        raise RuntimeError("augmentation failed")


class Quiet(Noisy):
    augmented = Modality.augmented


def rows_of(modality, count=23):
    x = np.arange(count, dtype=np.float32)
    return Rows({"a": modality}, {"a": {"x": x}}, {"a": np.ones((count, 1), dtype=bool)}, np.arange(count) % 3)


@pytest.mark.parametrize(("count", "size"), [(23, 4), (33, 32), (5, 8), (64, 32)])
def test_an_epoch_holds_every_row_once_in_batches_of_like_size(count, size):
    parts = shuffled(count, size, seed=0, epoch=1)
    sizes = [len(part) for part in parts]
    assert sorted(np.concatenate(parts).tolist()) == list(range(count))
    assert max(sizes) <= size
    assert max(sizes) - min(sizes) <= 1


def test_order_depends_on_seed_and_epoch():
    first = np.concatenate(shuffled(50, 8, 0, 1))
    assert not np.array_equal(first, np.concatenate(shuffled(50, 8, 0, 2)))
    assert not np.array_equal(first, np.concatenate(shuffled(50, 8, 1, 1)))


def test_training_batches_are_the_same_for_the_same_seed_whatever_the_pace():
    rows = rows_of(Noisy())
    ahead = [batch.arrays["a"]["x"] for batch in training_batches(rows, 4, seed=3, epoch=2)]
    again = [batch.arrays["a"]["x"] for batch in training_batches(rows, 4, seed=3, epoch=2)]
    parts = list(enumerate(shuffled(23, 4, 3, 2)))
    backwards = [rows.augmented_batch(part, 3, 2, step).arrays["a"]["x"] for step, part in reversed(parts)]
    assert all(torch.equal(a, b) for a, b in zip(ahead, again, strict=True))
    assert all(torch.equal(a, b) for a, b in zip(ahead, reversed(backwards), strict=True))


def test_augmentation_changes_training_batches_only():
    rows = rows_of(Noisy())
    plain = torch.cat([batch.arrays["a"]["x"] for batch in plain_batches(rows, 5)])
    assert torch.equal(plain, torch.arange(23, dtype=torch.float32))
    changed = next(training_batches(rows, 23, seed=0, epoch=1))
    assert not torch.equal(changed.arrays["a"]["x"].round(), changed.arrays["a"]["x"])


def test_rows_without_augmentation_keep_their_values_and_targets_together():
    for batch in training_batches(rows_of(Quiet()), 4, seed=0, epoch=1):
        assert torch.equal(batch.arrays["a"]["x"].long() % 3, batch.truth)


def test_an_empty_list_of_augmentations_takes_no_thread():
    assert not rows_of(Tabular(augment=())).changes
    assert rows_of(Tabular()).changes
    assert rows_of(Noisy()).changes
    assert not rows_of(Quiet()).changes


def test_a_failing_augmentation_is_not_swallowed_by_its_thread():
    with pytest.raises(RuntimeError, match="augmentation failed"):
        list(training_batches(rows_of(Broken()), 4, seed=0, epoch=1))


def test_read_only_arrays_can_be_batched():
    x = np.broadcast_to(np.float32(2.0), (6,))
    rows = Rows({"a": Quiet()}, {"a": {"x": x}}, {"a": np.ones((6, 1), dtype=bool)})
    assert next(plain_batches(rows, 6)).arrays["a"]["x"].sum() == 12


def test_rows_without_classes_have_no_truth():
    rows = Rows({"a": Quiet()}, {"a": {"x": np.zeros(2)}}, {"a": np.ones((2, 1), dtype=bool)})
    with pytest.raises(ValueError, match="without classes"):
        _ = next(plain_batches(rows, 2)).truth
