"""Evidential against Dempster's reduced rule applied to one pair of opinions after the other."""

import numpy as np
import torch
from formulas import NAMES, PRESENT, agree, decided_by
from hypothesis import given, settings
from hypothesis import strategies as st

from polysight.fusion.decision import Opinion
from polysight.fusion.evidential import Evidential


def opinion_of(logits):
    """Belief in each class and doubt: b = e / S, u = K / S, S = sum(e + 1)."""
    evidence = np.logaddexp(0.0, logits)
    strength = (evidence + 1).sum()
    return evidence / strength, len(logits) / strength


def combined(one, other):
    (b1, u1), (b2, u2) = one, other
    conflict = b1.sum() * b2.sum() - (b1 * b2).sum()
    return (b1 * b2 + b1 * u2 + b2 * u1) / (1 - conflict), u1 * u2 / (1 - conflict)


def test_equals_dempster_s_rule():
    classes = 4
    logits = 3 * np.random.default_rng(0).normal(size=(8, 3, classes))
    decision = decided_by(Evidential(NAMES, classes).double(), logits)
    for row in range(1, 8):
        opinions = [opinion_of(logits[row, i]) for i in np.flatnonzero(PRESENT[row])]
        belief, doubt = opinions[0]
        for other in opinions[1:]:
            belief, doubt = combined((belief, doubt), other)
        strength = classes / doubt
        agree(decision.logits[row], np.log(belief * strength + 1))
        agree(classes / decision.logits[row].exp().sum(), doubt)
        own = np.array([1 - opinion_of(logits[row, i])[1] if PRESENT[row, i] else 0.0 for i in range(3)])
        agree(decision.weights[row], own / own.sum())


@settings(deadline=None)  # the first example waits for torch
@given(st.lists(st.floats(-30.0, 30.0), min_size=9, max_size=9))
def test_who_brings_evidence_first_does_not_matter_and_doubt_only_shrinks(numbers):
    logits = torch.tensor(numbers, dtype=torch.float64).reshape(3, 1, 3)
    there = torch.ones(1, dtype=torch.bool)

    def decided(order, present=(True, True, True)):
        opinions = {n: Opinion(logits[i], there & present[i]) for n, i in zip(NAMES, order, strict=True)}
        return Evidential(NAMES, 3)(opinions).logits

    torch.testing.assert_close(decided((0, 1, 2)), decided((2, 0, 1)), rtol=1e-9, atol=1e-9)
    fewer = decided((0, 1, 2), (True, True, False))
    assert (decided((0, 1, 2)) >= fewer - 1e-12).all()
    assert (fewer >= 0).all()


def test_certain_modalities_that_contradict_each_other_stay_finite():
    logits = torch.tensor([[1e4, -1e4]])
    there = torch.ones(1, dtype=torch.bool)
    decision = Evidential(["a", "b"], 2)({"a": Opinion(logits, there), "b": Opinion(-logits, there)})
    torch.testing.assert_close(decision.logits[:, 0], decision.logits[:, 1])
    assert decision.logits.isfinite().all()
