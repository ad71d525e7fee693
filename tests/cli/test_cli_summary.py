"""The summary a terminal shows: whether fusion is justified, and how many rows could tell."""

import numpy as np
import pytest

from polysight.cli.summary import summary
from polysight.evaluation.evaluate import evaluate_variants
from polysight.evaluation.variants import Variants


def metrics_of(rows, alone, whole):
    codes = np.arange(rows) % 2

    def right_on(number):
        return np.eye(2)[np.where(np.arange(rows) < number, codes, 1 - codes)] * 0.6 + 0.2

    parts = {"photo": right_on(alone), "note": right_on(alone)}
    variants = Variants(right_on(whole), parts, parts, np.zeros(rows, dtype=int))
    return evaluate_variants(variants, codes, np.array(["x", "y"]), best_single="photo").to_json(evaluated_on="test")


@pytest.mark.parametrize(("whole", "word"), [(360, "yes"), (240, "no")])
def test_a_clear_case(whole, word):
    lines = summary(metrics_of(400, 300, whole), None).splitlines()
    assert f"fusion justified   {word}" in lines
    assert not any(line.startswith("rows to tell") for line in lines)


def test_a_case_that_more_rows_could_tell():
    lines = summary(metrics_of(100, 80, 81), None).splitlines()
    place = lines.index("fusion justified   cannot tell with this many rows")
    assert lines[place + 1].startswith("rows to tell       about ")
    assert lines[place + 1].endswith(", if that gain is real")


def test_no_gain_at_all_asks_for_no_rows():
    lines = summary(metrics_of(100, 80, 80), None).splitlines()
    assert "fusion justified   cannot tell with this many rows" in lines
    assert not any(line.startswith("rows to tell") for line in lines)
