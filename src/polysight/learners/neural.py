"""NeuralClassifier: one network over all inputs - encoders, fusion, auxiliary heads - trained by gradient."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from polysight.core.devices import keep_large_buffers, release_buffers
from polysight.core.errors import ConfigError, TrainingError
from polysight.core.randomness import derived_seed
from polysight.data.samples import Samples
from polysight.explain.trained import TrainedNetwork
from polysight.explain.voice import Voice
from polysight.learners.effort import default_validation_fraction
from polysight.learners.encoded_rows import PREDICTION_ROWS, encoded
from polysight.learners.inner_split import inner_split
from polysight.learners.network import Output
from polysight.learners.neural_options import NeuralOptions, fingerprint_of
from polysight.learners.weights import restored, weights_of
from polysight.modalities import MODALITIES
from polysight.modalities.base import Modality
from polysight.objectives.imbalance.base import Remedy
from polysight.objectives.imbalance.decision import natural
from polysight.training.batches import Rows

Codes = Int[np.ndarray, " row"]
Probabilities = Float[np.ndarray, "row class"]


class NeuralClassifier(NeuralOptions):
    """Encoders of every input, fused and classified by one network.

    An absent input is masked from the file to the logits. Each input also has a head of its own, and in training
    the fusion is not always shown all inputs, so that the network answers well when some are missing.

    Args:
        inputs: The inputs; None infers them from the table.
        encoders: Encoders (kinds or specs) by input, or by kind of modality for all inputs of it, where not
            the modality's default.
        fusion: A kind (``polysight info fusion``) or a spec.
        objective: A kind (``polysight info objective``), a spec, or an objective.
        balance: How the losses of the fused answer and of the inputs' own become gradients, so that no input hides
            the others: a kind (``polysight info balance``) or a spec.
        imbalance: What helps rare classes: a kind (``polysight info imbalance``) or a spec. Probabilities stay those of
            the class shares the table has; ``predict`` moves. The power of ``threshold`` is chosen on the rows that
            choose the epoch, where there are some.
        optimizer: A kind (``polysight info optimizer``), a spec, or an optimiser's options.
        schedule: The learning rate of each step: a kind (``polysight info schedule``) or a spec.
        learning_rate: Overrides the optimiser's.
        weight_decay: Overrides the optimiser's.
        width: The width of tokens and of the fused vector.
        epochs: How often every row is seen; None decides by the number of rows (see ``effort``).
        batch_size: Rows a batch; None decides by the number of rows.
        accumulate: Batches a step, for steps of more rows than fit in memory at once.
        ema: How much of a running mean of the weights each step leaves, such as 0.99; the mean is what is validated
            and kept. None keeps the weights of a step.
        auxiliary: The weight of the inputs' own answers in the loss; 0 trains none.
        modality_dropout: How often the fusion is not shown an input in training, 0 to below 1.
        mixup: The parameter of the beta distribution by which rows are mixed in training; 0 mixes none.
        validation_fraction: The part of the rows that chooses the best epoch, 0 to below 1; 0 trains on all and
            keeps the last epoch; None decides by the number of rows.
        patience: Epochs without improvement on those rows that end the training; None trains all epochs.
        time_limit: Seconds, or text such as ``"10m"``; training ends with the epoch that fits. None: no limit.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        precision: ``auto``, ``fp32`` or ``bf16``, in training; predictions are always made in fp32.
        checkpoint: A folder written after each epoch, and continued from if it is there.
        group: Column whose equal values never stand on both sides of the inner split.
        random_state: The seed of everything random.

    Attributes:
        history_: One record an epoch: losses, validation accuracy, learning rate, seconds.
        best_epoch_: The epoch whose weights were kept.
        stopped_by_time_: Whether the time limit ended the training.
        threads_: The compute threads of the training: the same seed gives other weights with another number.
        network_: The trained network.
        modalities_: The fitted modalities it looks at.
    """

    def fit_samples(
        self,
        samples: Samples,
        codes: Codes,
        *,
        inputs: Mapping[str, Modality],
        classes: int,
        groups: Int[np.ndarray, " row"] | None = None,
        validation: tuple[Samples, Codes] | None = None,
    ) -> Self:
        """Train on samples already read.

        Args:
            samples: The training rows; rows in which nothing is present are not trained on.
            codes: The class of each row.
            inputs: The settled modality of each input.
            classes: The number of classes.
            groups: The group of each row, which the inner split keeps whole.
            validation: Rows and classes that choose the best epoch instead of an inner split. A score on the
                same rows is then a little too good.

        Raises:
            TrainingError: No row has anything present, or a loss is not finite.
            ConfigError: An option does not fit.
        """
        started = time.monotonic()
        self._check_options(inputs)
        remedy = self._remedy()
        self.prior_ = (np.bincount(codes, minlength=classes) + 1.0) / (len(codes) + classes)
        train, held = self._divided(samples, codes, groups, inner=validation is None)
        seen = samples.take(train)
        if held is not None:
            validation = samples.take(held), codes[held]
        self.modalities_ = {n: inputs[n].fit(view) for n, view in seen.views.items() if view.any_present.any()}
        # The caller's random numbers go on afterwards as if nothing had happened.
        with torch.random.fork_rng(devices=range(torch.cuda.device_count())):
            torch.manual_seed(derived_seed(self.random_state, "weights"))
            self.network_ = self._assembled(self.modalities_, classes)
            self._train(seen, codes[train], validation, started, remedy)
        self.decision_ = None if remedy is None else self._decision(remedy, validation)
        return self

    def predict_samples(self, samples: Samples) -> Probabilities:
        """Probabilities of samples already read; the training prior where nothing is present."""
        told = self._told()
        return np.concatenate([told(o.logits, o.present.any(dim=1)) for o in self.outputs(samples)])

    def predict_samples_per_modality(self, samples: Samples) -> dict[str, Probabilities]:
        """What each input's own head answers; the training prior where the input is absent.

        Raises:
            ConfigError: The network has a fused answer and was trained without auxiliary heads.
        """
        if self.network_.heads_train_alone and not self.auxiliary:
            raise ConfigError("inputs have no answers of their own", where="auxiliary", fix="fit with auxiliary=0.4")
        outputs, told = list(self.outputs(samples)), self._told()
        return {
            name: np.concatenate([told(o.auxiliary[:, i], o.present[:, i]) for o in outputs])
            for i, name in enumerate(self.network_.names)
        }

    def networks(self, rows: Samples) -> tuple[TrainedNetwork, ...]:
        """The network."""
        return (TrainedNetwork(self.network_, self.modalities_),)

    def apart(self, row: Samples) -> Voice:
        """What it says of one row, and what the heads of its encoders say, with the fusion's weights if it has any.

        Where there are no such heads, the weights are among the facts.
        """
        output, told = next(self.outputs(row)), self._told()
        there = np.flatnonzero(output.present[0].cpu().numpy())
        names = [self.network_.names[place] for place in there]
        weights = None if output.weights is None else output.weights[0, there].double().cpu().tolist()
        whole = Voice(type(self).__name__, tuple(names), told(output.logits, output.present.any(dim=1))[0])
        if self.network_.heads_train_alone and not self.auxiliary:
            facts = {} if weights is None else {"fusion_weights": dict(zip(names, weights, strict=True))}
            return replace(whole, facts=facts)
        said = [told(output.auxiliary[:, place], output.present[:, place])[0] for place in there]
        each = zip(names, said, weights or [None] * len(names), strict=True)
        parts = tuple(Voice(name, (name,), own, weight) for name, own, weight in each)
        return replace(whole, how="fusion", parts=parts)

    def fusion_weights(self, X: pd.DataFrame, *, root: Path | str | None = None) -> pd.DataFrame:
        """How much each input counted in the answer to each row, as its fusion weighed them; zero where absent.

        Args:
            X: A table; any inputs may be missing.
            root: The folder relative paths start from; see ``fit``.

        Returns:
            One row a row of ``X`` (with its index), one column an input.

        Raises:
            ConfigError: The fusion has no such weights (``concat`` mixes all inputs in one network, for example).
        """
        parts = [output.weights for output in self.outputs(self.read(X, root=root))]
        weights = [part.double().cpu().numpy() for part in parts if part is not None]
        if not weights:
            raise ConfigError(
                "this fusion has no weights of inputs",
                where="fusion",
                fix="fit with a fusion that has them, such as gated, attention, mixture or confidence",
            )
        found = pd.DataFrame(np.concatenate(weights), index=X.index, columns=list(self.network_.names))
        return found.reindex(columns=list(self.inputs_), fill_value=0.0)

    @torch.no_grad()
    def outputs(self, samples: Samples) -> Iterator[Output]:
        """What the network says, a portion of rows at a time, in order."""
        self.network_.eval()
        for start in range(0, max(len(samples), 1), PREDICTION_ROWS):
            portion = samples.take(np.arange(start, min(start + PREDICTION_ROWS, len(samples))))
            yield self.network_.answer(encoded(self.network_, portion, self.modalities_))

    def to_state(self) -> dict[str, Any]:
        """Everything predicting needs, and the training curves."""
        return {
            "kind": "neural",
            "settings": self.settings(),
            "classes": getattr(self, "classes_", np.arange(len(self.prior_))),
            "inputs": {name: modality.to_state() for name, modality in getattr(self, "inputs_", {}).items()},
            "prior": self.prior_,
            "modalities": {name: modality.to_state() for name, modality in self.modalities_.items()},
            "weights": weights_of(self.network_),
            "history": self.history_,
            "best_epoch": self.best_epoch_,
            "stopped_by_time": self.stopped_by_time_,
            "threads": self.threads_,
            "decision": self.decision_,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """The way back from ``to_state``; nothing is trained.

        Raises:
            CorruptError: The weights do not fit the network.
        """
        self = cls(**state["settings"])
        self.classes_, self.prior_ = state["classes"], state["prior"]
        self.inputs_ = {n: MODALITIES.load(s["kind"]).from_state(s) for n, s in state["inputs"].items()}
        self.modalities_ = {n: MODALITIES.load(s["kind"]).from_state(s) for n, s in state["modalities"].items()}
        self.history_, self.best_epoch_ = state["history"], state["best_epoch"]
        self.stopped_by_time_, self.threads_ = state["stopped_by_time"], state["threads"]
        self.decision_ = state.get("decision")
        self.network_ = restored(
            lambda: self._assembled(self.modalities_, len(self.prior_)), state["weights"], self.device
        )
        return self

    def _divided(
        self, samples: Samples, codes: Codes, groups: Int[np.ndarray, " row"] | None, *, inner: bool
    ) -> tuple[Codes, Codes | None]:
        """The rows to train on and the rows that choose the epoch, of those that have anything."""
        usable = np.flatnonzero(samples.present.any(axis=1))
        if not len(usable):
            raise TrainingError("no row has anything to train on", fix="check that the files can be read")
        wanted = self.validation_fraction
        train, held = inner_split(
            codes[usable],
            None if groups is None else groups[usable],
            fraction=0.0 if not inner else default_validation_fraction(len(usable)) if wanted is None else wanted,
            seed=self.random_state,
        )
        return usable[train], None if held is None else usable[held]

    def _told(self) -> Callable[[Float[Tensor, "batch class"], Bool[Tensor, " batch"]], Probabilities]:
        """What makes probabilities of logits, at the class shares the table has; the prior where nothing is there."""
        remedy = self._remedy()
        shift = None if remedy is None else remedy.shift(self.prior_)
        return lambda logits, present: _probabilities(logits, present, self.prior_, shift)

    def _decision(self, remedy: Remedy, validation: tuple[Samples, Codes] | None) -> Float[np.ndarray, " class"] | None:
        if validation is None or not remedy.judges:
            return remedy.decision(self.prior_)
        return remedy.decision(self.prior_, self.predict_samples(validation[0]), validation[1])

    def _train(
        self,
        seen: Samples,
        codes: Codes,
        validation: tuple[Samples, Codes] | None,
        started: float,
        remedy: Remedy | None,
    ) -> None:
        rows = Rows.of(seen, self.modalities_, codes)
        if remedy is not None:
            changing = remedy.augmented(np.bincount(codes, minlength=len(self.prior_)))
            if changing is not None and not rows.changes:
                fix = "use balanced_batches, or give an input that has augmentations"
                raise ConfigError(f"{remedy.kind}: no input can be augmented", where="imbalance", fix=fix)
            rows = replace(rows, changing=changing)
        judged = None if validation is None else Rows.of(validation[0], self.modalities_, validation[1])
        data = [*(view.fingerprint() for view in seen.views.values()), fingerprint_of(codes)]
        trainer = self._trainer(self.network_, rows, data, time.monotonic() - started)
        self.threads_ = torch.get_num_threads()
        keep_large_buffers()
        try:
            outcome = trainer.run(rows, judged)
        finally:
            release_buffers()
        self.history_, self.best_epoch_ = outcome.history, outcome.best_epoch
        self.stopped_by_time_ = outcome.stopped_by_time


def _probabilities(
    logits: Float[Tensor, "batch class"],
    present: Bool[Tensor, " batch"],
    prior: Float[np.ndarray, " class"],
    shift: Float[np.ndarray, " class"] | None,
) -> Probabilities:
    answers = natural(logits.double().softmax(dim=1).cpu().numpy(), shift)
    return np.where(present.cpu().numpy()[:, None], answers, prior)
