"""Losses of targets: PyTorch's and Huber's formulas, and Kendall's weighing of several."""

import numpy as np
import pytest
import torch

from polysight.data.target_kinds.amount import Amount
from polysight.data.target_kinds.classes import Classes
from polysight.data.target_kinds.labels import Labels
from polysight.data.target_kinds.several import Targets
from polysight.learners.target_loss import UncertaintyLoss
from polysight.objectives.target_losses import DEFAULTS, TARGET_LOSSES

RNG = np.random.default_rng(0)


def loss_of(kind, outputs, truth, **options):
    made = TARGET_LOSSES.load(kind)(**options)
    return made(torch.tensor(outputs), torch.tensor(truth)).numpy()


def test_amounts_cost_squares_and_beyond_delta_their_size():
    error = np.array([[0.5], [-3.0]])
    np.testing.assert_allclose(loss_of("squared", error, np.zeros((2, 1))), [0.25, 9.0])
    np.testing.assert_allclose(loss_of("huber", error, np.zeros((2, 1)), delta=1.0), [0.25, 2 * (3.0 - 0.5)])


def test_labels_cost_binary_cross_entropy():
    outputs, truth = RNG.normal(size=(5, 3)), RNG.integers(2, size=(5, 3)).astype(float)
    p = 1 / (1 + np.exp(-outputs))
    expected = -(truth * np.log(p) + (1 - truth) * np.log(1 - p)).mean(axis=1)
    np.testing.assert_allclose(loss_of("binary_cross_entropy", outputs, truth), expected, rtol=1e-9)


def test_classes_cost_cross_entropy():
    outputs, codes = RNG.normal(size=(5, 3)), RNG.integers(3, size=5)
    log_p = outputs - np.log(np.exp(outputs).sum(axis=1, keepdims=True))
    found = loss_of("softmax_cross_entropy", outputs, codes[:, None].astype(float), label_smoothing=0.0)
    np.testing.assert_allclose(found, -log_p[np.arange(5), codes], rtol=1e-9)


class TestSeveral:
    targets = Targets((Classes("label", ("x", "y")), Amount("price"), Labels("tags", ("p", "q"))))

    def loss(self, weigh=True):
        losses = [TARGET_LOSSES.load(DEFAULTS[target.kind])() for target in self.targets.targets]
        return UncertaintyLoss(tuple(self.targets), losses, auxiliary=0.4, weigh=weigh)

    def test_kendalls_formula(self):
        s, means = torch.tensor([0.3, -1.0, 0.5], dtype=torch.float64), torch.tensor([0.7, 2.0, 0.1]).double()
        variance, given = np.exp(s.numpy()), means.numpy()
        expected = sum(
            given[k] / (2 * variance[k] if kind == "regression" else variance[k]) + np.log(np.sqrt(variance[k]))
            for k, kind in enumerate(t.kind for t in self.targets.targets)
        )
        assert float(self.loss().total(s, means)) == pytest.approx(expected, rel=1e-9)
        assert float(self.loss(weigh=False).total(s, means)) == pytest.approx(given.sum())

    def test_unknown_truths_cost_nothing_and_have_no_gradient(self):
        outputs = torch.tensor(RNG.normal(size=(4, 5)), dtype=torch.float32, requires_grad=True)
        truth = torch.tensor([[0, 1.0, 1, 0], [1, np.nan, 1, 1], [np.nan, np.nan, 0, 0], [1, np.nan, 0, 1]])
        means = self.loss().means(outputs, truth.float())
        means.sum().backward()
        assert torch.isfinite(outputs.grad).all()
        assert (outputs.grad[1:, 2] == 0).all()
        assert (outputs.grad[2, :2] == 0).all()
        alone = self.loss().means(outputs[:1], truth[:1].float())
        assert means[1].item() == pytest.approx(alone[1].item())
