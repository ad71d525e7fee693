"""Objectives against their papers' formulas in float64 NumPy."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import digamma, gammaln
from sklearn.metrics import brier_score_loss
from sklearn.utils.class_weight import compute_class_weight

from polysight.core.config import build, describe
from polysight.core.errors import ConfigError, NotFittedError
from polysight.objectives import OBJECTIVES
from polysight.objectives.class_balanced import ClassBalanced
from polysight.objectives.cross_entropy import CrossEntropy
from polysight.objectives.evidential import EvidentialLoss
from polysight.objectives.focal import Focal
from polysight.objectives.logit_adjusted import LogitAdjusted
from polysight.objectives.mse import MeanSquaredError

COUNTS = np.array([90, 9, 1])


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
    objective = OBJECTIVES.load(kind)().prepare(COUNTS)
    logits, targets = sample(4, 3, 0)
    weights = np.array([0.0, 1.0, 2.0, 0.5])
    expected = computed(objective, logits, targets) * weights
    np.testing.assert_allclose(computed(objective, logits, targets, weights), expected)


@pytest.mark.parametrize("kind", sorted(OBJECTIVES))
def test_certain_and_hopeless_samples_have_finite_losses_and_gradients(kind):
    logits = torch.tensor([[200.0, -200.0], [-200.0, 200.0]], requires_grad=True)
    losses = OBJECTIVES.load(kind)().prepare(np.array([5, 5]))(logits, torch.tensor([0, 0]))
    losses.sum().backward()
    assert losses.isfinite().all()
    assert logits.grad.isfinite().all()
    assert losses[1] > 1.9 + losses[0]


def soft_sample(rows, classes, seed):
    logits, _ = sample(rows, classes, seed)
    return logits, np.random.default_rng(seed + 1).dirichlet(np.ones(classes), size=rows)


@given(st.integers(2, 7), st.floats(0.0, 0.9), st.integers(0, 99))
def test_cross_entropy_of_soft_targets_with_class_weights_equals_the_formula(classes, smoothing, seed):
    logits, soft = soft_sample(5, classes, seed)
    weights = np.random.default_rng(seed).uniform(0, 3, size=classes)
    objective = CrossEntropy(smoothing, class_weights=tuple(weights)).prepare(np.ones(classes, dtype=int))
    expected = -(((1 - smoothing) * soft + smoothing / classes) * weights * log_softmax(logits)).sum(axis=1)
    np.testing.assert_allclose(computed(objective, logits, soft), expected, atol=1e-10)


@given(st.integers(2, 7), st.floats(0.0, 5.0), st.integers(0, 99))
def test_focal_of_soft_targets_equals_the_formula(classes, gamma, seed):
    logits, soft = soft_sample(5, classes, seed)
    log_p = log_softmax(logits)
    expected = -(soft * (1 - np.exp(log_p)) ** gamma * log_p).sum(axis=1)
    np.testing.assert_allclose(computed(Focal(gamma), logits, soft), expected, atol=1e-10)


@given(st.integers(2, 7), st.integers(0, 99))
def test_mse_is_the_brier_score(classes, seed):
    logits, targets = sample(5, classes, seed)
    expected = ((np.exp(log_softmax(logits)) - np.eye(classes)[targets]) ** 2).sum(axis=1)
    np.testing.assert_allclose(computed(MeanSquaredError(), logits, targets), expected, atol=1e-10)
    if classes == 2:
        probability = np.exp(log_softmax(logits))[:, 1]
        np.testing.assert_allclose(2 * brier_score_loss(targets, probability, labels=[0, 1]), expected.mean())


@given(st.floats(0.0, 0.99999), st.floats(0.0, 3.0), st.integers(0, 99))
def test_class_balanced_equals_the_formula(beta, gamma, seed):
    logits, targets = sample(5, 3, seed)
    raw = (1 - beta) / (1 - beta ** COUNTS.astype(float))
    weights = raw / raw.sum() * 3
    log_p = log_softmax(logits)[np.arange(5), targets]
    expected = -weights[targets] * (1 - np.exp(log_p)) ** gamma * log_p
    objective = ClassBalanced(beta, gamma).prepare(COUNTS)
    np.testing.assert_allclose(computed(objective, logits, targets), expected, rtol=1e-6, atol=1e-9)


@given(st.floats(0.0, 3.0), st.integers(0, 99))
def test_logit_adjusted_equals_the_formula(tau, seed):
    logits, targets = sample(5, 3, seed)
    expected = -log_softmax(logits + tau * np.log(COUNTS / 100))[np.arange(5), targets]
    np.testing.assert_allclose(computed(LogitAdjusted(tau).prepare(COUNTS), logits, targets), expected, atol=1e-9)


@pytest.mark.parametrize("kind", sorted(OBJECTIVES))
def test_soft_targets_of_ones_and_zeros_are_hard_ones(kind):
    objective = OBJECTIVES.load(kind)().prepare(COUNTS)
    logits, targets = sample(6, 3, 1)
    hard, soft = computed(objective, logits, targets), computed(objective, logits, np.eye(3)[targets])
    np.testing.assert_allclose(hard, soft, atol=1e-12)


@pytest.mark.parametrize("kind", sorted(OBJECTIVES))
def test_half_precision_scores_are_judged_in_single_precision(kind):
    objective = OBJECTIVES.load(kind)().prepare(COUNTS)
    losses = objective(torch.zeros(2, 3, dtype=torch.bfloat16), torch.tensor([0, 2]))
    assert losses.dtype == torch.float32


def test_balanced_weights_are_scikit_learn_s():
    targets = np.repeat([0, 1, 2], COUNTS)
    expected = compute_class_weight("balanced", classes=np.arange(3), y=targets)
    np.testing.assert_allclose(CrossEntropy(class_weights="balanced").prepare(COUNTS).resolved_weights, expected)


def test_what_is_known_of_classes_is_no_option_and_leaves_the_original_alone():
    objective = ClassBalanced()
    prepared = objective.prepare(COUNTS)
    assert objective.weights is None
    assert describe(prepared) == {"kind": "class_balanced"}
    assert Focal().prepare(COUNTS) == Focal()


@pytest.mark.parametrize(
    "spec", ["class_balanced", "logit_adjusted", {"kind": "cross_entropy", "class_weights": [1, 2]}]
)
def test_objectives_that_need_counts_say_so(spec):
    with pytest.raises(NotFittedError, match="prepare"):
        build(OBJECTIVES, spec)(torch.zeros(1, 2), torch.tensor([0]))


@pytest.mark.parametrize(
    "spec", ["class_balanced", "logit_adjusted", {"kind": "cross_entropy", "class_weights": "balanced"}]
)
def test_a_class_without_rows_has_a_finite_loss(spec):
    objective = build(OBJECTIVES, spec).prepare(np.array([4, 0]))
    assert objective(torch.zeros(2, 2), torch.tensor([0, 1])).isfinite().all()


def test_as_many_weights_as_classes():
    with pytest.raises(ConfigError, match="2 class weights for 3 classes"):
        CrossEntropy(class_weights=(1.0, 2.0)).prepare(COUNTS)


def test_options_come_from_specs_and_go_back():
    objective = build(OBJECTIVES, {"kind": "focal", "gamma": 1.5})
    assert objective == Focal(gamma=1.5)
    assert describe(objective) == {"kind": "focal", "gamma": 1.5}
    with pytest.raises(ConfigError, match="label_smoothing"):
        build(OBJECTIVES, {"kind": "cross_entropy", "label_smoothing": 1.0})
