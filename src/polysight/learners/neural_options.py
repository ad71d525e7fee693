"""The options of a learner that trains a network: the constructor is their schema, and a training follows from them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
from pydantic import Field

from polysight.core.config import build, check_options
from polysight.core.duration import seconds_of
from polysight.data.view import content_key
from polysight.learners.assembly import assemble, check_encoder_names
from polysight.learners.base import InputSpecs, Learner
from polysight.learners.effort import default_batch_size, default_epochs
from polysight.learners.loss import NetworkLoss
from polysight.learners.network import EncodedNetwork
from polysight.learners.specs import as_plain
from polysight.modalities.base import Modality
from polysight.objectives import OBJECTIVES
from polysight.training import OPTIMIZERS
from polysight.training.batches import Rows
from polysight.training.checkpoint import Checkpoint
from polysight.training.device import make_accelerator
from polysight.training.loop import Plan, Trainer

#: Options that hold objects or specs; whoever builds them checks them.
OBJECTS = ("inputs", "encoders", "fusion", "objective", "optimizer")
#: Options on which the weights of an epoch do not depend.
INCIDENTAL = ("inputs", "checkpoint", "time_limit", "group")


class NeuralOptions(Learner):
    """Options of network training and what they lead to; ``NeuralClassifier`` documents each."""

    def __init__(  # noqa: PLR0913 - scikit-learn: the constructor is the list of options
        self,
        inputs: InputSpecs | None = None,
        *,
        encoders: Mapping[str, Any] | None = None,
        fusion: Any = "concat",
        objective: Any = "cross_entropy",
        optimizer: Any = "adamw",
        learning_rate: Annotated[float, Field(gt=0)] | None = None,
        weight_decay: Annotated[float, Field(ge=0)] | None = None,
        width: Annotated[int, Field(ge=1)] = 64,
        epochs: Annotated[int, Field(ge=1)] | None = None,
        batch_size: Annotated[int, Field(ge=1)] | None = None,
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
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.width = width
        self.epochs = epochs
        self.batch_size = batch_size
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

    def _assembled(self, modalities: Mapping[str, Modality], classes: int) -> EncodedNetwork:
        return assemble(
            modalities,
            classes,
            encoders=self.encoders,
            fusion=self.fusion,
            width=self.width,
            modality_dropout=self.modality_dropout,
        )

    def _trainer(self, network: EncodedNetwork, rows: Rows, data: list[str], spent: float) -> Trainer:
        """What trains a network on these rows.

        Args:
            network: The network.
            rows: The training rows.
            data: Fingerprints of everything trained on.
            spent: The seconds of the time limit that are gone.
        """
        overrides = {"learning_rate": self.learning_rate, "weight_decay": self.weight_decay}
        optimizer = build(OPTIMIZERS, self.optimizer, where="optimizer")
        batch_size = self.batch_size or default_batch_size(len(rows))
        plan = Plan(
            epochs=self.epochs or default_epochs(len(rows), batch_size),
            batch_size=batch_size,
            seed=self.random_state,
            patience=self.patience,
            seconds=None if self.time_limit is None else seconds_of(self.time_limit) - spent,
        )
        return Trainer(
            network=network,
            loss=NetworkLoss(build(OBJECTIVES, self.objective, where="objective"), self.auxiliary, self.mixup),
            optimizer=dataclasses.replace(optimizer, **{k: v for k, v in overrides.items() if v is not None}),
            plan=plan,
            accelerator=make_accelerator(self.device, self.precision),
            checkpoint=self._checkpoint(data),
        )

    def _checkpoint(self, data: list[str]) -> Checkpoint | None:
        if self.checkpoint is None:
            return None
        settings = {name: value for name, value in self.settings().items() if name not in INCIDENTAL}
        return Checkpoint(Path(self.checkpoint), {**settings, "data": data, "threads": torch.get_num_threads()})


def fingerprint_of(codes: np.ndarray) -> str:
    """A content key for the classes of some rows."""
    return content_key([np.ascontiguousarray(codes, dtype=np.int64).tobytes()]).decode()
