"""Each decision fusion keeps the laws, and the laws kill decision fusions that break them."""

import pytest
import torch
from torch import nn

from polysight.fusion import FUSIONS
from polysight.fusion.contract import check_fusion
from polysight.fusion.decision import Decision, DecisionFusion, Opinion
from polysight.fusion.decision_contract import check_decision_fusion
from polysight.fusion.mean_logits import MeanLogits

DECISIONS = sorted(kind for kind in FUSIONS if issubclass(FUSIONS.load(kind), DecisionFusion))


@pytest.mark.parametrize("kind", DECISIONS)
def test_every_registered_decision_fusion_keeps_the_laws(kind):
    check_decision_fusion(FUSIONS.load(kind))


def test_there_are_some():
    assert {"confidence", "evidential", "mean_logits"} <= set(DECISIONS)


class Vote(DecisionFusion):
    """A lawful decision fusion that the mutants below break in one way each: logits times learned trust, added."""

    kind = "vote"

    def __init__(self, names, classes):
        super().__init__(names, classes)
        self.trust = nn.ModuleList([nn.Linear(1, 1, bias=False) for _ in self.names])

    def weights(self, present):
        trust = torch.cat([layer.weight[0].exp() for layer in self.trust])
        return trust * present

    def forward(self, opinions):
        logits, present = self._stacked(opinions)
        weights = self.weights(present)
        return Decision((weights[..., None] * logits).sum(dim=1), weights)


class NoMaskInTheSoftmax(Vote):
    def weights(self, present):
        return super().weights(present).softmax(dim=1)


class DividesByZero(Vote):
    def weights(self, present):
        return present / present.sum(dim=1, keepdim=True)


class MultipliesByTheMask(Vote):
    def _stacked(self, opinions):
        masked = {n: Opinion(o.logits * o.present[:, None], torch.ones_like(o.present)) for n, o in opinions.items()}
        return super()._stacked(masked)[0], torch.stack([opinions[n].present for n in self.names], dim=1)


class PriorForNothing(Vote):
    def __init__(self, names, classes):
        super().__init__(names, classes)
        self.prior = nn.Parameter(torch.zeros(classes))

    def forward(self, opinions):
        decision = super().forward(opinions)
        return Decision(decision.logits + 0.1 * self.prior, decision.weights)


class ContraryTrust(Vote):
    def weights(self, present):
        return torch.cat([layer.weight[0] for layer in self.trust]) * present


class FollowsTheOrderGiven(Vote):
    def forward(self, opinions):
        return super().forward(dict(zip(self.names, opinions.values(), strict=True)))


class BatchStatistics(Vote):
    def forward(self, opinions):
        decision = super().forward(opinions)
        return Decision(decision.logits / (decision.logits.std() + 1.0), decision.weights)


class OnlyTheSurest(Vote):
    def forward(self, opinions):
        logits, present = self._stacked(opinions)
        surest = logits.amax(dim=2).masked_fill(~present, -torch.inf).argmax(dim=1)
        return Decision(logits[torch.arange(len(logits)), surest])


class DetachedLogits(MeanLogits):
    def forward(self, opinions):
        return super().forward({name: Opinion(o.logits.detach(), o.present) for name, o in opinions.items()})


class ParametersInTheOrderGiven(Vote):
    def __init__(self, names, classes):
        super().__init__(names, classes)
        layers = {name: nn.Linear(1, 1, bias=False) for name in names}
        self.trust = nn.ModuleList([layers[name] for name in self.names])


UNSEEDED = torch.Generator().manual_seed(3)


class UnsavedScale(Vote):
    def __init__(self, names, classes):
        super().__init__(names, classes)
        self.scale = torch.rand(1, generator=UNSEEDED) + 1.0

    def weights(self, present):
        return super().weights(present) * self.scale


class WeightsOfTheAbsent(Vote):
    def forward(self, opinions):
        decision = super().forward(opinions)
        return Decision(decision.logits, torch.full_like(decision.weights, 0.5))


class OneScoreShort(Vote):
    def forward(self, opinions):
        decision = super().forward(opinions)
        return Decision(decision.logits[:, 1:], decision.weights)


class Overflows(Vote):
    def forward(self, opinions):
        logits, present = self._stacked(opinions)
        return Decision((logits.exp() * self.weights(present)[..., None]).sum(dim=1).log1p())


def test_the_lawful_decision_fusion_the_mutants_come_from_passes():
    check_decision_fusion(Vote)


@pytest.mark.parametrize(
    ("mutant", "law"),
    [
        (NoMaskInTheSoftmax, "zero where absent"),
        (DividesByZero, "finite for every mask"),
        (MultipliesByTheMask, "absent content has no influence"),
        (PriorForNothing, "nothing present gives exactly zeros"),
        (ContraryTrust, "what all prefer is decided"),
        (FollowsTheOrderGiven, "order of modalities is irrelevant"),
        (BatchStatistics, "rows are independent"),
        (OnlyTheSurest, "gradient reaches each present modality"),
        (DetachedLogits, "gradient reaches each present modality"),
        (ParametersInTheOrderGiven, "created in sorted order"),
        (UnsavedScale, "saving and loading changes nothing"),
        (WeightsOfTheAbsent, "zero where absent"),
        (OneScoreShort, "one score a class"),
        (Overflows, "finite for every mask"),
    ],
)
def test_mutants_are_killed_by_the_law_they_break(mutant, law):
    with pytest.raises(AssertionError, match=law):
        check_decision_fusion(mutant)


def test_the_suite_of_fusions_hands_decision_fusions_on():
    check_fusion(Vote)
    with pytest.raises(AssertionError, match="what all prefer"):
        check_fusion(ContraryTrust)
