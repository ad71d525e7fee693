"""The loop: learns, tells what it does, stops when it should, and says where a number went wrong."""

import dataclasses

import pytest
import torch
from small import loss_of, one_answer, rows_of, same_weights, trainer_of

from polysight.core.errors import TrainingError
from polysight.core.events import listen
from polysight.training.checkpoint import Checkpoint
from polysight.training.schedules import Steps
from polysight.training.sgd import SGD
from polysight.training.validation import validate


def test_learns_and_reports_every_epoch():
    heard = []
    trainer = trainer_of(epochs=8)
    with listen(lambda name, facts: heard.append((name, facts))):
        outcome = trainer.run(rows_of(), rows_of(40, seed=1))
    assert outcome.history[-1]["loss"] < 0.7 * outcome.history[0]["loss"]
    assert outcome.history[-1]["validation_accuracy"] > 0.6
    assert [facts["epoch"] for name, facts in heard if name == "epoch"] == list(range(1, 9))
    told = {"epoch", "epochs", "loss", "validation_loss", "validation_accuracy", "rows_per_second"}
    assert told <= heard[0][1].keys()


def test_same_seed_gives_identical_weights_and_another_seed_does_not():
    first, second, other = trainer_of(), trainer_of(), trainer_of(seed=1)
    for trainer in (first, second, other):
        trainer.run(rows_of())
    assert same_weights(first.network, second.network)
    assert not same_weights(first.network, other.network)


def test_the_best_epoch_is_restored():
    trainer = trainer_of(epochs=10)
    validation = rows_of(40, seed=1)
    outcome = trainer.run(rows_of(), validation)
    losses = [record["validation_loss_calibrated"] for record in outcome.history]
    assert losses[outcome.best_epoch - 1] == min(losses)
    shorter = trainer_of(epochs=10)
    snapshots = []
    with listen(lambda name, facts: snapshots.append({k: v.clone() for k, v in shorter.network.state_dict().items()})):
        shorter.run(rows_of(), validation)
    expected = snapshots[outcome.best_epoch - 1]
    assert all(torch.equal(value, expected[name]) for name, value in trainer.network.state_dict().items())


def test_patience_ends_a_training_that_no_longer_gets_better():
    rows = rows_of()
    shuffled_labels = rows_of(40, seed=1)
    shuffled_labels.codes[:] = (shuffled_labels.codes + 1) % 3
    outcome = trainer_of(epochs=50, patience=3).run(rows, shuffled_labels)
    assert len(outcome.history) == outcome.best_epoch + 3
    assert not outcome.stopped_by_time


def test_time_limit_stops_after_an_epoch_and_says_so():
    outcome = trainer_of(epochs=50, seconds=0.0).run(rows_of(), rows_of(40, seed=1))
    assert len(outcome.history) == 1
    assert outcome.stopped_by_time


def test_an_ample_time_limit_changes_nothing():
    free, limited = trainer_of(), trainer_of(seconds=3600.0)
    free.run(rows_of())
    outcome = limited.run(rows_of())
    assert not outcome.stopped_by_time
    assert same_weights(free.network, limited.network)


def test_a_loss_that_is_not_finite_names_the_step_and_the_last_good_epoch():
    calls = []

    def loss(network, batch):
        calls.append(batch)
        return one_answer(loss_of(network, batch).joint * (float("nan") if len(calls) == 11 else 1.0), batch.truth)

    with pytest.raises(TrainingError, match=r"epoch 3, step 3 of 4(.|\n)*last good epoch is 2"):
        trainer_of(loss=loss).run(rows_of())


def test_a_gradient_that_is_not_finite_is_found_in_the_last_step_too():
    calls = []

    def loss(network, batch):
        calls.append(batch)
        # The square root's slope at zero is infinite; its value is not.
        extra = sum(p.sum() * 0 for p in network.parameters()).sqrt() if len(calls) == 4 else 0.0
        return one_answer(loss_of(network, batch).joint + extra, batch.truth)

    with pytest.raises(TrainingError, match=r"step 4 of 4: the gradient is not a finite number; no epoch"):
        trainer_of(loss=loss, epochs=1).run(rows_of())


def test_extreme_validation_rows_are_an_error_not_a_silent_choice():
    validation = rows_of(40, seed=1)
    validation.arrays["a"]["x"][0] = float("inf")
    with pytest.raises(TrainingError, match="validation loss"):
        trainer_of().run(rows_of(), validation)


def test_the_last_good_epoch_s_checkpoint_is_named(tmp_path):
    calls = []

    def loss(network, batch):
        calls.append(batch)
        return one_answer(loss_of(network, batch).joint * (float("inf") if len(calls) == 6 else 1.0), batch.truth)

    with pytest.raises(TrainingError, match=r"epoch 2, step 2 of 4(.|\n)*last good epoch is 1, kept in .*/c"):
        trainer_of(loss=loss, checkpoint=Checkpoint(tmp_path / "c", {})).run(rows_of())
    assert len(trainer_of(epochs=1, checkpoint=Checkpoint(tmp_path / "c", {})).run(rows_of()).history) == 1


def test_the_average_of_the_weights_is_what_is_validated_and_kept():
    heard, trainer = [], trainer_of(epochs=4, ema=0.9)
    seen = []

    def listener(name, facts):
        seen.append({k: v.clone() for k, v in trainer.network.state_dict().items()})
        heard.append(facts)

    with listen(listener):
        outcome = trainer.run(rows_of(), rows_of(40, seed=1))
    plain = trainer_of(epochs=4)
    plain.run(rows_of())
    # The average does not change what is learned, only what is kept of it.
    assert all(torch.equal(value, plain.network.state_dict()[name]) for name, value in seen[-1].items())
    assert not same_weights(trainer.network, plain.network)
    expected = validate(trainer.network, rows_of(40, seed=1), 32)
    best = outcome.history[outcome.best_epoch - 1]
    assert best["validation_loss_calibrated"] == pytest.approx(expected.calibrated)
    unjudged = trainer_of(epochs=4, ema=0.9)
    unjudged.run(rows_of())
    assert not same_weights(unjudged.network, plain.network)


def test_a_schedule_and_an_optimiser_by_choice():
    trainer = dataclasses.replace(
        trainer_of(epochs=4), schedule=Steps(after=(0.5,), factor=0.1), optimizer=SGD(learning_rate=0.2)
    )
    outcome = trainer.run(rows_of())
    assert [record["learning_rate"] for record in outcome.history] == pytest.approx([0.2, 0.2, 0.02, 0.02])
    assert outcome.history[-1]["loss"] < outcome.history[0]["loss"]
