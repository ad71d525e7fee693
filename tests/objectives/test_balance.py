"""Balances against their papers' formulas in float64 NumPy, and what each leaves in which parameter."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from polysight.core.config import build, describe
from polysight.core.errors import ConfigError
from polysight.objectives import BALANCES
from polysight.objectives.balance.agreement import divergence
from polysight.objectives.balance.alternating import Alternating
from polysight.objectives.balance.base import Step, Terms
from polysight.objectives.balance.g_blending import GradientBlending, blending_weights
from polysight.objectives.balance.info_nce import contrast
from polysight.objectives.balance.joint import Joint
from polysight.objectives.balance.mmpareto import MMPareto, min_norm_share
from polysight.objectives.balance.ogm_ge import GradientModulation, modulation, scores
from polysight.objectives.balance.staged import Staged


class Network(nn.Module):
    """Linear encoders, heads of their own, and a fusion that adds."""

    def __init__(self, modalities=2):
        super().__init__()
        self.encoders = nn.ModuleList([nn.Linear(4, 3) for _ in range(modalities)])
        self.heads = nn.ModuleList([nn.Linear(3, 3) for _ in range(modalities)])
        self.fused = nn.Linear(3, 3)

    def terms(self, present=None):
        rows = torch.randn(12, 4, generator=torch.Generator().manual_seed(3)).double()
        targets = torch.arange(12) % 3
        present = torch.ones(12, len(self.encoders), dtype=torch.bool) if present is None else present
        vectors = torch.stack([encoder(rows) for encoder in self.encoders], dim=1) * present[..., None]
        answers = torch.stack([head(vectors[:, i]) for i, head in enumerate(self.heads)], dim=1)
        fused = functional.cross_entropy(self.fused(vectors.sum(dim=1)), targets)
        each = functional.cross_entropy(
            answers.transpose(1, 2), targets[:, None].expand(-1, answers.shape[1]), reduction="none"
        )
        own = (each * present).sum(dim=0) / present.sum(dim=0).clamp_min(1)
        return Terms(fused + 0.4 * own.mean(), fused, own, answers, vectors, present, targets)


def network_of(modalities=2):
    torch.manual_seed(0)
    return Network(modalities).double()


def step_of(network, number=0, count=10, history=()):
    encoders = [list(encoder.parameters()) for encoder in network.encoders]
    rest = [p for module in (network.heads, network.fused) for p in module.parameters()]
    return Step(number, count, encoders, rest, history, lambda loss, **options: loss.backward(**options))


def gradients(network, loss):
    """The gradient of a loss by parameter name; zero where it does not reach."""
    names, parameters = zip(*network.named_parameters(), strict=True)
    found = torch.autograd.grad(loss, parameters, allow_unused=True)
    return {n: torch.zeros_like(p) if g is None else g for n, p, g in zip(names, parameters, found, strict=True)}


def left_by(balance, network, **options):
    """What a balance leaves in ``grad``; zero where there is none."""
    balance.backward(network.terms(), step_of(network, **options))
    return {n: torch.zeros_like(p) if p.grad is None else p.grad for n, p in network.named_parameters()}


def assert_same(found, expected, names=None):
    for name in names or expected:
        torch.testing.assert_close(found[name], expected[name], msg=lambda text, name=name: f"{name}: {text}")


def names_of(network, *prefixes):
    return [name for name, _ in network.named_parameters() if name.startswith(prefixes)]


def test_none_is_the_gradient_of_the_joint_loss():
    network = network_of()
    assert_same(left_by(Joint(), network), gradients(network, network.terms().joint))


# MMPareto


NUMBERS = st.lists(st.floats(-3, 3, width=16), min_size=3, max_size=3)


@given(NUMBERS, NUMBERS)
def test_min_norm_share_equals_the_closed_form_and_no_mixture_is_shorter(one, other):
    a, b = np.array(one), np.array(other)
    share = float(min_norm_share(torch.from_numpy(a), torch.from_numpy(b)))
    if a @ b >= 0:
        assert share == 0.5
        return
    expected = np.clip((b - a) @ b / ((b - a) @ (b - a)), 0, 1)
    assert share == pytest.approx(expected, abs=1e-9)
    lengths = [np.linalg.norm(s * a + (1 - s) * b) for s in np.linspace(0, 1, 201)]
    assert np.linalg.norm(share * a + (1 - share) * b) <= min(lengths) + 1e-9
    # The shortest mixture lowers both losses, or is zero.
    mixed = share * a + (1 - share) * b
    assert mixed @ a >= -1e-9
    assert mixed @ b >= -1e-9


def test_mmpareto_gives_each_encoder_the_paper_s_gradient_and_the_rest_the_sum():
    network = network_of()
    with torch.no_grad():  # the first modality's own answer asks for the opposite of the fused one
        network.heads[0].weight.copy_(-network.fused.weight)
        network.heads[1].weight.copy_(network.fused.weight)
    terms = network.terms()
    fused, own = gradients(network, terms.fused), gradients(network, network.terms().own.sum())
    found = left_by(MMPareto(gamma=1.5), network)
    conflicts = []
    for prefix in ("encoders.0", "encoders.1"):
        names = names_of(network, prefix)
        a, b = (np.concatenate([g[n].flatten().numpy() for n in names]) for g in (fused, own))
        conflicts.append(bool(a @ b < 0))
        share = 0.5 if a @ b >= 0 else np.clip((b - a) @ b / ((b - a) @ (b - a)), 0, 1)
        mixed = 2 * share * a + 2 * (1 - share) * b
        mixed *= 1.5 * max(1.0, np.linalg.norm(a + b) / np.linalg.norm(mixed))
        np.testing.assert_allclose(np.concatenate([found[n].flatten().numpy() for n in names]), mixed, rtol=1e-8)
    assert conflicts[0]
    assert not all(conflicts)
    summed = {name: fused[name] + own[name] for name in fused}
    assert_same(found, summed, names_of(network, "heads", "fused"))


def test_mmpareto_without_conflict_is_the_plain_sum_made_longer():
    network = network_of()
    with torch.no_grad():
        for head in network.heads:
            head.load_state_dict(network.fused.state_dict())
    terms = network.terms()
    summed = gradients(network, terms.fused + terms.own.sum())
    found = left_by(MMPareto(gamma=1.0), network)
    assert_same(found, summed)


def test_mmpareto_keeps_the_one_gradient_of_what_only_one_loss_reaches():
    network = network_of()
    extra = nn.Parameter(torch.ones((), dtype=torch.float64))
    step = step_of(network)
    step.encoders[0].append(extra)
    terms = network.terms()
    own_only = nn.Parameter(torch.ones((), dtype=torch.float64))
    step.encoders[1].append(own_only)
    step.encoders[1].append(nn.Parameter(torch.ones(2)))
    fused, own = terms.fused * extra, terms.own * own_only
    MMPareto().backward(Terms(fused, fused, own, *(terms.answers, terms.vectors, terms.present, terms.targets)), step)
    torch.testing.assert_close(extra.grad, terms.fused.detach())
    torch.testing.assert_close(own_only.grad, terms.own.sum().detach())
    assert step.encoders[1][-1].grad is None


# OGM-GE


@given(st.lists(st.floats(0.05, 1.0), min_size=1, max_size=4), st.floats(0.0, 2.0))
def test_modulation_equals_the_formula(values, alpha):
    s = np.array(values)
    expected = []
    for i in range(len(s)):
        others = np.delete(s, i)
        ratio = s[i] / others.mean() if len(others) else 0.0
        expected.append(1 - np.tanh(alpha * ratio) if ratio > 1 + 1e-6 else 1.0)
    np.testing.assert_allclose(modulation(torch.from_numpy(s), alpha), expected, rtol=1e-9, atol=1e-12)


def test_a_modality_that_is_not_there_neither_leads_nor_is_led():
    nan = float("nan")
    factors = modulation(torch.tensor([0.9, 0.3, nan]), 0.5)
    torch.testing.assert_close(factors, torch.tensor([1 - np.tanh(1.5), 1.0, 1.0]).float())
    torch.testing.assert_close(modulation(torch.tensor([0.9, nan]), 0.5), torch.ones(2))


def test_scores_are_the_true_class_s_probabilities_over_present_rows():
    network = network_of()
    present = torch.rand(12, 2, generator=torch.Generator().manual_seed(0)) < 0.6
    terms = network.terms(present)
    answers = terms.answers.detach().numpy()
    p = np.exp(answers) / np.exp(answers).sum(axis=2, keepdims=True)
    for i in range(2):
        rows = np.flatnonzero(present[:, i])
        expected = p[rows, i, terms.targets.numpy()[rows]].mean()
        assert float(scores(terms)[i]) == pytest.approx(expected, rel=1e-5)


def test_ogm_slows_leading_encoders_and_leaves_the_rest_alone():
    network = network_of()
    joint = gradients(network, network.terms().joint)
    factors = modulation(scores(network.terms()), 0.3)
    found = left_by(GradientModulation(alpha=0.3, noise=False), network)
    for i in range(2):
        names = names_of(network, f"encoders.{i}")
        assert_same(found, {n: joint[n] * float(factors[i]) for n in names})
    assert sorted(factors < 1) == [False, True]
    assert_same(found, joint, names_of(network, "heads", "fused"))


def test_the_noise_is_as_large_as_the_gradient_and_repeats_with_the_seed():
    network = network_of()
    plain = left_by(GradientModulation(noise=False), network)["encoders.0.weight"].clone()
    draws = []
    for seed in (1, 1, 2):
        network.zero_grad()
        torch.manual_seed(seed)
        draws.append(left_by(GradientModulation(), network)["encoders.0.weight"].clone())
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])
    noise = []
    for seed in range(200):
        network.zero_grad()
        torch.manual_seed(seed)
        noise.append(left_by(GradientModulation(), network)["encoders.0.weight"] - plain)
    assert float(torch.stack(noise).std()) == pytest.approx(float(plain.std(correction=0)), rel=0.1)


# G-Blending


def test_blending_weights_equal_the_formula():
    before = {"training": [2.0, 2.1, 2.2], "validation": [2.0, 2.2, 2.3]}
    after = {"training": [0.5, 0.7, 1.9], "validation": [1.4, 1.2, 2.1]}
    gain = np.array([0.6, 1.0, 0.2])
    overfitting = np.array([0.9, 0.4, 0.1])
    expected = gain / overfitting**2
    np.testing.assert_allclose(blending_weights(before, after), expected / expected.sum())


def test_a_loss_that_got_worse_has_no_weight_and_one_that_never_overfits_not_all():
    before = {"training": [1.0, 1.0], "validation": [1.0, 1.0]}
    worse = {"training": [0.5, 0.8], "validation": [1.1, 0.9]}
    np.testing.assert_array_equal(blending_weights(before, worse), [0.0, 1.0])
    assert blending_weights(before, {"training": [0.5, 0.8], "validation": [1.1, 1.2]}) is None
    even = {"training": [0.5, 0.5], "validation": [0.5, 0.5]}
    np.testing.assert_array_equal(blending_weights(before, even), [0.5, 0.5])


def epochs(*validation):
    return [
        {"terms": {"training": [v - 0.1 * i for v in values], "validation": list(values)}}
        for i, values in enumerate(validation)
    ]


def test_g_blending_weighs_anew_after_each_span():
    history = epochs([2.0, 2.0, 2.0], [1.9, 1.9, 1.9], [1.0, 1.8, 1.9], [1.0, 1.0, 1.0], [1.1, 1.1, 1.1])
    balance = GradientBlending(every=2)
    np.testing.assert_allclose(balance.weights([], 3), np.full(3, 1 / 3))
    np.testing.assert_allclose(balance.weights(history[:2], 3), np.full(3, 1 / 3))
    first = blending_weights(history[0]["terms"], history[2]["terms"])
    np.testing.assert_allclose(balance.weights(history[:3], 3), first)
    np.testing.assert_allclose(balance.weights(history[:4], 3), first)
    np.testing.assert_allclose(balance.weights(history, 3), blending_weights(history[2]["terms"], history[4]["terms"]))
    network = network_of()
    terms = network.terms()
    expected = gradients(network, (torch.from_numpy(first) * torch.cat([terms.fused[None], terms.own])).sum())
    assert_same(left_by(balance, network, history=history[:3]), expected)


def test_g_blending_needs_validation_rows():
    history = [{"terms": {"training": [1.0], "validation": None}}]
    with pytest.raises(ConfigError, match="validation_fraction"):
        GradientBlending().weights(history, 3)


# Alternating and staged


def test_alternating_encoders_take_turns_and_the_fused_loss_stays_behind_them():
    for number, turn in ((0, 0), (1, 0), (2, 1), (3, 1), (4, 0)):
        network = network_of()
        fused, own = gradients(network, network.terms().fused), gradients(network, network.terms().own[turn])
        heads = gradients(network, network.terms().own.sum())
        found = left_by(Alternating(turn=2), network, number=number)
        assert_same(found, own, names_of(network, "encoders"))
        assert_same(found, heads, names_of(network, "heads"))
        assert_same(found, fused, names_of(network, "fused"))
        # An encoder out of turn has no gradient at all, so that no moment and no decay moves it.
        assert network.encoders[1 - turn].weight.grad is None


def test_staged_learns_alone_first():
    network = network_of()
    own, joint = gradients(network, network.terms().own.sum()), gradients(network, network.terms().joint)
    assert_same(left_by(Staged(alone=0.5), network, number=4), own)
    assert network.fused.weight.grad is None
    network.zero_grad()
    assert_same(left_by(Staged(alone=0.5), network, number=5), joint)
    network.zero_grad()
    frozen = left_by(Staged(alone=0.5, frozen=True), network, number=5)
    assert_same(frozen, joint, names_of(network, "heads", "fused"))
    assert all(network.encoders[i].weight.grad is None for i in range(2))


# Alignment


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


MASK = torch.tensor([[1, 1, 1], [1, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 0], [1, 1, 1]], dtype=torch.bool)


def test_divergence_equals_the_formula():
    answers = torch.randn(6, 3, 4, generator=torch.Generator().manual_seed(0)).double()
    p = softmax(answers.numpy())
    expected = []
    for a, b in ((0, 1), (0, 2), (1, 2)):
        both = (MASK[:, a] & MASK[:, b]).numpy()
        one, other = p[both, a], p[both, b]
        forth, back = (one * np.log(one / other)).sum(axis=1), (other * np.log(other / one)).sum(axis=1)
        expected.append((forth + back).mean())
    assert float(divergence(answers, MASK)) == pytest.approx(np.mean(expected))


def test_contrast_equals_the_formula():
    vectors = torch.randn(6, 3, 4, generator=torch.Generator().manual_seed(0)).double()
    unit = (vectors / vectors.norm(dim=2, keepdim=True)).numpy()
    expected = []
    for a, b in ((0, 1), (0, 2), (1, 2)):
        both = (MASK[:, a] & MASK[:, b]).numpy()
        similar = unit[both, a] @ unit[both, b].T / 0.2
        expected += [-np.log(np.diag(softmax(sided))).mean() for sided in (similar, similar.T)]
    assert float(contrast(vectors, MASK, 0.2)) == pytest.approx(np.mean(expected), rel=1e-5)


@pytest.mark.parametrize("kind", ["agreement", "info_nce"])
def test_alignment_adds_its_gradient_and_weight_zero_adds_none(kind):
    network = network_of()
    joint = gradients(network, network.terms().joint)
    assert_same(left_by(build(BALANCES, {"kind": kind, "weight": 0.0}), network), joint)
    network.zero_grad()
    aligned = left_by(build(BALANCES, {"kind": kind, "weight": 1.0}), network)
    assert not torch.allclose(aligned["encoders.0.weight"], joint["encoders.0.weight"], atol=1e-4)


# What all keep


@pytest.mark.parametrize("modalities", [1, 3])
@pytest.mark.parametrize("kind", sorted(BALANCES))
def test_any_number_of_modalities_and_any_that_is_in_no_row(kind, modalities):
    network = network_of(modalities)
    present = torch.ones(12, modalities, dtype=torch.bool)
    present[:, 0] = modalities == 1
    present[3] = False
    BALANCES.load(kind)().backward(network.terms(present), step_of(network, number=1))
    found = [p.grad for p in network.parameters() if p.grad is not None]
    assert found
    assert all(gradient.isfinite().all() for gradient in found)


@pytest.mark.parametrize("kind", sorted(BALANCES))
def test_gradients_follow_the_scale_of_backward(kind):
    """A batch that is a part of a step counts as a part: every balance is linear in what ``backward`` scales by."""
    found = []
    for scale in (1.0, 0.25):
        network = network_of()
        step = step_of(network)
        backward = lambda loss, scale=scale, **options: (loss * scale).backward(**options)  # noqa: E731
        torch.manual_seed(0)
        BALANCES.load(kind)().backward(network.terms(), Step(0, 10, step.encoders, step.rest, (), backward))
        found.append({n: p.grad for n, p in network.named_parameters() if p.grad is not None})
    assert found[0].keys() == found[1].keys()
    assert_same({n: g * 4 for n, g in found[1].items()}, found[0])


def test_options_come_from_specs_and_go_back():
    balance = build(BALANCES, {"kind": "mmpareto", "gamma": 2.0})
    assert describe(balance) == {"kind": "mmpareto", "gamma": 2.0}
    with pytest.raises(ConfigError, match="gamma"):
        build(BALANCES, {"kind": "mmpareto", "gamma": 0.5})
