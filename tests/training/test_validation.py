"""Validation against scikit-learn, and the temperature that forgives overconfidence."""

import numpy as np
import torch
from scipy.special import softmax
from sklearn.metrics import accuracy_score, log_loss

from polysight.training.validation import judge


def test_equals_scikit_learn():
    rng = np.random.default_rng(0)
    logits, codes = rng.normal(size=(50, 4)), rng.integers(4, size=50)
    verdict = judge(torch.from_numpy(logits), torch.from_numpy(codes))
    np.testing.assert_allclose(verdict.log_loss, log_loss(codes, softmax(logits, axis=1)))
    assert verdict.accuracy == accuracy_score(codes, logits.argmax(axis=1))
    assert verdict.calibrated <= verdict.log_loss


def test_the_calibrated_loss_does_not_depend_on_how_sure_the_network_is():
    rng = np.random.default_rng(1)
    codes = torch.from_numpy(rng.integers(3, size=80))
    logits = torch.from_numpy(rng.normal(size=(80, 3))) + 1.5 * torch.eye(3)[codes]
    sure, unsure = judge(4.0 * logits, codes), judge(0.5 * logits, codes)
    assert sure.log_loss > 1.3 * sure.calibrated
    np.testing.assert_allclose(sure.calibrated, unsure.calibrated, rtol=0.01)
