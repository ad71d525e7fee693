"""Objectives against their papers' formulas in float64 NumPy."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import digamma, gammaln

from polysight.core.config import build, describe
from polysight.core.errors import ConfigError
from polysight.objectives import OBJECTIVES
from polysight.objectives.cross_entropy import CrossEntropy
from polysight.objectives.evidential import EvidentialLoss
from polysight.objectives.focal import Focal


def log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def sample(rows, classes, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(scale=4.0, size=(rows, classes)), rng.integers(classes, size=rows)


def computed(objective, logits, targets, weights=None):
    weights = None if weights is None else torch.from_numpy(weights)
    return objective(torch.from_numpy(logits), torch.from_numpy(targets), weights).numpy()


@given(st.integers(2, 7), st.floats(0.0, 0.9), st.integers(0, 99))
def test_cross_entropy_equals_the_formula(classes, smoothing, seed):
    logits, targets = sample(5, classes, seed)
    soft = (1 - smoothing) * np.eye(classes)[targets] + smoothing / classes
    expected = -(soft * log_softmax(logits)).sum(axis=1)
    np.testing.assert_allclose(computed(CrossEntropy(smoothing), logits, targets), expected, atol=1e-10)


@given(st.integers(2, 7), st.floats(0.0, 5.0), st.integers(0, 99))
def test_focal_equals_the_formula(classes, gamma, seed):
    logits, targets = sample(5, classes, seed)
    log_p = log_softmax(logits)[np.arange(5), targets]
    expected = -((1 - np.exp(log_p)) ** gamma) * log_p
    np.testing.assert_allclose(computed(Focal(gamma), logits, targets), expected, atol=1e-10)


@given(st.integers(2, 7), st.floats(0.0, 2.0), st.integers(0, 99))
def test_evidential_equals_the_formula(classes, regularization, seed):
    logits, targets = sample(5, classes, seed)
    logits = np.abs(logits)  # logarithms of parameters that hold evidence
    y, alpha = np.eye(classes)[targets], np.exp(logits)
    expected = (y * (digamma(alpha.sum(axis=1, keepdims=True)) - digamma(alpha))).sum(axis=1)
    rest = y + (1 - y) * alpha
    total = rest.sum(axis=1)
    divergence = gammaln(total) - gammaln(classes) - gammaln(rest).sum(axis=1)
    divergence += ((rest - 1) * (digamma(rest) - digamma(total)[:, None])).sum(axis=1)
    ours = computed(EvidentialLoss(regularization), logits, targets)
    np.testing.assert_allclose(ours, expected + regularization * divergence, rtol=1e-9, atol=1e-9)


def test_evidence_below_nothing_is_not_punished_again():
    logits = np.array([[2.0, 0.0, 0.0], [2.0, -3.0, -3.0]])
    with_it, without = (computed(EvidentialLoss(r), logits, np.zeros(2, dtype=int)) for r in (1.0, 0.0))
    np.testing.assert_allclose(with_it, without, atol=1e-12)


@pytest.mark.parametrize("kind", sorted(OBJECTIVES))
def test_weights_multiply_each_loss(kind):
    objective = OBJECTIVES.load(kind)()
    logits, targets = sample(4, 3, 0)
    weights = np.array([0.0, 1.0, 2.0, 0.5])
    expected = computed(objective, logits, targets) * weights
    np.testing.assert_allclose(computed(objective, logits, targets, weights), expected)


@pytest.mark.parametrize("kind", sorted(OBJECTIVES))
def test_certain_and_hopeless_samples_have_finite_losses_and_gradients(kind):
    logits = torch.tensor([[200.0, -200.0], [-200.0, 200.0]], requires_grad=True)
    losses = OBJECTIVES.load(kind)()(logits, torch.tensor([0, 0]))
    losses.sum().backward()
    assert losses.isfinite().all()
    assert logits.grad.isfinite().all()
    assert losses[1] > 30 * losses[0]


def test_options_come_from_specs_and_go_back():
    objective = build(OBJECTIVES, {"kind": "focal", "gamma": 1.5})
    assert objective == Focal(gamma=1.5)
    assert describe(objective) == {"kind": "focal", "gamma": 1.5}
    with pytest.raises(ConfigError, match="label_smoothing"):
        build(OBJECTIVES, {"kind": "cross_entropy", "label_smoothing": 1.0})
