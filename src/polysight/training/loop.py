"""The training loop: epochs of steps, a look at the validation rows after each, the best weights at the end."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from polysight.core.errors import TrainingError
from polysight.core.events import emit
from polysight.core.randomness import derived_seed
from polysight.training.batches import Batch, Rows, training_batches
from polysight.training.checkpoint import Checkpoint, Progress
from polysight.training.early_stopping import EarlyStopping
from polysight.training.optimizer import AdamW
from polysight.training.validation import validate

#: The loss of a batch, a scalar: what training makes small.
Loss = Callable[[nn.Module, Batch], Tensor]


@dataclass(frozen=True)
class Plan:
    """How long to train, in what portions.

    Attributes:
        epochs: How often every row is seen.
        batch_size: Rows a step.
        seed: Names every random number of the training.
        patience: Epochs without a better calibrated validation log-loss that end the training; None never does.
        seconds: No epoch is started that would probably end later than this; None is no limit.
    """

    epochs: int
    batch_size: int
    seed: int = 0
    patience: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Outcome:
    """How a training went.

    Attributes:
        history: One record an epoch: ``epoch``, ``loss``, ``validation_loss``, ``validation_loss_calibrated``,
            ``validation_accuracy``, ``learning_rate``, ``seconds``; validation is None where there was none.
        best_epoch: The epoch whose weights were kept (the last one where there was no validation).
        stopped_by_time: Whether the time limit ended it.
    """

    history: list[dict[str, Any]]
    best_epoch: int
    stopped_by_time: bool


@dataclass(frozen=True, eq=False)
class Trainer:
    """A network and everything needed to train it; ``run`` changes the network in place.

    Attributes:
        network: Gives an object with ``logits`` when called with a batch.
        loss: The loss of a batch.
        optimizer: How weights follow gradients.
        plan: How long.
        accelerator: Where, and in what precision.
        checkpoint: Kept after each epoch, continued from if it is there.
    """

    network: nn.Module
    loss: Loss
    optimizer: AdamW
    plan: Plan
    accelerator: Accelerator
    checkpoint: Checkpoint | None = None

    def run(self, rows: Rows, validation: Rows | None = None) -> Outcome:
        """Train, and leave the best weights in the network.

        Raises:
            TrainingError: A loss or gradient is not finite.
        """
        started = time.monotonic()
        self.network.to(self.accelerator.device)
        optimizer = self.optimizer.build(self.network)
        progress = Progress(EarlyStopping(self.plan.patience))
        if self.checkpoint:
            self.checkpoint.restore(self.network, optimizer, progress)
        out_of_time = False
        while not (self._finished(progress) or out_of_time):
            progress.history.append(self._epoch(progress.epoch + 1, rows, validation, optimizer))
            if validation is not None:
                progress.best.update(progress.epoch, progress.history[-1]["validation_loss_calibrated"], self.network)
            if self.checkpoint:
                self.checkpoint.save(self.network, optimizer, progress)
            out_of_time = self._out_of_time(started, progress)
        progress.best.restore(self.network)
        stopped_by_time = out_of_time and not self._finished(progress)
        return Outcome(progress.history, progress.best.epoch or progress.epoch, stopped_by_time)

    def _finished(self, progress: Progress) -> bool:
        return progress.epoch >= self.plan.epochs or progress.best.exhausted(progress.epoch)

    def _out_of_time(self, started: float, progress: Progress) -> bool:
        if self.plan.seconds is None:
            return False
        return time.monotonic() - started + progress.history[-1]["seconds"] > self.plan.seconds

    def _epoch(
        self, epoch: int, rows: Rows, validation: Rows | None, optimizer: torch.optim.Optimizer
    ) -> dict[str, Any]:
        started = time.monotonic()
        torch.manual_seed(derived_seed(self.plan.seed, "epoch", epoch))
        loss = self._train(epoch, rows, optimizer)
        trained = time.monotonic() - started
        verdict = None if validation is None else validate(self.network, validation, 2 * self.plan.batch_size)
        if verdict and not math.isfinite(verdict.log_loss):
            raise _not_finite("the validation loss", epoch, f"after epoch {epoch}")
        record = {
            "epoch": epoch,
            "loss": loss,
            "validation_loss": verdict and verdict.log_loss,
            "validation_loss_calibrated": verdict and verdict.calibrated,
            "validation_accuracy": verdict and verdict.accuracy,
            "learning_rate": optimizer.param_groups[0]["lr"],
        }
        emit("epoch", epochs=self.plan.epochs, rows_per_second=len(rows) / max(trained, 1e-9), **record)
        return {**record, "seconds": time.monotonic() - started}

    def _train(self, epoch: int, rows: Rows, optimizer: torch.optim.Optimizer) -> float:
        """One pass over the rows; the mean loss of its steps."""
        self.network.train()
        steps = -(-len(rows) // self.plan.batch_size)
        parameters = list(self.network.parameters())
        losses, norms = [], []
        for step, batch in enumerate(training_batches(rows, self.plan.batch_size, self.plan.seed, epoch)):
            rate = self.optimizer.learning_rate_at((epoch - 1) * steps + step, self.plan.epochs * steps)
            for group in optimizer.param_groups:
                group["lr"] = rate
            with self.accelerator.autocast():
                loss = self.loss(self.network, batch.to(self.accelerator.device))
            optimizer.zero_grad(set_to_none=True)
            self.accelerator.backward(loss)
            norms.append(self.accelerator.clip_grad_norm_(parameters, self.optimizer.clip))
            optimizer.step()
            losses.append(loss.detach())
        # Looked at once an epoch: asking after each step would make an accelerator wait for its answers.
        _check_finite(torch.stack(losses), torch.stack(norms), epoch, steps)
        return float(torch.stack(losses).mean())


def _check_finite(losses: Tensor, norms: Tensor, epoch: int, steps: int) -> None:
    for what, values in (("the loss", losses), ("the gradient", norms)):
        bad = (~values.isfinite()).nonzero()
        if len(bad):
            step = int(bad[0]) + 1
            raise _not_finite(what, epoch, f"epoch {epoch}, step {step} of {steps}")


def _not_finite(what: str, epoch: int, where: str) -> TrainingError:
    last = f"the last good epoch is {epoch - 1}" if epoch > 1 else "no epoch was finished"
    return TrainingError(
        f"{what} is not a finite number; {last}",
        where=where,
        fix="lower the learning rate, use precision='fp32', or look for extreme values in the table (polysight check)",
    )
