"""NeuralTargetLearner: one network for targets of any kind: encoders and fusion as body, a head and a loss a target."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Self

import numpy as np
import torch
from jaxtyping import Float, Int
from pydantic import Field

from polysight.core.config import build, check_options
from polysight.core.devices import keep_large_buffers, release_buffers
from polysight.core.duration import seconds_of
from polysight.core.errors import ConfigError, TrainingError, did_you_mean
from polysight.core.randomness import derived_seed
from polysight.data.samples import Samples
from polysight.data.target_kinds.amount import Amount
from polysight.data.target_kinds.base import Answers, Truth
from polysight.data.target_kinds.several import Part, Targets
from polysight.explain.voice import Voice
from polysight.learners.amount_scale import AmountScale
from polysight.learners.assembly import assemble, check_encoder_names
from polysight.learners.decision_network import DecisionNetwork
from polysight.learners.effort import default_batch_size, default_epochs
from polysight.learners.network import Output
from polysight.learners.specs import as_plain
from polysight.learners.table_model import InputSpecs
from polysight.learners.target_learner import TargetLearner
from polysight.learners.target_loss import TargetNetwork, UncertaintyLoss
from polysight.learners.weights import restored, weights_of
from polysight.modalities import MODALITIES
from polysight.modalities.base import Modality
from polysight.objectives.target_losses import DEFAULTS, TARGET_LOSSES, TargetLoss, answers_of
from polysight.training import OPTIMIZERS, SCHEDULES
from polysight.training.batches import Rows, plain_batches
from polysight.training.device import make_accelerator
from polysight.training.loop import Plan, Trainer

#: Rows a step of prediction.
PREDICTION_ROWS = 128
#: Options that hold objects or specs; whoever builds them checks them.
OBJECTS = ("inputs", "encoders", "fusion", "losses", "optimizer", "schedule")


class NeuralTargetLearner(TargetLearner):
    """A network over all inputs that predicts amounts, labels, classes, or several of them at once.

    Every input has a head of its own too, and in training the fusion is not always shown all inputs, so that the
    network answers well when some are missing. Amounts are learned on a scale of their own (``AmountScale``). All rows
    are trained on, and the last epoch of a schedule that falls to zero is kept.

    Args:
        inputs: The inputs; None infers them from the table.
        task: The kind of each target, or one for all: ``auto``, ``classification``, ``multilabel``, ``regression``.
        encoders: Encoders by input (kinds or specs) where not the modality's default.
        fusion: A kind (``polysight info fusion``) or a spec; one of tokens, not of decisions.
        losses: Losses by target (``polysight info target_loss``) where not the kind's default.
        uncertainty: Whether several targets are weighed by an uncertainty that is learned; else they count alike.
        optimizer: A kind (``polysight info optimizer``), a spec, or an optimiser's options.
        schedule: The learning rate of each step: a kind (``polysight info schedule``) or a spec.
        learning_rate: Overrides the optimiser's.
        weight_decay: Overrides the optimiser's.
        width: The width of tokens and of the fused vector.
        epochs: How often every row is seen; None decides by the number of rows (see ``effort``).
        batch_size: Rows a batch; None decides by the number of rows.
        auxiliary: The weight of the inputs' own answers in the loss; 0 trains none.
        modality_dropout: How often the fusion is not shown an input in training, 0 to below 1.
        time_limit: Seconds, or text such as ``"10m"``; training ends with the epoch that fits. None: no limit.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        precision: ``auto``, ``fp32`` or ``bf16``, in training; predictions are always made in fp32.
        group: Column that names groups; intervals of ``evaluate`` keep them together.
        random_state: The seed of everything random.

    Attributes:
        history_: One record an epoch: loss, learning rate, seconds.
        variances_: For each target what uncertainty weighting has learned, the variance its loss is divided by.
        stopped_by_time_: Whether the time limit ended the training.
        network_: The trained network.
        modalities_: The fitted modalities it looks at.
    """

    def __init__(  # noqa: PLR0913 - scikit-learn: the constructor is the list of options
        self,
        inputs: InputSpecs | None = None,
        *,
        task: str | Sequence[str] = "auto",
        encoders: Mapping[str, Any] | None = None,
        fusion: Any = "concat",
        losses: Mapping[str, Any] | None = None,
        uncertainty: bool = True,
        optimizer: Any = "adamw",
        schedule: Any = "cosine",
        learning_rate: Annotated[float, Field(gt=0)] | None = None,
        weight_decay: Annotated[float, Field(ge=0)] | None = None,
        width: Annotated[int, Field(ge=1)] = 64,
        epochs: Annotated[int, Field(ge=1)] | None = None,
        batch_size: Annotated[int, Field(ge=1)] | None = None,
        auxiliary: Annotated[float, Field(ge=0)] = 0.4,
        modality_dropout: Annotated[float, Field(ge=0, lt=1)] = 0.2,
        time_limit: float | str | None = None,
        device: str = "auto",
        precision: str = "auto",
        group: str | None = None,
        random_state: int = 0,
    ) -> None:
        self.inputs = inputs
        self.task = task
        self.encoders = encoders
        self.fusion = fusion
        self.losses = losses
        self.uncertainty = uncertainty
        self.optimizer = optimizer
        self.schedule = schedule
        self.learning_rate = learning_rate
        self.weight_decay = weight_decay
        self.width = width
        self.epochs = epochs
        self.batch_size = batch_size
        self.auxiliary = auxiliary
        self.modality_dropout = modality_dropout
        self.time_limit = time_limit
        self.device = device
        self.precision = precision
        self.group = group
        self.random_state = random_state

    @property
    def kinds(self) -> str | Sequence[str]:
        """As the option says."""
        return self.task

    def settings(self) -> dict[str, Any]:
        """Every option as plain data.

        Raises:
            ConfigError: An option holds an object that does not say how it was built.
        """
        return {name: as_plain(value, where=name) for name, value in self.get_params(deep=False).items()}

    def fit_samples(
        self,
        samples: Samples,
        truth: Truth,
        *,
        targets: Targets,
        inputs: Mapping[str, Modality],
        groups: Int[np.ndarray, " row"] | None = None,
    ) -> Self:
        """Train on samples already read; rows in which nothing is present are not trained on.

        Raises:
            TrainingError: No row has anything present, or a loss is not finite.
            ConfigError: An option does not fit.
        """
        started = time.monotonic()
        self._check_options(inputs, targets)
        self.targets_, self.prior_ = targets, targets.prior(truth)
        usable = np.flatnonzero(samples.present.any(axis=1))
        if not len(usable):
            raise TrainingError("no row has anything to train on", fix="check that the files can be read")
        seen = samples.take(usable)
        self.scales_ = _scales_of(targets, truth)
        self.modalities_ = {n: inputs[n].fit(view) for n, view in seen.views.items() if view.any_present.any()}
        # The caller's random numbers go on afterwards as if nothing had happened.
        with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
            torch.manual_seed(derived_seed(self.random_state, "weights"))
            self.network_ = self._assembled()
            self._train(Rows.of(seen, self.modalities_, self._standard(truth[usable])), started)
        return self

    def predict_samples(self, samples: Samples) -> Answers:
        """Answers to samples already read; the prior where nothing is present."""
        if not len(samples):
            return np.zeros((0, self.targets_.answers))
        parts = []
        for output in self.outputs(samples):
            answers = np.hstack([self._answers(part, output.logits[:, part.answers]) for part in self.targets_])
            present = output.present.any(dim=1).cpu().numpy()
            parts.append(np.where(present[:, None], answers, self.prior_))
        return np.concatenate(parts)

    def apart(self, row: Samples, part: Part) -> Voice:
        """What it says of one target of one row, and what the heads of its encoders say, where it has trained any."""
        output, body = next(self.outputs(row)), self.network_.body
        there = np.flatnonzero(output.present[0].cpu().numpy())
        names = [body.names[place] for place in there]
        weights = None if output.weights is None else output.weights[0, there].double().cpu().tolist()
        whole = Voice(type(self).__name__, tuple(names), self._answers(part, output.logits[:, part.answers])[0])
        if not self.auxiliary:
            facts = {} if weights is None else {"fusion_weights": dict(zip(names, weights, strict=True))}
            return dataclasses.replace(whole, facts=facts)
        said = [self._answers(part, output.auxiliary[:, place, part.answers])[0] for place in there]
        each = zip(names, said, weights or [None] * len(names), strict=True)
        parts = tuple(Voice(name, (name,), own, weight) for name, own, weight in each)
        return dataclasses.replace(whole, how="fusion", parts=parts)

    @property
    def variances_(self) -> dict[str, float]:
        """The variance each target's loss is divided by."""
        learned = self.network_.log_variances.detach().exp().tolist()
        return dict(zip(self.targets_.names, learned, strict=True))

    @torch.no_grad()
    def outputs(self, samples: Samples) -> Iterator[Output]:
        """What the network says about samples already read, some rows at a time."""
        self.network_.eval()
        device = next(self.network_.parameters()).device
        known = {name: modality for name, modality in self.modalities_.items() if name in samples.views}
        for batch in plain_batches(Rows.of(samples, known), PREDICTION_ROWS):
            yield self.network_(batch.to(device))

    def to_state(self) -> dict[str, Any]:
        """Everything predicting needs."""
        return {
            "kind": "target_network",
            **self.common_state(),
            "modalities": {name: modality.to_state() for name, modality in self.modalities_.items()},
            "weights": weights_of(self.network_),
            "scales": {name: scale.to_state() for name, scale in self.scales_.items()},
            "history": self.history_,
            "stopped_by_time": self.stopped_by_time_,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``; nothing is trained.

        Raises:
            CorruptError: The weights do not fit the network.
        """
        self = cls.from_common_state(state)
        self.modalities_ = {n: MODALITIES.load(s["kind"]).from_state(s) for n, s in state["modalities"].items()}
        self.scales_ = {name: AmountScale.from_state(scale) for name, scale in state["scales"].items()}
        self.history_, self.stopped_by_time_ = state["history"], state["stopped_by_time"]
        self.network_ = restored(self._assembled, state["weights"], self.device)
        return self

    def _standard(self, truth: Truth) -> Float[np.ndarray, "row column"]:
        """The truth as the network learns it."""
        changed = truth.copy()
        for part in self.targets_:
            if part.target.name in self.scales_:
                changed[:, part.columns] = self.scales_[part.target.name].forward(truth[:, part.columns])
        return changed.astype(np.float32)

    def _answers(self, part: Part, outputs: torch.Tensor) -> Answers:
        answers = answers_of(part.target.kind, outputs.double()).cpu().numpy()
        scale = self.scales_.get(part.target.name)
        return answers if scale is None else scale.back(answers)

    def _check_options(self, inputs: Mapping[str, Modality], targets: Targets) -> None:
        options = self.get_params(deep=False)
        check_options(type(self), {name: value for name, value in options.items() if name not in OBJECTS})
        check_encoder_names(self.encoders, inputs)
        for name in self.losses or ():
            if name not in targets.names:
                fix = did_you_mean(name, targets.names) or f"the targets are: {', '.join(targets.names)}"
                raise ConfigError(f"there is no target {name!r}", where="losses", fix=fix)

    def _assembled(self) -> TargetNetwork:
        body = assemble(
            self.modalities_,
            self.targets_.answers,
            encoders=self.encoders,
            fusion=self.fusion,
            width=self.width,
            modality_dropout=self.modality_dropout,
        )
        if isinstance(body, DecisionNetwork):
            raise ConfigError(
                "fuses decisions between classes, and the targets are others",
                where="fusion",
                fix="take a fusion of tokens, such as concat, gated or transformer",
            )
        return TargetNetwork(body, len(self.targets_.targets))

    def _losses(self) -> list[TargetLoss]:
        losses = []
        for part in self.targets_:
            name, kind = part.target.name, part.target.kind
            loss: TargetLoss = build(
                TARGET_LOSSES, (self.losses or {}).get(name, DEFAULTS[kind]), where=f"losses.{name}"
            )
            if loss.suits != kind:
                raise ConfigError(
                    f"{loss.kind} is a loss for {loss.suits}, the target is {kind}", where=f"losses.{name}"
                )
            losses.append(loss)
        return losses

    def _train(self, rows: Rows, started: float) -> None:
        batch_size = self.batch_size or default_batch_size(len(rows))
        plan = Plan(
            epochs=self.epochs or default_epochs(len(rows), batch_size),
            batch_size=batch_size,
            seed=self.random_state,
            seconds=None if self.time_limit is None else seconds_of(self.time_limit) - (time.monotonic() - started),
        )
        overrides = {"learning_rate": self.learning_rate, "weight_decay": self.weight_decay}
        optimizer = build(OPTIMIZERS, self.optimizer, where="optimizer")
        body = self.network_.body
        trainer = Trainer(
            network=self.network_,
            loss=UncertaintyLoss(tuple(self.targets_), self._losses(), self.auxiliary, self.uncertainty),
            optimizer=dataclasses.replace(optimizer, **{k: v for k, v in overrides.items() if v is not None}),
            plan=plan,
            accelerator=make_accelerator(self.device, self.precision),
            schedule=build(SCHEDULES, self.schedule, where="schedule"),
            encoders={
                name: tuple(p for p in encoder.parameters() if p.requires_grad)
                for name, encoder in zip(body.names, body.encoders, strict=True)
            },
        )
        keep_large_buffers()
        try:
            outcome = trainer.run(rows)
        finally:
            release_buffers()
        self.history_, self.stopped_by_time_ = outcome.history, outcome.stopped_by_time


def _scales_of(targets: Targets, truth: Truth) -> dict[str, AmountScale]:
    """The scale of each target that is an amount."""
    known = {p.target.name: truth[p.known(truth)][:, p.columns] for p in targets if p.target.kind == Amount.kind}
    return {name: AmountScale.learn(amounts[:, 0]) for name, amounts in known.items()}
