"""Choosing rows: answers out of fold where a model keeps them; else other rows of the case, whole groups together."""

import numpy as np
import pytest

from judged_cases import answers, case_of
from polysight.evaluation.studies.choosing import choosing_rows
from polysight.evaluation.variants import Variants


def test_a_model_that_keeps_answers_is_asked_for_them():
    codes, probabilities = answers(50)
    kept = answers(80, seed=1)
    chosen_on, (part,) = choosing_rows(case_of(codes, probabilities, kept=kept))
    assert chosen_on == "out_of_fold"
    assert part.rows.tolist() == list(range(50))
    np.testing.assert_array_equal(part.predicted, kept[1].argmax(axis=1))
    np.testing.assert_array_equal(part.confidence, kept[1].max(axis=1))


def test_what_is_said_follows_the_models_factors():
    codes, probabilities = answers(50)
    kept = answers(80, seed=1)
    factors = np.array([1.0, 1.0, 5.0])
    variants = Variants(probabilities, {}, {}, np.zeros(50, dtype=int), np.tile(factors, (50, 1)))
    _, (part,) = choosing_rows(case_of(codes, probabilities, kept=kept, variants=variants))
    np.testing.assert_array_equal(part.predicted, (kept[1] * factors).argmax(axis=1))


@pytest.mark.parametrize("grouped", [False, True])
def test_else_each_row_is_judged_by_what_others_say(grouped):
    codes, probabilities = answers(60)
    groups = np.resize([f"patient {k}" for k in range(12)], 60) if grouped else None
    codes[3] = -1
    # A text of itself stands for each row: its probability of the first class.
    chosen_on, parts = choosing_rows(case_of(codes, probabilities, groups=groups))
    assert chosen_on == "other_rows"
    assert sorted(np.concatenate([part.rows for part in parts])) == list(range(60))
    for part in parts:
        own = set(probabilities[part.rows, 0])
        assert not own & set(part.probabilities[:, 0])
        assert len(part.codes) + len(part.rows) == 60
        if grouped:
            inside = set(groups[part.rows])
            others = np.isin(probabilities[:, 0], part.probabilities[:, 0])
            assert not inside & set(groups[others])


def test_answers_of_another_model_to_the_same_rows_are_not_used():
    codes, probabilities = answers(60)
    case = case_of(codes, probabilities, kept=(codes, probabilities))
    pooled = type(case)(**{**vars(case), "model": None})
    assert choosing_rows(pooled)[0] == "other_rows"


def test_one_group_leaves_nothing_to_choose_on():
    codes, probabilities = answers(20)
    assert choosing_rows(case_of(codes, probabilities, groups=np.zeros(20))) == ("nowhere", [])
