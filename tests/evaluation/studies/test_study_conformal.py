"""The conformal study: sets cover as promised, on rows that did not choose the quantile."""

import json

import numpy as np
import pytest

from judged_cases import answers, case_of
from polysight.evaluation.studies.conformal import ConformalStudy


def test_sets_from_answers_out_of_fold_cover_as_promised():
    codes, probabilities = answers(1500, strength=1.5)
    answer = ConformalStudy().run(case_of(codes, probabilities, kept=answers(1500, strength=1.5, seed=1)))
    assert answer["chosen_on"] == "out_of_fold"
    assert (answer["method"], answer["adaptive"]["method"]) == ("lac", "aps")
    for part in (answer, answer["adaptive"]):
        assert [level["alpha"] for level in part["levels"]] == [0.05, 0.1, 0.2]
        for level in part["levels"]:
            assert level["coverage"]["value"] == pytest.approx(1 - level["alpha"], abs=0.03)
            assert level["coverage"]["low"] <= 1 - level["alpha"] <= level["coverage"]["high"]
            assert set(level["per_class"]) == {"class 0", "class 1", "class 2"}
        sizes = [level["mean_size"] for level in part["levels"]]
        assert sizes == sorted(sizes, reverse=True)
    # The least ambiguous sets are.
    assert answer["levels"][1]["mean_size"] <= answer["adaptive"]["levels"][1]["mean_size"]


def test_one_level_is_what_ten_lines_give():
    codes, probabilities = answers(300)
    training, kept = answers(199, seed=1)
    level = ConformalStudy().run(case_of(codes, probabilities, kept=(training, kept)))["levels"][1]
    quantile = np.sort(1 - kept[np.arange(199), training])[179]
    sets = 1 - probabilities <= quantile
    covered = sets[np.arange(300), codes]
    assert level["coverage"]["value"] == pytest.approx(covered.mean())
    assert level["mean_size"] == pytest.approx(sets.sum(axis=1).mean())
    assert level["singletons"] == pytest.approx((sets.sum(axis=1) == 1).mean())
    assert level["empty"] == pytest.approx((sets.sum(axis=1) == 0).mean())
    assert level["per_class"]["class 2"]["value"] == pytest.approx(covered[codes == 2].mean())


def test_without_such_answers_other_rows_choose():
    codes, probabilities = answers(600, strength=1.5)
    answer = ConformalStudy().run(case_of(codes, probabilities))
    assert answer["chosen_on"] == "other_rows"
    assert answer["levels"][2]["coverage"]["value"] == pytest.approx(0.8, abs=0.05)
    assert json.loads(json.dumps(answer)) == answer


def test_labels_never_seen_are_never_covered_and_one_group_gives_nothing():
    codes, probabilities = answers(200)
    half = np.where(np.arange(200) < 100, -1, codes)
    level = ConformalStudy().run(case_of(half, probabilities, kept=answers(200, seed=1)))["levels"][0]
    assert level["coverage"]["value"] <= 0.5
    lost = ConformalStudy().run(case_of(np.full(50, -1), probabilities[:50], kept=answers(200, seed=1)))
    assert lost["levels"][0]["per_class"] == {}
    assert ConformalStudy().run(case_of(codes, probabilities, groups=np.zeros(200))) is None


def test_same_seed_same_sets():
    codes, probabilities = answers(200)
    kept = answers(200, seed=1)
    first, again, other = (ConformalStudy().run(case_of(codes, probabilities, kept=kept, seed=s)) for s in (0, 0, 1))
    assert first == again
    assert first["adaptive"] != other["adaptive"]
