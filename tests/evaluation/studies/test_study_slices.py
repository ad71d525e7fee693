"""The slices study: finds a planted weak spot, lets chance be chance, says why columns are left out."""

import json

import numpy as np
import pandas as pd
import pytest

from judged_cases import answers, case_of
from polysight.evaluation.studies.slices import SlicesStudy


def problem(rows=600, seed=0, weak=0.5):
    """A model that is often wrong on images of one scanner, beside columns that mean nothing."""
    codes, probabilities = answers(rows, seed=seed)
    random = np.random.default_rng(seed + 1000)
    scanner = random.choice(["old", "new", "newer"], size=rows)
    turned = (scanner == "old") & (random.random(rows) < weak)
    probabilities[turned] = np.roll(probabilities[turned], 1, axis=1)
    columns = pd.DataFrame(
        {
            "path": [f"images/{k}.png" for k in range(rows)],
            "scanner": scanner,
            "age": random.normal(50, 10, rows).round(1).astype(str),
            "sex": random.choice(["f", "m", ""], size=rows),
            "label": np.array(["class 0", "class 1", "class 2"])[codes],
            "row": np.arange(rows),
            "rare": np.where(np.arange(rows) < 5, "yes", "no"),
        }
    )
    return codes, probabilities, columns


def test_the_planted_weak_spot_comes_first_and_is_clear():
    codes, probabilities, columns = problem()
    answer = SlicesStudy().run(case_of(codes, probabilities, columns=columns))
    worst, *others = answer["slices"]
    assert (worst["column"], worst["value"]) == ("scanner", "old")
    own = (columns["scanner"] == "old").to_numpy()
    right = probabilities.argmax(axis=1) == codes
    assert worst["n"] == own.sum()
    assert worst["accuracy"]["value"] == pytest.approx(right[own].mean())
    assert worst["difference"]["value"] == pytest.approx(right[own].mean() - right[~own].mean())
    assert worst["p"] < 0.001
    assert worst["difference"]["high"] < -0.1
    assert {one["column"] for one in others} == {"scanner", "age", "sex"}
    assert all(one["p"] > 0.05 for one in others if one["column"] != "scanner")
    assert answer["skipped"] == [
        {"column": "missing inputs", "reason": "one_value"},
        {"column": "path", "reason": "too_many_values"},
        {"column": "label", "reason": "target"},
        {"column": "row", "reason": "identifier"},
        {"column": "rare", "reason": "too_few_rows"},
    ]
    assert json.loads(json.dumps(answer)) == answer


def test_chance_is_called_clear_in_few_tables():
    clear = 0
    for seed in range(10):
        codes, probabilities, columns = problem(300, seed, weak=0.0)
        answer = SlicesStudy().run(case_of(codes, probabilities, columns=columns, seed=seed))
        clear += any(one["p"] < 0.05 for one in answer["slices"])
    assert clear <= 2


def test_fairness_compares_the_groups_of_a_column():
    codes, probabilities, columns = problem()
    fairness = {
        one["column"]: one for one in SlicesStudy().run(case_of(codes, probabilities, columns=columns))["fairness"]
    }
    assert set(fairness) == {"scanner", "age", "sex"}
    scanner = fairness["scanner"]
    assert [group["value"] for group in scanner["groups"]] == ["new", "newer", "old"]
    own, said = (columns["scanner"] == "old").to_numpy(), probabilities.argmax(axis=1)
    recalls = [np.mean(said[own & (codes == k)] == k) for k in range(3)]
    assert scanner["groups"][2]["tpr"]["value"] == pytest.approx(np.mean(recalls))
    assert scanner["tpr_gap"]["low"] > 0.1
    assert fairness["age"]["tpr_gap"]["low"] == 0.0


def test_one_value_with_rows_enough_is_a_slice_and_compares_no_groups():
    codes, probabilities = answers(200)
    many = pd.DataFrame({"ward": ["general"] * 120 + [f"ward {k % 10}" for k in range(80)]})
    answer = SlicesStudy().run(case_of(codes, probabilities, columns=many))
    assert [(one["value"], one["n"]) for one in answer["slices"]] == [("general", 120)]
    assert answer["fairness"] == []


def test_inputs_that_rows_lack_are_slices_too():
    codes, probabilities = answers(300)
    present = np.ones((300, 2), dtype=bool)
    present[:100, 1] = False
    probabilities[:100] = np.roll(probabilities[:100], 1, axis=1)
    answer = SlicesStudy().run(case_of(codes, probabilities, present=present))
    assert [(one["value"], one["n"]) for one in answer["slices"]] == [("input 1", 100), ("(none)", 200)]
    assert answer["skipped"] == []


def test_slices_of_one_group_prove_nothing_and_come_last():
    codes, probabilities, columns = problem()
    columns["speaker"] = np.resize([f"speaker {k}" for k in range(6)], 600)
    answer = SlicesStudy().run(
        case_of(codes, probabilities, columns=columns[["scanner", "speaker"]], groups=columns["speaker"].to_numpy())
    )
    assert [one["column"] for one in answer["slices"][3:]] == ["speaker"] * 6
    for one in answer["slices"][3:]:
        assert one["p"] is None
        assert one["difference"]["reason"] == "one_unit_only"


def test_empty_and_strange_tables_break_nothing():
    codes, probabilities = answers(40)
    assert SlicesStudy().run(case_of(codes, probabilities)) is None
    nothing = pd.DataFrame({"a": [""] * 40, "b": [[1, 2]] * 40, "c": [np.arange(3)] * 40, "d": [None] * 40})
    answer = SlicesStudy().run(case_of(codes, probabilities, columns=nothing))
    assert answer["slices"] == answer["fairness"] == []
    assert [one["reason"] for one in answer["skipped"]] == ["one_value", "empty", "one_value", "one_value", "empty"]
    halves = pd.DataFrame({"side": ["left", "right"] * 20})
    for strange in (np.zeros(40, dtype=int), np.full(40, -1)):
        answer = SlicesStudy().run(case_of(strange, probabilities, columns=halves))
        assert len(answer["slices"]) == 2
        assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize("grouped", [False, True])
def test_of_very_many_rows_some_are_looked_at_in_whole_groups(monkeypatch, grouped):
    codes, probabilities, columns = problem()
    groups = np.arange(600) // 4 if grouped else None
    case = case_of(codes, probabilities, columns=columns, groups=groups)
    assert SlicesStudy().run(case)["rows"] == 600
    monkeypatch.setattr("polysight.evaluation.studies.slices.MOST_ROWS", 200)
    answer = SlicesStudy().run(case)
    assert answer["rows"] == 200
    sides = [one for one in answer["slices"] if one["column"] == "scanner"]
    assert sum(one["n"] for one in sides) == 200
    assert answer["slices"][0]["value"] == "old"


def test_of_many_columns_the_first_are_looked_at():
    codes, probabilities = answers(60)
    many = pd.DataFrame({f"c{k}": np.resize([k, 0, 1], 60) for k in range(2, 60)})
    answer = SlicesStudy().run(case_of(codes, probabilities, columns=many))
    assert len(answer["slices"]) == 40
    assert {one["reason"] for one in answer["skipped"][1:]} == {"too_many_columns"}
