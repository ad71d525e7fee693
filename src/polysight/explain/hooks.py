"""Hooks: what a module of a network is given and gives, seen and replaced while the network answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import torch
from jaxtyping import Float
from torch import Tensor, nn

from polysight.data.samples import Samples
from polysight.explain.trained import TrainedNetwork
from polysight.modalities.encoder import Sight
from polysight.training.batches import Batch, Rows


def batch_of(trained: TrainedNetwork, rows: Samples) -> Batch:
    """Rows as a network takes them, where it is."""
    device = next(trained.network.parameters()).device
    return Rows.of(rows, trained.modalities).batch(slice(None)).to(device)


def copies_of(batch: Batch, count: int) -> Batch:
    """A batch of one row, that row several times."""
    return Batch(
        {
            name: {key: a.repeat_interleave(count, dim=0) for key, a in arrays.items()}
            for name, arrays in batch.arrays.items()
        },
        {name: present.repeat_interleave(count, dim=0) for name, present in batch.present.items()},
    )


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
def giving(module: nn.Module) -> Iterator[list[Tensor]]:
    """What a module gives, call by call."""
    outputs: list[Tensor] = []
    # A copy, because a module behind this one may change its input in place.
    handle = module.register_forward_hook(lambda _, __, output: outputs.append(output.detach().clone()))
    try:
        yield outputs
    finally:
        handle.remove()


@contextmanager
def replaced(module: nn.Module, outputs: Sequence[Tensor]) -> Iterator[None]:
    """A module that computes nothing and gives these, call by call."""
    left = iter(outputs)
    module.forward = lambda *_: next(left).clone()
    try:
        yield
    finally:
        del module.forward


@contextmanager
def given(module: nn.Module, change: Callable[[Tensor], Tensor]) -> Iterator[list[Tensor]]:
    """A module that is given something else, made from what it would be given; yields what that was, call by call."""
    inputs: list[Tensor] = []

    def changed(_: nn.Module, arguments: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        inputs.append(change(arguments[0]))
        return (inputs[-1], *arguments[1:])

    handle = module.register_forward_pre_hook(changed)
    try:
        yield inputs
    finally:
        handle.remove()


def nothing_seen(full: Tensor, sight: Sight) -> Tensor:
    """What an encoder's entry is given where there is nothing to see; see ``Sight.flat``."""
    if not sight.flat:
        return torch.zeros_like(full)
    mean = full.flatten(2).mean(dim=2).reshape(*full.shape[:2], *[1] * (full.ndim - 2))
    return mean.expand_as(full)


def logits_of(trained: TrainedNetwork, batch: Batch) -> Float[Tensor, "batch class"]:
    """What a network says of a batch."""
    logits: Tensor = trained.network(batch).logits
    return logits
