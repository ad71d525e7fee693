"""The options of a learner that trains a network: the constructor is their schema, and a training follows from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
import torch
from pydantic import Field

from polysight.core.config import build, check_options
from polysight.core.duration import seconds_of
from polysight.core.errors import ConfigError
from polysight.data.view import content_key
from polysight.learners.assembly import assemble, check_encoder_names
from polysight.learners.base import InputSpecs, Learner
from polysight.learners.branched_network import BranchedNetwork, halves
from polysight.learners.effort import default_batch_size, default_epochs
from polysight.learners.loss import NetworkLoss
from polysight.learners.network import EncodedNetwork
from polysight.learners.specs import as_plain
from polysight.modalities.base import Modality
from polysight.objectives import BALANCES, OBJECTIVES
from polysight.objectives.balance.base import Balance
from polysight.objectives.base import Objective
from polysight.objectives.imbalance.base import Remedy, remedy_for
from polysight.training import OPTIMIZERS, SCHEDULES
from polysight.training.batches import Rows
from polysight.training.checkpoint import Checkpoint
from polysight.training.device import make_accelerator
from polysight.training.loop import Plan, Trainer
from polysight.training.optimizer import Optimizer

#: Options that hold objects or specs; whoever builds them checks them.
OBJECTS = ("inputs", "encoders", "fusion", "objective", "balance", "imbalance", "optimizer", "schedule")
#: Options on which the weights of an epoch do not depend.
INCIDENTAL = ("inputs", "checkpoint", "time_limit", "group")


class NeuralOptions(Learner):
    """Options of network training and what they lead to; ``NeuralClassifier`` documents each."""

    remedy_place: ClassVar[str] = "network"

    def __init__(  # noqa: PLR0913 - scikit-learn: the constructor is the list of options
        self,
        inputs: InputSpecs | None = None,
        *,
        encoders: Mapping[str, Any] | None = None,
        fusion: Any = "concat",
        objective: Any = "cross_entropy",
        balance: Any = "none",
        imbalance: Any = None,
        optimizer: Any = "adamw",
        schedule: Any = "cosine",
        learning_rate: Annotated[float, Field(gt=0)] | None = None,
        weight_decay: Annotated[float, Field(ge=0)] | None = None,
        width: Annotated[int, Field(ge=1)] = 64,
        epochs: Annotated[int, Field(ge=1)] | None = None,
        batch_size: Annotated[int, Field(ge=1)] | None = None,
        accumulate: Annotated[int, Field(ge=1)] = 1,
        ema: Annotated[float, Field(ge=0, lt=1)] | None = None,
        auxiliary: Annotated[float, Field(ge=0)] = 0.4,
        modality_dropout: Annotated[float, Field(ge=0, lt=1)] = 0.2,
        mixup: Annotated[float, Field(ge=0)] = 0.0,
        validation_fraction: Annotated[float, Field(ge=0, lt=1)] | None = None,
        patience: Annotated[int, Field(ge=1)] | None = None,
        time_limit: float | str | None = None,
        device: str = "auto",
        precision: str = "auto",
        checkpoint: str | Path | None = None,
        group: str | None = None,
        random_state: int = 0,
    ) -> None:
        self.inputs = inputs
        self.encoders = encoders
        self.fusion = fusion
        self.objective = objective
        self.balance = balance
        self.imbalance = imbalance
        self.optimizer = optimizer
        self.schedule = schedule
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.width = width
        self.epochs = epochs
        self.batch_size = batch_size
        self.accumulate = accumulate
        self.ema = ema
        self.auxiliary = auxiliary
        self.modality_dropout = modality_dropout
        self.mixup = mixup
        self.validation_fraction = validation_fraction
        self.patience = patience
        self.time_limit = time_limit
        self.device = device
        self.precision = precision
        self.checkpoint = checkpoint
        self.group = group
        self.random_state = random_state

    def settings(self) -> dict[str, Any]:
        """Every option as plain data, but the folder of checkpoints.

        Raises:
            ConfigError: An option holds an object that does not say how it was built.
        """
        options = {name: value for name, value in self.get_params(deep=False).items() if name != "checkpoint"}
        return {name: as_plain(value, where=name) for name, value in options.items()}

    def _check_options(self, inputs: Mapping[str, Modality]) -> None:
        options = self.get_params(deep=False)
        check_options(type(self), {name: value for name, value in options.items() if name not in OBJECTS})
        check_encoder_names(self.encoders, inputs)

    def _remedy(self) -> Remedy | None:
        """What helps rare classes.

        Raises:
            ConfigError: It does not act on networks, or not together with another option.
        """
        remedy = remedy_for(self.imbalance, self.remedy_place)
        if remedy is not None and remedy.branches and self.mixup:
            raise ConfigError(
                f"{remedy.kind} blends the answers to pairs of rows, which mixup would mix once more",
                where="imbalance",
                fix="set mixup=0, or use balanced_batches",
            )
        return remedy

    def _assembled(self, modalities: Mapping[str, Modality], classes: int) -> EncodedNetwork:
        options = {
            "encoders": self.encoders,
            "fusion": self.fusion,
            "width": self.width,
            "modality_dropout": self.modality_dropout,
            "own_answers": self.auxiliary > 0,
        }
        remedy = self._remedy()
        network = assemble(modalities, classes, **options)
        if remedy is None or not remedy.branches:
            return network
        return BranchedNetwork(network, assemble(modalities, classes, **options))

    def _trainer(self, network: EncodedNetwork, rows: Rows, data: list[str], spent: float) -> Trainer:
        """What trains a network on these rows.

        Args:
            network: The network.
            rows: The training rows, with their classes.
            data: Fingerprints of everything trained on.
            spent: The seconds of the time limit that are gone.
        """
        remedy = self._remedy()
        batch_size = self.batch_size or default_batch_size(len(rows))
        plan = Plan(
            epochs=self.epochs or default_epochs(len(rows), batch_size),
            batch_size=batch_size,
            seed=self.random_state,
            patience=self.patience,
            seconds=None if self.time_limit is None else seconds_of(self.time_limit) - spent,
            accumulate=self.accumulate,
            ema=self.ema,
            redraw=None if remedy is None else remedy.batches,
        )
        return Trainer(
            network=network,
            loss=self._loss(rows, network, remedy),
            optimizer=self._optimizer(),
            plan=plan,
            accelerator=make_accelerator(self.device, self.precision),
            checkpoint=self._checkpoint(data),
            schedule=build(SCHEDULES, self.schedule, where="schedule"),
            balance=self._balance(),
            encoders={
                name: tuple(p for p in encoder.parameters() if p.requires_grad)
                for name, encoder in zip(network.names, network.encoders, strict=True)
            },
            shift=None if remedy is None else remedy.shift(self.prior_),
        )

    def _loss(self, rows: Rows, network: EncodedNetwork, remedy: Remedy | None) -> NetworkLoss:
        """The losses of a batch, weighed as the remedy says."""
        loss = NetworkLoss(self._objective(rows, network.classes), self.auxiliary, self.mixup)
        if remedy is None or rows.codes is None:
            return loss
        weights = remedy.class_weights(np.bincount(rows.codes, minlength=network.classes) / len(rows))
        return dataclasses.replace(
            loss,
            class_weights=None if weights is None else tuple(weights.tolist()),
            row_weights=halves if remedy.branches else None,
        )

    def _objective(self, rows: Rows, classes: int) -> Objective:
        """The objective, told how many training rows each class has."""
        objective: Objective = build(OBJECTIVES, self.objective, where="objective")
        return objective if rows.codes is None else objective.prepare(np.bincount(rows.codes, minlength=classes))

    def _optimizer(self) -> Optimizer:
        overrides = {"learning_rate": self.learning_rate, "weight_decay": self.weight_decay}
        optimizer: Optimizer = build(OPTIMIZERS, self.optimizer, where="optimizer")
        return dataclasses.replace(optimizer, **{k: v for k, v in overrides.items() if v is not None})

    def _balance(self) -> Balance:
        """The balance, where the network gives what it needs.

        Raises:
            ConfigError: It needs the losses of modalities' own answers, and there are none.
        """
        balance: Balance = build(BALANCES, self.balance, where="balance")
        if balance.needs_answers and not self.auxiliary:
            raise ConfigError(
                f"{balance.kind} needs the losses of the inputs' own answers, and auxiliary=0 leaves them out",
                where="balance",
                fix="set auxiliary=0.4, or balance='none'",
            )
        return balance

    def _checkpoint(self, data: list[str]) -> Checkpoint | None:
        if self.checkpoint is None:
            return None
        settings = {name: value for name, value in self.settings().items() if name not in INCIDENTAL}
        return Checkpoint(Path(self.checkpoint), {**settings, "data": data, "threads": torch.get_num_threads()})


def fingerprint_of(codes: np.ndarray) -> str:
    """A content key for the classes of some rows."""
    return content_key([np.ascontiguousarray(codes, dtype=np.int64).tobytes()]).decode()
