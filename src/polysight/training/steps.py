"""Steps: one pass over the training rows, batch by batch; gradients as the balance makes them, then the optimiser."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import torch
from accelerate import Accelerator, DistributedType
from jaxtyping import Float
from torch import Tensor, nn

from polysight.core.gradients import Parameters, add_back, clip_gradients, set_aside
from polysight.objectives.balance.base import Balance, Step, Terms
from polysight.training.average import Average
from polysight.training.batches import Batch, Redraw, Rows, batch_sizes, training_batches
from polysight.training.trace import Trace

#: The losses of a batch: what training makes small.
Loss = Callable[[nn.Module, Batch], Terms]


@dataclass(frozen=True)
class Portions:
    """In what portions rows are trained on.

    Attributes:
        batch_size: Rows a batch.
        accumulate: Batches a step: their gradients are added up, weighted by their rows.
        seed: Names every random number of the training.
        epochs: How often every row is seen.
        redraw: Changes which rows the batches of an epoch hold.
    """

    batch_size: int
    accumulate: int
    seed: int
    epochs: int
    redraw: Redraw | None = None

    def of(self, rows: int) -> list[list[int]]:
        """The sizes of the batches of each step of an epoch."""
        sizes = batch_sizes(rows, self.batch_size)
        return [sizes[start : start + self.accumulate] for start in range(0, len(sizes), self.accumulate)]


@dataclass(frozen=True, eq=False)
class Stepper:
    """A network and what moves its weights; ``run`` makes one pass over the rows.

    Attributes:
        network: What is trained.
        loss: The losses of a batch.
        balance: How they become gradients.
        encoders: The parameters of each modality's encoder, by name.
        optimizer: The torch optimiser.
        rate: The learning rate of a step out of all.
        clip: The largest norm of a step's gradient.
        accelerator: Where, and in what precision.
        average: The running mean of the weights, if one is kept.
    """

    network: nn.Module
    loss: Loss
    balance: Balance
    encoders: Mapping[str, Parameters]
    optimizer: torch.optim.Optimizer
    rate: Callable[[int, int], float]
    clip: float
    accelerator: Accelerator
    average: Average | None = None
    parameters: Parameters = field(init=False)
    owner: Mapping[int, int | None] = field(init=False)
    rest: Parameters = field(init=False)

    def __post_init__(self) -> None:
        """Find out which parameters are learned, and which encoder, if any, each is of."""
        learned = [p for p in self.network.parameters() if p.requires_grad]
        of = {id(p): i for i, encoder in enumerate(self.encoders.values()) for p in encoder}
        object.__setattr__(self, "parameters", learned)
        object.__setattr__(self, "owner", {id(p): of.get(id(p)) for p in learned})
        object.__setattr__(self, "rest", [p for p in learned if id(p) not in of])

    def run(self, epoch: int, rows: Rows, portions: Portions, history: Sequence[Mapping[str, Any]]) -> Trace:
        """One pass over the rows in the order of the epoch (counted from 1)."""
        self.network.train()
        trace = Trace(tuple(self.encoders))
        batches = training_batches(rows, portions.batch_size, portions.seed, epoch, portions.redraw)
        steps = portions.of(len(rows))
        for i, sizes in enumerate(steps):
            number, count = (epoch - 1) * len(steps) + i, portions.epochs * len(steps)
            self.optimizer.zero_grad(set_to_none=True)
            for size, batch in zip(sizes, batches, strict=False):
                earlier = set_aside(self.parameters) if len(sizes) > 1 else None
                seen = replace(batch, progress=number / count)
                trace.saw(self._learn(seen, size / sum(sizes), number, count, history))
                if earlier is not None:
                    add_back(self.parameters, earlier)
            owners = [self.owner[id(p)] for p in self.parameters if p.grad is not None]
            trace.stepped(clip_gradients(self.parameters, self.clip), owners)
            self._move(number, count)
        return trace

    def _learn(
        self, batch: Batch, share: float, number: int, count: int, history: Sequence[Mapping[str, Any]]
    ) -> Terms:
        """Leave the gradients of one batch, times its share of the step, in the parameters."""
        # Making accelerate's context anew in each step costs time even where it changes nothing.
        with self.accelerator.autocast() if self.accelerator.native_amp else nullcontext():
            terms = self.loss(self.network, batch.to(self.accelerator.device))

        def backward(loss: Float[Tensor, ""], **options: Any) -> None:
            self._backward(loss if share == 1 else loss * share, **options)

        encoders = tuple(self.encoders.values())
        self.balance.backward(terms, Step(number, count, encoders, self.rest, history, backward))
        return terms

    def _backward(self, loss: Float[Tensor, ""], **options: Any) -> None:
        # Where accelerate has nothing to scale or to send, all it would add is a division by one.
        plain = self.accelerator.scaler is None and self.accelerator.distributed_type == DistributedType.NO
        send: Callable[..., None] = loss.backward if plain else partial(self.accelerator.backward, loss)
        send(**options)

    def _move(self, number: int, count: int) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate(number, count)
        self.optimizer.step()
        if self.average is not None:
            self.average.update(self.network, number)
