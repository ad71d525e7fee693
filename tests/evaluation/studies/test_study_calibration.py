"""The calibration study: honest probabilities look honest, overconfident ones do not, and the temperature shows."""

import json

import numpy as np
import pytest

from judged_cases import answers, case_of
from polysight.evaluation.metrics import metric_values
from polysight.evaluation.studies.calibration import CalibrationStudy
from polysight.learners.calibration import TemperatureScaling


def test_the_curve_is_what_is_counted_bin_by_bin():
    codes, probabilities = answers(400)
    answer = CalibrationStudy().run(case_of(codes, probabilities))
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == codes
    parts = np.array_split(np.argsort(confidence), 10)
    assert [point["rows"] for point in answer["reliability"]] == [40] * 10
    for point, rows in zip(answer["reliability"], parts, strict=True):
        assert point["confidence"] == pytest.approx(confidence[rows].mean())
        assert point["accuracy"] == pytest.approx(right[rows].mean())
        assert point["low"] < point["accuracy"] <= point["high"]
    assert json.loads(json.dumps(answer)) == answer


def test_the_error_stands_beside_that_of_a_perfect_model():
    honest = CalibrationStudy().run(case_of(*answers(1000)))
    assert honest["ece_if_calibrated"]["low"] <= honest["ece"]["value"] <= honest["ece_if_calibrated"]["high"]
    assert 0 < honest["ece_if_calibrated"]["value"] < 0.03
    sure = CalibrationStudy().run(case_of(*answers(1000, sharp=3.0)))
    assert sure["ece"]["value"] > sure["ece_if_calibrated"]["high"]
    assert sure["brier"]["reliability"] > 3 * honest["brier"]["reliability"]


def test_if_calibrated_is_what_drawing_labels_from_the_probabilities_gives():
    codes, probabilities = answers(300)
    told = CalibrationStudy().run(case_of(codes, probabilities))["ece_if_calibrated"]
    random = np.random.default_rng(0)
    drawn = (random.random((300, 1, 300)) > probabilities.cumsum(axis=1)[:, :-1, None]).sum(axis=1)
    errors = [metric_values(drawn[:, k], probabilities)["ece"] for k in range(300)]
    assert told["value"] == pytest.approx(np.mean(errors), abs=0.002)
    assert told["high"] == pytest.approx(np.quantile(errors, 0.975), abs=0.01)


def test_before_and_after_tell_of_the_models_own_step():
    codes, probabilities = answers(200)
    training, sure = answers(500, sharp=3.0, seed=1)
    scaled = TemperatureScaling().fit(sure, training).transform(sure)
    kept = (training, scaled.astype(np.float32), sure.astype(np.float32))
    answer = CalibrationStudy().run(case_of(codes, probabilities, kept=kept))
    for when, expected in (("before", sure), ("after", scaled)):
        values = metric_values(training, expected)
        assert set(answer[when]) == {"log_loss", "brier", "ece"}
        for name, value in answer[when].items():
            assert value == pytest.approx(values[name], abs=1e-4)
    assert answer["after"]["ece"] < answer["before"]["ece"] / 3
    without = CalibrationStudy().run(case_of(codes, probabilities))
    assert without["before"] is None
    assert without["after"] is None


def test_one_row_one_class_and_labels_never_seen_break_nothing():
    for codes, probabilities in (
        (np.array([0]), np.array([[0.7, 0.3]])),
        (np.zeros(30, dtype=int), np.full((30, 2), 0.5)),
        (np.full(30, -1), np.full((30, 3), 1 / 3)),
    ):
        answer = CalibrationStudy().run(case_of(codes, probabilities))
        assert sum(point["rows"] for point in answer["reliability"]) == len(codes)
        assert json.loads(json.dumps(answer)) == answer
