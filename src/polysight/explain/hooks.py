"""Hooks: what a module of a network is given and gives, seen and replaced while the network answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn

from polysight.data.samples import Samples
from polysight.explain.trained import TrainedNetwork
from polysight.training.batches import Batch, Rows


def batch_of(trained: TrainedNetwork, rows: Samples) -> Batch:
    """Rows as a network takes them, where it is."""
    device = next(trained.network.parameters()).device
    return Rows.of(rows, trained.modalities).batch(slice(None)).to(device)


@contextmanager
def answering(network: nn.Module) -> Iterator[None]:
    """A network that does not train but whose answer can be followed back; afterwards as it was before."""
    training, wanted = network.training, [p.requires_grad for p in network.parameters()]
    network.eval().requires_grad_(False)
    # Fast recurrent networks on a GPU refuse to be followed back outside training.
    with torch.backends.cudnn.flags(enabled=False), torch.enable_grad():
        try:
            yield
        finally:
            network.train(training)
            for parameter, want in zip(network.parameters(), wanted, strict=True):
                parameter.requires_grad_(want)


@contextmanager
def seen(module: nn.Module) -> Iterator[list[Tensor]]:
    """What a module gives, call by call, as leaves that gradients reach."""
    outputs: list[Tensor] = []

    def keep(_: nn.Module, __: Any, output: Tensor) -> Tensor:
        leaf = output.detach().requires_grad_(True)
        outputs.append(leaf)
        # A module behind this one may change its input in place, which a leaf forbids.
        return leaf.clone()

    handle = module.register_forward_hook(keep)
    try:
        yield outputs
    finally:
        handle.remove()


@contextmanager
def given(module: nn.Module, change: Callable[[Tensor], Tensor]) -> Iterator[list[Tensor]]:
    """What a module is given, call by call, after ``change``."""
    inputs: list[Tensor] = []

    def replaced(_: nn.Module, arguments: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        changed = change(arguments[0])
        inputs.append(changed)
        return (changed, *arguments[1:])

    handle = module.register_forward_pre_hook(replaced)
    try:
        yield inputs
    finally:
        handle.remove()


def logits_of(trained: TrainedNetwork, batch: Batch) -> Float[Tensor, "batch class"]:
    """What a network says of a batch."""
    logits: Tensor = trained.network(batch).logits
    return logits
