"""The training loop: epochs of steps, a look at the validation rows after each, the best weights at the end."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from jaxtyping import Float
from torch import nn

from polysight.core.events import emit
from polysight.core.gradients import Parameters
from polysight.core.randomness import derived_seed
from polysight.objectives.balance.base import Balance
from polysight.objectives.balance.joint import Joint
from polysight.training.average import Average
from polysight.training.batches import Redraw, Rows
from polysight.training.checkpoint import Checkpoint, Progress
from polysight.training.early_stopping import EarlyStopping
from polysight.training.optimizer import Optimizer
from polysight.training.schedules import Cosine, Schedule
from polysight.training.steps import Loss, Portions, Stepper
from polysight.training.trace import Trace, not_finite
from polysight.training.validation import validate, validate_terms


@dataclass(frozen=True)
class Plan:
    """How long to train, in what portions.

    Attributes:
        epochs: How often every row is seen.
        batch_size: Rows a batch.
        seed: Names every random number of the training.
        patience: Epochs without a better calibrated validation log-loss that end the training; None never does.
        seconds: No epoch is started that would probably end later than this; None is no limit.
        accumulate: Batches a step, whose gradients are added up.
        ema: How much of the running mean of the weights a step leaves; None keeps no mean.
        redraw: Changes which rows the batches of an epoch hold.
    """

    epochs: int
    batch_size: int
    seed: int = 0
    patience: int | None = None
    seconds: float | None = None
    accumulate: int = 1
    ema: float | None = None
    redraw: Redraw | None = None

    @property
    def portions(self) -> Portions:
        """The portions rows are trained on in."""
        return Portions(self.batch_size, self.accumulate, self.seed, self.epochs, self.redraw)


@dataclass(frozen=True)
class Outcome:
    """How a training went.

    Attributes:
        history: One record an epoch: ``epoch``, ``loss``, ``validation_loss``, ``validation_loss_calibrated``,
            ``validation_accuracy``, ``learning_rate``, ``seconds``; validation is None where there was none. With
            a balance that watches, ``terms`` too: the fused and each own loss, ``training`` and ``validation``.
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
        loss: The losses of a batch.
        optimizer: How weights follow gradients.
        plan: How long.
        accelerator: Where, and in what precision.
        checkpoint: Kept after each epoch, continued from if it is there.
        schedule: The learning rate of each step.
        balance: How losses become gradients.
        encoders: The parameters of each modality's encoder, in sorted order of names.
        shift: The factors by which what is taught changes the classes' odds, divided out where answers are judged.
    """

    network: nn.Module
    loss: Loss
    optimizer: Optimizer
    plan: Plan
    accelerator: Accelerator
    checkpoint: Checkpoint | None = None
    schedule: Schedule = field(default_factory=Cosine)
    balance: Balance = field(default_factory=Joint)
    encoders: Mapping[str, Parameters] = field(default_factory=dict)
    shift: Float[np.ndarray, " class"] | None = None

    def run(self, rows: Rows, validation: Rows | None = None) -> Outcome:
        """Train, and leave the best weights in the network.

        Raises:
            TrainingError: A loss or gradient is not finite.
        """
        started = time.monotonic()
        self.network.to(self.accelerator.device)
        optimizer = self.optimizer.build(self.network)
        average = None if self.plan.ema is None else Average(self.network, self.plan.ema)
        progress = Progress(EarlyStopping(self.plan.patience), average)
        if self.checkpoint:
            self.checkpoint.restore(self.network, optimizer, progress)
        stepper = self._stepper(optimizer, average)
        out_of_time = False
        while not (self._finished(progress) or out_of_time):
            record = self._epoch(progress, rows, validation, stepper)
            progress.history.append(record)
            if validation is not None:
                progress.best.update(progress.epoch, record["validation_loss_calibrated"], self._judged(average))
            if self.checkpoint:
                self.checkpoint.save(self.network, optimizer, progress)
            out_of_time = self._out_of_time(started, progress)
        if average is not None:
            self.network.load_state_dict(average.network.state_dict())
        progress.best.restore(self.network)
        stopped_by_time = out_of_time and not self._finished(progress)
        return Outcome(progress.history, progress.best.epoch or progress.epoch, stopped_by_time)

    def _stepper(self, optimizer: torch.optim.Optimizer, average: Average | None) -> Stepper:
        return Stepper(
            self.network,
            self.loss,
            self.balance,
            self.encoders,
            optimizer,
            rate=lambda step, steps: self.optimizer.learning_rate * self.schedule.share(step, steps),
            clip=self.optimizer.clip,
            accelerator=self.accelerator,
            average=average,
        )

    def _judged(self, average: Average | None) -> nn.Module:
        """The network whose answers count."""
        return self.network if average is None else average.network

    def _finished(self, progress: Progress) -> bool:
        return progress.epoch >= self.plan.epochs or progress.best.exhausted(progress.epoch)

    def _out_of_time(self, started: float, progress: Progress) -> bool:
        if self.plan.seconds is None:
            return False
        return time.monotonic() - started + progress.history[-1]["seconds"] > self.plan.seconds

    def _epoch(self, progress: Progress, rows: Rows, validation: Rows | None, stepper: Stepper) -> dict[str, Any]:
        started, epoch = time.monotonic(), progress.epoch + 1
        kept = self.checkpoint.folder if self.checkpoint else None
        torch.manual_seed(derived_seed(self.plan.seed, "epoch", epoch))
        trace = stepper.run(epoch, rows, self.plan.portions, progress.history)
        trace.check(epoch, kept)
        trained = time.monotonic() - started
        judged, size = self._judged(progress.average), 2 * self.plan.batch_size
        verdict = None if validation is None else validate(judged, validation, size, self.shift)
        if verdict and not math.isfinite(verdict.log_loss):
            raise not_finite("the validation loss", epoch, f"after epoch {epoch}", kept)
        record = {
            "epoch": epoch,
            "loss": trace.mean(),
            "validation_loss": verdict and verdict.log_loss,
            "validation_loss_calibrated": verdict and verdict.calibrated,
            "validation_accuracy": verdict and verdict.accuracy,
            "learning_rate": stepper.optimizer.param_groups[0]["lr"],
        }
        if self.balance.watches:
            record["terms"] = self._terms(trace, judged, validation)
        emit("epoch", epochs=self.plan.epochs, rows_per_second=len(rows) / max(trained, 1e-9), **record)
        return {**record, "seconds": time.monotonic() - started}

    def _terms(self, trace: Trace, network: nn.Module, validation: Rows | None) -> dict[str, list[float] | None]:
        size = 2 * self.plan.batch_size
        held = None if validation is None else validate_terms(network, self.loss, validation, size)
        return {"training": trace.mean_terms(), "validation": held}
