"""The selective study: thresholds from other rows, and what they give on these."""

import json

import numpy as np
import pytest

from judged_cases import answers, case_of
from polysight.evaluation.risk_coverage import RiskCoverage
from polysight.evaluation.studies.selective import SelectiveStudy


def test_the_threshold_is_chosen_out_of_fold_and_measured_here():
    codes, probabilities = answers(400)
    training, kept = answers(600, seed=1)
    answer = SelectiveStudy().run(case_of(codes, probabilities, kept=(training, kept)))
    assert answer["chosen_on"] == "out_of_fold"
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == codes
    for point in answer["operating"]:
        other = RiskCoverage(kept.max(axis=1), kept.argmax(axis=1) == training)
        threshold = other.threshold(point["wanted_accuracy"], 20)
        assert point["threshold"] == pytest.approx(threshold, abs=1e-8)
        answered = confidence >= threshold
        assert point["coverage"]["value"] == pytest.approx(answered.mean())
        assert point["accuracy"]["value"] == pytest.approx(right[answered].mean())
    first, _, last = answer["operating"]
    assert first["coverage"]["value"] > last["coverage"]["value"]


def test_the_curve_ends_at_the_error_of_all_rows():
    codes, probabilities = answers(300)
    answer = SelectiveStudy().run(case_of(codes, probabilities))
    wrong = np.mean(probabilities.argmax(axis=1) != codes)
    assert [point["coverage"] for point in answer["curve"]] == pytest.approx(np.linspace(0.05, 1, 20))
    assert answer["curve"][-1]["risk"] == pytest.approx(wrong)
    assert 0 < answer["excess_aurc"] < answer["aurc"] < wrong
    assert answer["chosen_on"] == "other_rows"
    assert json.loads(json.dumps(answer)) == answer


def test_an_accuracy_that_is_never_reached_says_so():
    codes, probabilities = answers(300, strength=0.1)
    answer = SelectiveStudy().run(case_of(codes, probabilities, kept=answers(300, strength=0.1, seed=1)))
    for point in answer["operating"]:
        assert point["threshold"] is None
        assert (
            point["coverage"]
            == point["accuracy"]
            == {
                "value": None,
                "low": None,
                "high": None,
                "reason": "not_reached",
            }
        )


def test_small_and_strange_cases_break_nothing():
    nothing_sure = (np.arange(200) % 2, np.tile([0.95, 0.05], (200, 1)))
    sure = (np.zeros(200, dtype=int), np.tile([0.99, 0.01], (200, 1)))
    # No row of the case is as sure as those the threshold was chosen on.
    answer = SelectiveStudy().run(case_of(*nothing_sure, kept=sure))
    assert answer["operating"][0]["coverage"]["value"] == 0.0
    assert answer["operating"][0]["accuracy"]["reason"] == "no_rows"
    alone = SelectiveStudy().run(case_of(np.array([0]), np.array([[0.7, 0.3]])))
    assert alone["operating"] == []
    assert alone["chosen_on"] == "nowhere"
    unseen = SelectiveStudy().run(case_of(np.full(40, -1), np.full((40, 2), 0.5)))
    assert unseen["aurc"] == pytest.approx(1.0)
