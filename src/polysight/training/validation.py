"""How good a network is on rows that take no part in training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from polysight.training.batches import Rows, plain_batches
from polysight.training.steps import Loss

#: Temperatures tried when asking how good the answers would be if they were as sure as they are right.
TEMPERATURES = torch.logspace(-1, 1, 41, dtype=torch.float64)


@dataclass(frozen=True)
class Verdict:
    """What validation rows say.

    Attributes:
        log_loss: In nats a row.
        calibrated: The log-loss at the best temperature. Epochs are chosen by it: networks grow too sure
            long before they stop learning, and a temperature mends that afterwards.
        accuracy: The share of rows answered rightly.
    """

    log_loss: float
    calibrated: float
    accuracy: float


@torch.no_grad()
def validate(
    network: nn.Module, rows: Rows, batch_size: int, shift: Float[np.ndarray, " class"] | None = None
) -> Verdict:
    """Judge a network, in evaluation mode.

    Args:
        network: The network.
        rows: Rows that take no part in training.
        batch_size: Rows answered at once.
        shift: The factors by which what is taught changes the classes' odds; they are divided out.
    """
    network.eval()
    device = next(network.parameters()).device
    logits, targets = [], []
    for batch in plain_batches(rows, batch_size):
        logits.append(network(batch.to(device)).logits.double().cpu())
        targets.append(batch.truth)
    offsets = 0.0 if shift is None else torch.as_tensor(np.log(shift))
    return judge(torch.cat(logits) - offsets, torch.cat(targets))


@torch.no_grad()
def validate_terms(network: nn.Module, loss: Loss, rows: Rows, batch_size: int) -> list[float]:
    """The fused loss and each modality's own on rows, in evaluation mode; means over batches, weighted by rows."""
    network.eval()
    device = next(network.parameters()).device
    parts = [
        (len(batch), loss(network, batch.to(device)).every().double()) for batch in plain_batches(rows, batch_size)
    ]
    means: list[float] = (torch.stack([count * terms for count, terms in parts]).sum(dim=0) / len(rows)).tolist()
    return means


def judge(logits: Float[Tensor, "row class"], targets: Int[Tensor, " row"]) -> Verdict:
    """Judge logits (float64)."""
    losses = torch.stack([functional.cross_entropy(logits / temperature, targets) for temperature in TEMPERATURES])
    return Verdict(
        log_loss=float(functional.cross_entropy(logits, targets)),
        calibrated=float(losses.min()),
        accuracy=float((logits.argmax(dim=1) == targets).double().mean()),
    )
