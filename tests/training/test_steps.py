"""A pass over the rows: portions, accumulated gradients, clipping, and the modality a bad number is of."""

import dataclasses

import pytest
import torch
from small import Small, rows_of, same_weights, trainer_of
from torch import nn

from polysight.core.errors import TrainingError
from polysight.objectives.balance.base import Terms
from polysight.training.batches import shuffled
from polysight.training.sgd import SGD
from polysight.training.steps import Portions


class Bare(Small):
    """Without what makes a batch more than its rows (normalisation, dropout)."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))


def bare_trainer(**plan):
    trainer = trainer_of(**{"epochs": 2, **plan})
    torch.manual_seed(0)
    return dataclasses.replace(trainer, network=Bare(), optimizer=SGD(learning_rate=0.1, clip=0.3))


@pytest.mark.parametrize(("rows", "size", "accumulate"), [(23, 4, 1), (23, 4, 2), (60, 16, 3), (5, 8, 4)])
def test_portions_are_those_of_the_batches(rows, size, accumulate):
    steps = Portions(size, accumulate, 0, 1).of(rows)
    assert [count for step in steps for count in step] == [len(part) for part in shuffled(rows, size, 0, 1)]
    assert all(len(step) == accumulate for step in steps[:-1])


def test_accumulated_small_batches_are_one_large_batch():
    whole, parts = bare_trainer(batch_size=60), bare_trainer(batch_size=15, accumulate=4)
    whole.run(rows_of(60))
    parts.run(rows_of(60))
    for one, other in zip(whole.network.parameters(), parts.network.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)


def test_batches_of_unequal_size_count_by_their_rows():
    # 61 rows in batches of 21, 20 and 20: only weighted by rows are they one batch of 61.
    whole, parts = bare_trainer(batch_size=61), bare_trainer(batch_size=21, accumulate=3)
    whole.run(rows_of(61))
    parts.run(rows_of(61))
    for one, other in zip(whole.network.parameters(), parts.network.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)


def test_accumulation_of_one_is_none():
    one, other = trainer_of(), trainer_of(accumulate=1)
    one.run(rows_of())
    other.run(rows_of())
    assert same_weights(one.network, other.network)


class Two(nn.Module):
    """Two encoders and a fusion of their sum."""

    def __init__(self):
        super().__init__()
        self.encoders = nn.ModuleList([nn.Linear(4, 3), nn.Linear(4, 3)])
        self.head = nn.Linear(3, 3)


def two_terms(network, batch, *, spoil=None):
    x, targets = batch.arrays["a"]["x"], batch.truth
    answers = torch.stack([encoder(x) for encoder in network.encoders], dim=1)
    if spoil is not None:
        answers = spoil(answers)
    own = torch.stack([nn.functional.cross_entropy(answers[:, i], targets) for i in range(2)])
    fused = nn.functional.cross_entropy(network.head(answers.nan_to_num().clamp(-9, 9).sum(dim=1)), targets)
    present = torch.ones(len(targets), 2, dtype=torch.bool)
    return Terms(fused + own.sum(), fused, own, answers, answers, present, targets)


def two_trainer(loss):
    torch.manual_seed(0)
    network = Two()
    encoders = {name: tuple(e.parameters()) for name, e in zip(("note", "scan"), network.encoders, strict=True)}
    return dataclasses.replace(trainer_of(epochs=1), network=network, loss=loss, encoders=encoders)


def test_the_modality_whose_loss_is_not_finite_is_named():
    calls = []

    def loss(network, batch):
        calls.append(batch)
        hidden = torch.tensor([1.0, float("nan")])[:, None] if len(calls) == 2 else 1.0
        return two_terms(network, batch, spoil=lambda answers: answers * hidden)

    with pytest.raises(TrainingError, match="step 2 of 4: the loss of 'scan' is not a finite number"):
        two_trainer(loss).run(rows_of())


def test_the_modality_whose_gradient_is_not_finite_is_named():
    def spoil(answers):
        # The square root's slope at zero is infinite; its value is not.
        return answers + torch.stack([(answers[:, 0] * 0).sqrt(), answers[:, 1] * 0], dim=1)

    with pytest.raises(TrainingError, match="step 1 of 4: the gradient of 'note' is not a finite number; no epoch"):
        two_trainer(lambda network, batch: two_terms(network, batch, spoil=spoil)).run(rows_of())


def test_what_is_wrong_in_the_fused_answer_is_no_modality_s():
    def loss(network, batch):
        terms = two_terms(network, batch)
        return dataclasses.replace(terms, joint=terms.joint * float("nan"))

    with pytest.raises(TrainingError, match="step 1 of 4: the loss is not a finite number"):
        two_trainer(loss).run(rows_of())
