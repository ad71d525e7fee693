"""The decision study: net benefit as in the paper, thresholds chosen elsewhere."""

import json

import numpy as np
import pytest
from sklearn.metrics import roc_curve

from judged_cases import answers, case_of
from polysight.evaluation.studies.decision import (
    THRESHOLDS,
    DecisionStudy,
    cost_threshold,
    net_benefit,
    youden_threshold,
)


def test_net_benefit_is_that_of_the_paper():
    codes, probabilities = answers(300, classes=2)
    score, positive = probabilities[:, 1], codes == 1
    values = net_benefit(score, positive, THRESHOLDS, np.ones((300, 1)))[:, 0]
    for threshold, value in zip(THRESHOLDS, values, strict=True):
        acted = score >= threshold
        found, alarms = (acted & positive).sum(), (acted & ~positive).sum()
        assert value == pytest.approx(found / 300 - alarms / 300 * threshold / (1 - threshold))


def test_a_score_equal_to_a_threshold_is_acted_on():
    values = net_benefit(np.array([0.5, 0.5]), np.array([True, False]), np.array([0.5, 0.6]), np.ones((2, 1)))
    assert values[:, 0].tolist() == [0.0, 0.0]
    assert net_benefit(np.array([0.5]), np.array([True]), np.array([0.5]), np.ones((1, 1)))[0, 0] == 1.0


def test_youden_is_the_top_of_the_roc_curve():
    codes, probabilities = answers(300, classes=2, strength=1.0)
    score, positive = probabilities[:, 1], codes == 1
    false, true, _ = roc_curve(positive, score)
    found = score >= youden_threshold(score, positive)
    reached = found[positive].mean() - found[~positive].mean()
    assert reached == pytest.approx((true - false).max())


@pytest.mark.parametrize("ratio", [0.5, 1.0, 5.0])
def test_no_other_threshold_costs_less(ratio):
    codes, probabilities = answers(300, classes=2, strength=1.0)
    score, positive = probabilities[:, 1].round(2), codes == 1

    def cost(threshold):
        said = score >= threshold
        return ratio * (positive & ~said).sum() + (said & ~positive).sum()

    assert cost(cost_threshold(score, positive, ratio)) == min(map(cost, [*score, 1.1]))


def test_honest_probabilities_and_costs_meet_where_theory_says():
    codes, probabilities = answers(20_000, classes=2)
    # Of equal costs, one half; with five times dearer misses, one in six.
    assert cost_threshold(probabilities[:, 1], codes == 1, 1.0) == pytest.approx(1 / 2, abs=0.06)
    assert cost_threshold(probabilities[:, 1], codes == 1, 5.0) == pytest.approx(1 / 6, abs=0.06)


def test_what_was_chosen_out_of_fold_is_measured_here():
    codes, probabilities = answers(300, classes=2)
    training, kept = answers(400, classes=2, seed=1)
    answer = DecisionStudy().run(case_of(codes, probabilities, kept=(training, kept)))
    assert answer["positive"] == "class 1"
    assert answer["chosen"]["chosen_on"] == "out_of_fold"
    youden = answer["chosen"]["youden"]
    threshold = youden_threshold(kept[:, 1], training == 1)
    assert youden["threshold"] == pytest.approx(threshold, abs=1e-8)
    said, positive = probabilities[:, 1] >= threshold, codes == 1
    assert youden["sensitivity"]["value"] == pytest.approx(said[positive].mean())
    assert youden["specificity"]["value"] == pytest.approx(1 - said[~positive].mean())
    assert youden["precision"]["value"] == pytest.approx(positive[said].mean())
    assert youden["accuracy"]["value"] == pytest.approx((said == positive).mean())
    thresholds = [line["threshold"] for line in answer["chosen"]["costs"]]
    assert thresholds == sorted(thresholds, reverse=True)
    line = answer["chosen"]["costs"][2]
    said = probabilities[:, 1] >= line["threshold"] - 1e-9
    assert line["cost"] == pytest.approx((5 * (positive & ~said) + (said & ~positive)).mean())
    assert json.loads(json.dumps(answer)) == answer


def test_the_curve_lies_inside_its_interval_and_acting_on_all_costs():
    codes, probabilities = answers(300, classes=2)
    answer = DecisionStudy().run(case_of(codes, probabilities))
    for low, value, high in zip(answer["model_low"], answer["model"], answer["model_high"], strict=True):
        assert low <= value <= high
    assert answer["all"][0] == pytest.approx(np.mean(codes) - (1 - np.mean(codes)) / 99)
    assert answer["thresholds"][49] == 0.5
    assert answer["all"][49] == pytest.approx(2 * np.mean(codes) - 1)


def test_more_classes_have_no_such_curve_and_one_breaks_nothing():
    assert DecisionStudy().run(case_of(*answers(50))) is None
    for codes in (np.ones(40, dtype=int), np.full(40, -1)):
        answer = DecisionStudy().run(case_of(codes, np.full((40, 2), 0.5), kept=answers(60, classes=2)))
        side = "specificity" if codes[0] == 1 else "sensitivity"
        assert answer["chosen"]["youden"][side]["reason"] == "no_rows"
    alone = DecisionStudy().run(case_of(np.array([1]), np.array([[0.4, 0.6]])))
    assert alone["chosen"] == {"chosen_on": "nowhere", "youden": None, "costs": []}
