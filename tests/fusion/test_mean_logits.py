"""MeanLogits against the mean over those present."""

import numpy as np
from formulas import NAMES, PRESENT, agree, decided_by

from polysight.fusion.mean_logits import MeanLogits


def test_equals_the_formula():
    logits = np.random.default_rng(0).normal(size=(8, 3, 4))
    decision = decided_by(MeanLogits(NAMES, 4).double(), logits)
    for row in range(1, 8):
        agree(decision.logits[row], logits[row, PRESENT[row]].mean(axis=0))
        agree(decision.weights[row], PRESENT[row] / PRESENT[row].sum())
