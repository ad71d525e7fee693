"""Exclusive or: neither modality says anything by itself; a fusion in which they meet learns it, late fusion cannot."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from polysight.core.tokens import Tokens
from polysight.fusion import FUSIONS
from polysight.fusion.decision import DecisionFusion, Opinion

WIDTH = 16
#: Methods in which modalities meet only in a sum (of logarithms, for evidence), so that they cannot interact.
SUMS = {"mean", "mean_logits", "evidential"}
#: Its weights are the last layers of the encoders, of which there are none here.
OF_ENCODERS = {"dense"}


def exclusive_or(rows, seed):
    """Each modality shows one bit as the sign of a direction, in noise; the class is whether the bits differ."""
    generator = torch.Generator().manual_seed(seed)
    bits = torch.randint(2, (rows, 2), generator=generator)
    signs = 2.0 * bits - 1.0
    directions = torch.eye(WIDTH)[:2] * 2.0
    values = {
        name: signs[:, [i]] * directions[i] + 0.3 * torch.randn(rows, WIDTH, generator=generator)
        for i, name in enumerate(("image", "sound"))
    }
    return values, bits[:, 0] ^ bits[:, 1]


class Classifier(nn.Module):
    """A fusion and what it needs to answer; encoders are not needed, the bits are there to be read."""

    def __init__(self, kind):
        super().__init__()
        cls, names = FUSIONS.load(kind), ("image", "sound")
        self.late = issubclass(cls, DecisionFusion)
        self.fusion = cls(names, 2 if self.late else WIDTH)
        self.heads = nn.ModuleDict({name: nn.Linear(WIDTH, 2) for name in names} if self.late else {})
        self.head = nn.Linear(WIDTH, 2)

    def forward(self, values):
        present = torch.ones(len(values["image"]), 1, dtype=torch.bool)
        if self.late:
            return self.fusion({n: Opinion(self.heads[n](v), present[:, 0]) for n, v in values.items()}).logits
        return self.head(self.fusion({n: Tokens(v[:, None], present) for n, v in values.items()}).values)


def accuracy_after_training(kind, steps=100):
    torch.manual_seed(0)
    network = Classifier(kind)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    values, targets = exclusive_or(256, seed=1)
    for _ in range(steps):
        optimizer.zero_grad()
        functional.cross_entropy(network(values), targets).backward()
        optimizer.step()
    unseen, truth = exclusive_or(1000, seed=2)
    return float((network.eval()(unseen).argmax(dim=1) == truth).float().mean())


@pytest.mark.parametrize("kind", sorted(set(FUSIONS) - SUMS - OF_ENCODERS - {"confidence"}))
def test_fusions_in_which_modalities_meet_learn_it(kind):
    assert accuracy_after_training(kind) >= 0.95


@pytest.mark.parametrize("kind", sorted(SUMS))
def test_sums_are_left_guessing(kind):
    assert 0.4 <= accuracy_after_training(kind) <= 0.6


def test_confidence_gets_no_further_than_three_of_the_four_combinations():
    # Whom to believe may depend on both, but what each says does not: one combination is always wrong.
    assert accuracy_after_training("confidence") < 0.8
