"""Confident learning against the equations of the paper in plain loops, and on labels of which some were flipped."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.health.confident import confident_learning


def by_the_paper(codes, probabilities):
    """Equations 1 to 3 of Northcutt, Jiang, Chuang (2021)."""
    classes = probabilities.shape[1]
    threshold = [np.mean([p[j] for p, y in zip(probabilities, codes, strict=True) if y == j]) for j in range(classes)]
    counts = np.zeros((classes, classes), dtype=int)
    for p, y in zip(probabilities, codes, strict=True):
        able = [j for j in range(classes) if p[j] >= threshold[j] - 1e-12]
        if able:
            counts[y, max(able, key=lambda j: p[j])] += 1
    joint = np.zeros((classes, classes))
    for i in range(classes):
        row = counts[i] if counts[i].sum() else np.eye(classes)[i]
        joint[i] = row / row.sum() * np.sum(codes == i)
    return counts, joint / joint.sum()


@given(st.integers(0, 10_000), st.integers(2, 5))
def test_counts_and_joint_are_those_of_the_paper(seed, classes):
    rng = np.random.default_rng(seed)
    codes = np.concatenate([np.arange(classes), rng.integers(0, classes, 40)])
    probabilities = rng.dirichlet(np.full(classes, 0.5), len(codes))
    found = confident_learning(codes, probabilities)
    counts, joint = by_the_paper(codes, probabilities)
    assert found.counts.tolist() == counts.tolist()
    np.testing.assert_allclose(found.joint, joint)
    assert len(found.suspects) == counts.sum() - np.trace(counts)
    own = probabilities[found.suspects, codes[found.suspects]]
    assert (np.diff(own) >= 0).all()
    assert (found.suggested != codes[found.suspects]).all()


def test_flipped_labels_are_found_and_their_share_estimated():
    rng = np.random.default_rng(0)
    true = rng.integers(0, 3, 3_000)
    points = rng.normal(size=(3_000, 3)) + 4.0 * np.eye(3)[true]
    logits = 4.0 * points
    probabilities = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    codes, flipped = true.copy(), rng.choice(3_000, 300, replace=False)
    codes[flipped] = (true[flipped] + 1) % 3
    found = confident_learning(codes, probabilities)
    assert 1 - np.trace(found.joint) == pytest.approx(0.1, abs=0.015)
    hits = np.isin(found.suspects[:300], flipped)
    assert hits.mean() > 0.9
    np.testing.assert_array_equal(found.suggested[:100], true[found.suspects[:100]])


def test_a_class_without_rows_is_never_suggested():
    probabilities = np.array([[0.1, 0.1, 0.8], [0.1, 0.2, 0.7], [0.6, 0.3, 0.1], [0.2, 0.7, 0.1]])
    found = confident_learning(np.array([0, 1, 0, 1]), probabilities)
    assert 2 not in found.suggested
    assert found.joint.sum() == pytest.approx(1.0)
