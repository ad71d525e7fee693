"""DeLong's test beside its formula written out pair by pair, and what whole groups change."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from polysight.evaluation.delong import delong


def problem(rows=60, seed=0, ties=True):
    rng = np.random.default_rng(seed)
    positive = rng.random(rows) < 0.4
    first = positive + rng.normal(0, 1.0, rows)
    second = 0.7 * first + positive + rng.normal(0, 1.0, rows)
    return (positive, np.round(first), np.round(second)) if ties else (positive, first, second)


def by_pairs(positive, first, second):
    """Areas, error and p-value as the paper has them: every positive against every negative."""
    wins = [np.array([[(x > y) + 0.5 * (x == y) for y in s[~positive]] for x in s[positive]]) for s in (first, second)]
    areas = [w.mean() for w in wins]
    of_positives = np.cov([w.mean(axis=1) for w in wins])
    of_negatives = np.cov([w.mean(axis=0) for w in wins])
    covariance = of_positives / positive.sum() + of_negatives / (~positive).sum()
    contrast = np.array([-1.0, 1.0])
    error = np.sqrt(contrast @ covariance @ contrast)
    return areas, error, 2 * norm.sf(abs(areas[1] - areas[0]) / error)


@pytest.mark.parametrize("ties", [True, False])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_it_is_the_formula_of_the_paper(seed, ties):
    positive, first, second = problem(seed=seed, ties=ties)
    areas, error, p = by_pairs(positive, first, second)
    found = delong(positive, first, second)
    assert (found.a, found.b) == pytest.approx(areas)
    assert found.a == pytest.approx(roc_auc_score(positive, first))
    assert found.p == pytest.approx(p, rel=1e-6)
    assert (found.difference.high - found.difference.low) / 2 == pytest.approx(1.959964 * error, abs=1e-8)


def test_rows_written_down_twice_say_no_more_than_once():
    positive, first, second = problem(seed=3)
    groups = np.arange(len(positive))
    once = delong(positive, first, second, groups)
    twice = delong(*(np.tile(x, 2) for x in (positive, first, second)), np.tile(groups, 2))
    assert twice.difference.low == pytest.approx(once.difference.low, abs=1e-8)
    assert twice.p == pytest.approx(once.p)
    plain = delong(*(np.tile(x, 2) for x in (positive, first, second)))
    assert plain.p < once.p
    assert once.p == pytest.approx(delong(positive, first, second).p, rel=0.2)


def test_the_same_scores_do_not_differ():
    positive, first, _ = problem()
    found = delong(positive, first, first)
    assert found.difference.value == 0
    assert found.p == 1
    assert set(found.to_json()) == {"a", "b", "difference", "p"}


def test_nothing_is_said_of_one_side_or_one_group():
    positive, first, second = problem()
    assert delong(np.zeros_like(positive), first, second) is None
    assert delong(positive, first, second, np.zeros(len(positive))) is None
