"""A small training problem for tests: a linear network over one vector a row."""

from types import SimpleNamespace

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from polysight.modalities.base import Modality
from polysight.objectives.balance.base import Terms
from polysight.training.adamw import AdamW
from polysight.training.batches import Rows
from polysight.training.device import make_accelerator
from polysight.training.loop import Plan, Trainer


class Plain(Modality):
    kind = "plain"
    default_features = compact_features = classical = ()

    @classmethod
    def sniff(cls, column, root):
        raise NotImplementedError

    def read(self, cells):
        raise NotImplementedError

    def transform(self, view):
        return dict(view.arrays)


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2), nn.Linear(8, 3))

    def forward(self, batch):
        return SimpleNamespace(logits=self.layers(batch.arrays["a"]["x"]))


def one_answer(loss, targets):
    """The terms of a network that gives one answer and nothing else."""
    nothing = loss.new_zeros(len(targets), 0, 0)
    return Terms(loss, loss, loss.new_zeros(0), nothing, nothing, nothing.any(dim=2), targets)


def loss_of(network, batch):
    return one_answer(functional.cross_entropy(network(batch).logits, batch.truth), batch.truth)


def rows_of(count=60, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.integers(3, size=count)
    x = (rng.normal(size=(count, 4)) + 2 * np.eye(3, 4)[codes]).astype(np.float32)
    return Rows({"a": Plain()}, {"a": {"x": x}}, {"a": np.ones((count, 1), dtype=bool)}, codes)


def trainer_of(*, loss=loss_of, checkpoint=None, **plan):
    torch.manual_seed(0)
    return Trainer(
        Small(),
        loss,
        AdamW(learning_rate=0.02),
        Plan(**{"epochs": 6, "batch_size": 16, **plan}),
        make_accelerator("cpu", "fp32"),
        checkpoint,
    )


def same_weights(a, b):
    return all(torch.equal(value, b.state_dict()[name]) for name, value in a.state_dict().items())
