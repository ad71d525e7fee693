"""The network and its loss: what is hidden in training, what is mixed, what each head answers for."""

import numpy as np
import pytest
import torch
from torch.nn import functional
from vectors import Vector, VectorMLP

from polysight.fusion.base import Fused
from polysight.fusion.concat import Concat
from polysight.fusion.confidence import Confidence
from polysight.fusion.evidential import Evidential
from polysight.fusion.mean_logits import MeanLogits
from polysight.learners.decision_network import DecisionNetwork
from polysight.learners.loss import NetworkLoss
from polysight.learners.network import Mixing, MultimodalNetwork
from polysight.objectives.cross_entropy import CrossEntropy
from polysight.training.batches import Batch

NAMES = ("a.b", "type")


def network_of(**options):
    torch.manual_seed(0)
    modality = Vector(mean=np.zeros(3), scale=np.ones(3))
    encoders = {name: VectorMLP(modality, 8) for name in NAMES}
    return MultimodalNetwork(encoders, Concat(NAMES, 8, dropout=0.0), 4, **options)


def batch_of(rows=6, present=None):
    torch.manual_seed(1)
    present = torch.ones(rows, 2, dtype=torch.bool) if present is None else present
    arrays = {name: {"values": torch.randn(rows, 3)} for name in NAMES}
    return Batch(arrays, {name: present[:, [i]] for i, name in enumerate(NAMES)}, torch.arange(rows) % 4)


class Recorder(Concat):
    def forward(self, tokens):
        self.shown = torch.stack([tokens[name].any_present for name in self.names], dim=1)
        return super().forward(tokens)


def test_modality_dropout_hides_in_training_only_and_never_everything():
    torch.manual_seed(0)
    modality = Vector(mean=np.zeros(3), scale=np.ones(3))
    encoders = {name: VectorMLP(modality, 8) for name in NAMES}
    network = MultimodalNetwork(encoders, Recorder(NAMES, 8), 4, modality_dropout=0.5)
    present = torch.rand(2000, 2) < 0.7
    batch = batch_of(2000, present)
    output = network.train()(batch)
    shown = network.fusion.shown
    assert not (shown & ~present).any()
    assert torch.equal(shown.any(dim=1), present.any(dim=1))
    assert torch.equal(output.present, present)
    both = present.all(dim=1)
    # Of two, each is hidden with 1/2, but not both: one of them in 3 of 4 rows.
    assert 0.20 < shown[both].all(dim=1).float().mean() < 0.30
    network.eval()(batch)
    assert torch.equal(network.fusion.shown, present)


def test_an_input_the_batch_does_not_have_is_absent():
    network, batch = network_of().eval(), batch_of()
    without = Batch({"type": batch.arrays["type"]}, {"type": batch.present["type"]})
    hidden = Batch(batch.arrays, {**batch.present, "a.b": torch.zeros(6, 1, dtype=torch.bool)})
    torch.testing.assert_close(network(without).logits, network(hidden).logits)


def test_loss_is_the_fused_loss_plus_the_mean_over_present_modalities():
    present = torch.tensor([[1, 1], [1, 0], [0, 1], [1, 1], [1, 0], [1, 1]], dtype=torch.bool)
    network, batch = network_of(modality_dropout=0.0).eval(), batch_of(present=present)
    output = network(batch)
    fused = functional.cross_entropy(output.logits, batch.truth)
    rows, modalities = present.nonzero(as_tuple=True)
    alone = functional.cross_entropy(output.auxiliary[rows, modalities], batch.truth[rows])
    loss = NetworkLoss(CrossEntropy(0.0), auxiliary=0.4)
    terms = loss(network, batch)
    torch.testing.assert_close(terms.joint, fused + 0.4 * alone)
    torch.testing.assert_close(terms.fused, fused)
    for i in range(2):
        there = present[:, i]
        expected = functional.cross_entropy(output.auxiliary[there, i], batch.truth[there])
        torch.testing.assert_close(terms.own[i], expected)
    without = NetworkLoss(CrossEntropy(0.0), auxiliary=0.0)(network, batch)
    torch.testing.assert_close(without.joint, fused)
    assert len(without.own) == 0
    assert torch.equal(output.vectors[~present], torch.zeros(3, 8))


def decision_network(fusion, **options):
    torch.manual_seed(0)
    modality = Vector(mean=np.zeros(3), scale=np.ones(3))
    return DecisionNetwork({name: VectorMLP(modality, 8) for name in NAMES}, fusion(NAMES, 4), 8, **options)


@pytest.mark.parametrize("make", [network_of, lambda: decision_network(Evidential)], ids=["tokens", "decisions"])
def test_a_modality_s_own_loss_teaches_no_other_s_encoder(make):
    network = make().train()
    own = NetworkLoss(CrossEntropy(), mixup=0.3)(network, batch_of()).own
    for i in range(2):
        network.zero_grad()
        own[i].backward(retain_graph=True)
        reached = [any(p.grad is not None and p.grad.any() for p in e.parameters()) for e in network.encoders]
        assert reached == [i == 0, i == 1]


@pytest.mark.parametrize("fusion", [MeanLogits, Confidence, Evidential])
def test_a_modality_alone_answers_as_if_no_other_were_there(fusion):
    present = torch.tensor([[1, 1], [1, 0], [0, 1], [1, 1], [0, 0], [1, 1]], dtype=torch.bool)
    network, batch = decision_network(fusion).eval(), batch_of(present=present)
    output = network(batch)
    for i, name in enumerate(NAMES):
        alone = network(Batch({name: batch.arrays[name]}, {name: present[:, [i]]}))
        torch.testing.assert_close(output.auxiliary[:, i], alone.logits)
    torch.testing.assert_close(output.logits[1], output.auxiliary[1, 0])
    assert (output.logits[4] == 0).all()
    assert torch.equal(output.weights > 0, present)


def test_modality_dropout_hides_heads_from_the_decision_but_not_their_own_answers():
    network, batch = decision_network(MeanLogits, modality_dropout=0.9).train(), batch_of(200)
    for encoder in network.encoders:
        encoder.eval()
    output = network(batch)
    assert torch.equal(output.present, torch.ones(200, 2, dtype=torch.bool))
    assert (output.weights == 1).any(dim=1).float().mean() > 0.8
    torch.testing.assert_close(output.auxiliary, network.eval()(batch).auxiliary)


def test_a_penalty_of_the_fusion_joins_the_fused_loss():
    class Penalised(Concat):
        def forward(self, tokens):
            values = super().forward(tokens).values
            return Fused(values, penalty=torch.arange(len(values), dtype=torch.float32))

    torch.manual_seed(0)
    modality = Vector(mean=np.zeros(3), scale=np.ones(3))
    encoders = {name: VectorMLP(modality, 8) for name in NAMES}
    penalised = MultimodalNetwork(encoders, Penalised(NAMES, 8), 4).eval()
    plain, batch = network_of().eval(), batch_of()
    plain.load_state_dict(penalised.state_dict())
    ours, without = (NetworkLoss(CrossEntropy())(network, batch) for network in (penalised, plain))
    torch.testing.assert_close(ours.joint - without.joint, torch.tensor(2.5))
    torch.testing.assert_close(ours.fused - without.fused, torch.tensor(2.5))
    torch.testing.assert_close(ours.own, without.own)


def test_mixing_with_oneself_or_not_at_all_changes_nothing():
    network, batch = network_of().eval(), batch_of()
    plain = network(batch).logits
    oneself = Mixing(torch.arange(6), torch.full((6,), 0.3))
    everything = Mixing(torch.arange(6).flip(0), torch.ones(6))
    torch.testing.assert_close(network(batch, oneself).logits, plain)
    torch.testing.assert_close(network(batch, everything).logits, plain)


def test_mixing_meets_its_partner_only_where_both_are_there():
    present = torch.tensor([[1, 1], [1, 0]] * 3, dtype=torch.bool)
    network, batch = network_of().eval(), batch_of(present=present)
    swapped = network(batch, Mixing(torch.tensor([1, 0, 3, 2, 5, 4]), torch.zeros(6)))
    plain = network(batch)
    neighbour = plain.auxiliary[[1, 0, 3, 2, 5, 4]]
    torch.testing.assert_close(swapped.auxiliary[:, 0], neighbour[:, 0])
    torch.testing.assert_close(swapped.auxiliary[::2, 1], plain.auxiliary[::2, 1])
    assert torch.equal(swapped.present, plain.present)


def test_mixup_loss_is_finite_and_reaches_every_parameter():
    network = network_of().train()
    terms = NetworkLoss(CrossEntropy(), mixup=0.3)(network, batch_of())
    terms.joint.backward()
    untouched = [name for name, p in network.named_parameters() if p.grad is None]
    assert untouched == []
    assert terms.every().isfinite().all()


def test_rows_are_not_mixed_when_judged():
    network = network_of().eval()
    mixing, plain = NetworkLoss(CrossEntropy(), mixup=0.3), NetworkLoss(CrossEntropy())
    torch.testing.assert_close(mixing(network, batch_of()).every(), plain(network, batch_of()).every())


@pytest.mark.parametrize("filler", [float("nan"), 1e30])
def test_what_absent_slots_hold_does_not_reach_the_answer(filler):
    present = torch.tensor([[1, 1], [1, 0], [0, 1], [0, 0], [1, 0], [1, 1]], dtype=torch.bool)
    network, batch = network_of().eval(), batch_of(present=present)
    filled = {
        name: {"values": batch.arrays[name]["values"].masked_fill(~batch.present[name], filler)} for name in NAMES
    }
    torch.testing.assert_close(network(Batch(filled, batch.present)).logits, network(batch).logits)
