"""Each fusion keeps the laws, and the laws kill fusions that break them."""

import pytest
import torch
from torch import nn

from polysight.fusion import FUSIONS
from polysight.fusion.base import Fused, Fusion
from polysight.fusion.concat import Concat
from polysight.fusion.contract import check_fusion
from polysight.fusion.gated import Gated
from polysight.fusion.graph import ModalityGraph
from polysight.fusion.low_rank import LowRank
from polysight.fusion.tensor import TensorProduct
from polysight.fusion.transformer import TokenTransformer


@pytest.mark.parametrize("kind", sorted(FUSIONS))
def test_every_registered_fusion_keeps_the_laws(kind):
    check_fusion(FUSIONS.load(kind))


@pytest.mark.parametrize(
    ("cls", "options"),
    [
        (Concat, {"hidden": 5}),
        (Gated, {"gates": "sigmoid"}),
        (TokenTransformer, {"depth": 1, "heads": 2}),
        (LowRank, {"rank": 1}),
        (ModalityGraph, {"rounds": 1}),
        (TensorProduct, {"inner": 2}),
    ],
)
def test_fusions_keep_the_laws_with_other_options(cls, options):
    check_fusion(cls, **options)


class Mean(Fusion):
    """A lawful fusion that the mutants below break in one way each."""

    kind = "mean"

    def __init__(self, names, width):
        super().__init__(names, width)
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in self.names])

    def means(self, tokens):
        return [layer(tokens[name].mean()) for layer, name in zip(self.layers, self.names, strict=True)]

    def present(self, tokens):
        return torch.stack([tokens[name].any_present for name in self.names], dim=1)

    def weights(self, present):
        return present / present.sum(dim=1, keepdim=True).clamp_min(1)

    def forward(self, tokens):
        weights = self.weights(self.present(tokens))
        return Fused((weights[..., None] * torch.stack(self.means(tokens), dim=1)).sum(dim=1), weights)


class NoMaskInTheSoftmax(Mean):
    def weights(self, present):
        return present.float().softmax(dim=1)


class DividesByZero(Mean):
    def weights(self, present):
        return present / present.sum(dim=1, keepdim=True)


class MultipliesByTheMask(Mean):
    def means(self, tokens):
        return [layer((tokens[n].values * tokens[n].present[..., None]).sum(dim=1)) for layer, n in self.pairs()]

    def pairs(self):
        return zip(self.layers, self.names, strict=True)


class BiasLeaks(Mean):
    def __init__(self, names, width):
        super().__init__(names, width)
        self.last = nn.Linear(width, width)
        nn.init.zeros_(self.last.bias)

    def forward(self, tokens):
        fused = super().forward(tokens)
        return Fused(self.last(fused.values), fused.weights)


class FollowsTheOrderGiven(Mean):
    def forward(self, tokens):
        ordered = dict(zip(self.names, tokens.values(), strict=True))
        return super().forward(ordered)


class BatchStatistics(Mean):
    def forward(self, tokens):
        fused = super().forward(tokens)
        return Fused(fused.values - fused.values.mean(dim=0) * self.present(tokens).any(dim=1)[:, None], fused.weights)


class DeadModality(Mean):
    def means(self, tokens):
        first, *others = super().means(tokens)
        return [first * 0.0, *others]


class ParametersInTheOrderGiven(Mean):
    def __init__(self, names, width):
        super().__init__(names, width)
        layers = {name: nn.Linear(width, width) for name in names}
        self.layers = nn.ModuleList([layers[name] for name in self.names])


UNSEEDED = torch.Generator().manual_seed(3)


class UnsavedScale(Mean):
    def __init__(self, names, width):
        super().__init__(names, width)
        self.scale = torch.randn(1, generator=UNSEEDED) + 2.0

    def means(self, tokens):
        return [mean * self.scale for mean in super().means(tokens)]


class WeightsOfTheAbsent(Mean):
    def forward(self, tokens):
        return Fused(super().forward(tokens).values, torch.full_like(self.present(tokens), 0.5, dtype=torch.float32))


class PenaltyOfTheBatch(Mean):
    def forward(self, tokens):
        fused = super().forward(tokens)
        return Fused(fused.values, fused.weights, fused.values.square().mean())


class PenaltyOfNothing(Mean):
    def forward(self, tokens):
        fused = super().forward(tokens)
        return Fused(fused.values, fused.weights, fused.values.sum(dim=1) / fused.weights.sum(dim=1))


def test_the_lawful_fusion_the_mutants_come_from_passes():
    check_fusion(Mean)


@pytest.mark.parametrize(
    ("mutant", "law"),
    [
        (NoMaskInTheSoftmax, "nothing present gives exactly zeros"),
        (DividesByZero, "finite for every mask"),
        (MultipliesByTheMask, "absent content has no influence"),
        (BiasLeaks, "nothing present gives exactly zeros"),
        (FollowsTheOrderGiven, "order of modalities is irrelevant"),
        (BatchStatistics, "rows are independent"),
        (DeadModality, "gradient reaches each present modality"),
        (ParametersInTheOrderGiven, "created in sorted order"),
        (UnsavedScale, "saving and loading changes nothing"),
        (WeightsOfTheAbsent, "zero where absent"),
        (PenaltyOfTheBatch, "one number a sample"),
        (PenaltyOfNothing, "a penalty is finite"),
    ],
)
def test_mutants_are_killed_by_the_law_they_break(mutant, law):
    with pytest.raises(AssertionError, match=law):
        check_fusion(mutant)
