"""Confidence against logits weighted by their energies."""

import numpy as np
import pytest
from formulas import NAMES, PRESENT, Weights, agree, decided_by, ready, softmax

from polysight.core.config import build
from polysight.core.errors import ConfigError
from polysight.fusion import FUSIONS
from polysight.fusion.confidence import Confidence
from polysight.fusion.decision_contract import check_decision_fusion


@pytest.mark.parametrize("temperature", [1.0, 2.5])
def test_equals_the_formula(temperature):
    fusion = ready(Confidence(NAMES, 4, temperature=temperature))
    logits, w = 3 * np.random.default_rng(0).normal(size=(8, 3, 4)), Weights(fusion)
    decision = decided_by(fusion, logits)
    for row in range(1, 8):
        there = PRESENT[row]
        energy = -temperature * np.log(np.exp(logits[row] / temperature).sum(axis=1))
        weights = np.zeros(3)
        weights[there] = softmax((np.exp(w["log_slopes"]) * -energy + w["offsets"])[there])
        agree(decision.logits[row], weights @ logits[row])
        agree(decision.weights[row], weights)


def test_the_surer_modality_counts_more_before_anything_is_learned():
    logits = np.zeros((8, 3, 4))
    logits[:, 1, 2] = 4.0
    weights = decided_by(Confidence(NAMES, 4).double(), logits).weights[7]
    assert weights[1] > weights[0] == weights[2]


def test_other_temperatures_keep_the_laws_and_zero_is_refused():
    check_decision_fusion(Confidence, temperature=0.5)
    with pytest.raises(ConfigError, match="temperature"):
        build(FUSIONS, {"kind": "confidence", "temperature": 0.0}, names=NAMES, classes=4)
