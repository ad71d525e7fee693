"""The ranking: in order whatever order trials come in, every number what it says."""

from dataclasses import replace

import numpy as np
import pytest
from contests import answers_of, split_of, trial_of

from polysight.comparison.ranking import rank
from polysight.evaluation.significance import holm, sign_flip

SPLIT = split_of()
CODES = SPLIT.codes
ROWS = len(CODES)


def right(count, start=0):
    found = np.zeros(ROWS, dtype=bool)
    found[start : start + count] = True
    return found


def made():
    sampled = np.arange(8)
    best = replace(
        trial_of(right(20), CODES, **{"without left": answers_of(right(6), CODES)}),
        additive=answers_of(right(5)[:8], CODES[:8]),
        sampled=sampled,
    )
    return {
        "good": [best, trial_of(right(18), CODES, **{"without left": answers_of(right(4), CODES)})],
        "fair": [trial_of(right(15), CODES), trial_of(right(15, 3), CODES)],
        "left only": [trial_of(right(10), CODES), trial_of(right(10), CODES)],
        "right only": [trial_of(right(8), CODES), trial_of(right(12), CODES)],
    }


BASELINES = ("left only", "right only")


def test_every_number_is_what_it_says():
    best = replace(made()["good"][1], additive=answers_of(right(7)[:8], CODES[:8]), sampled=np.arange(8))
    trials = {**made(), "good": [made()["good"][0], best]}
    ranking = rank(trials, BASELINES, SPLIT)
    good, fair, *baselines = ranking.standings
    assert (ranking.best, ranking.best_baseline) == ("good", "left only")
    assert [line.name for line in baselines] == ["left only", "right only"]
    assert good.accuracy.value == pytest.approx(19 / ROWS)
    assert good.by_seed == pytest.approx((20 / ROWS, 18 / ROWS))
    assert good.spread == pytest.approx(np.std([20 / ROWS, 18 / ROWS], ddof=1))
    assert good.conditions["without left"].value == pytest.approx(5 / ROWS)
    assert good.additive.value == pytest.approx(6 / 8)
    assert good.interactions.value == pytest.approx(2 / 8)
    assert good.against_best is None
    assert good.against_baseline.difference.value == pytest.approx(9 / ROWS)
    assert fair.against_best.difference.value == pytest.approx(-4 / ROWS)
    assert baselines[0].against_baseline is None
    assert baselines[0].interactions is None
    differences = {
        name: np.mean([t.right(CODES) for t in trials[name]], axis=0)
        - np.mean([t.right(CODES) for t in trials["good"]], axis=0)
        for name in ("fair", "left only", "right only")
    }
    p_values = [sign_flip(values, SPLIT.groups) for values in differences.values()]
    assert [line.against_best.p for line in (fair, *baselines)] == p_values
    assert [line.against_best.p_holm for line in (fair, *baselines)] == holm(p_values)
    assert good.to_json()["against_best"] is None
    assert fair.to_json()["against_best"]["p_holm"] == fair.against_best.p_holm


def test_the_order_trials_come_in_does_not_matter():
    forwards = rank(made(), BASELINES, SPLIT)
    backwards = rank(dict(reversed(made().items())), BASELINES[::-1], SPLIT)
    assert [line.to_json() for line in forwards.standings] == [line.to_json() for line in backwards.standings]


def test_of_equals_the_less_surprised_goes_first_then_the_name():
    trials = {
        "b": [trial_of(right(9), CODES)],
        "a": [trial_of(right(9), CODES)],
        "modest": [replace(trial_of(right(9), CODES), answers={"complete": answers_of(right(9), CODES, sure=0.4)})],
    }
    ranking = rank(trials, (), SPLIT)
    assert [line.name for line in ranking.standings] == ["modest", "a", "b"]
    assert ranking.best_baseline is None
    assert all(line.against_baseline is None for line in ranking.standings)
    assert ranking.standings[0].spread is None


def test_labels_never_seen_count_as_wrong():
    codes = CODES.copy()
    codes[:5] = -1
    split = replace(SPLIT, codes=codes, groups=None)
    ranking = rank({"a": [trial_of(right(10), np.maximum(codes, 0))]}, (), split)
    assert ranking.standings[0].accuracy.value == pytest.approx(5 / ROWS)
