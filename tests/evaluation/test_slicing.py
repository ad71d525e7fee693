"""Slicing: categories, quarters of numbers and missing cells; other columns say why not."""

import numpy as np
import pandas as pd
import pytest

from judged_cases import Seen
from polysight.evaluation.slicing import MISSING, NONE, missing_inputs, slicing_of

ROWS = 120
TRUTH = np.resize(np.array(["cat", "dog"]), ROWS)


def sliced(cells, name="column"):
    return slicing_of(pd.Series(cells, name=name), TRUTH)


def test_categories_are_values_and_missing_cells_one_more():
    cells = np.resize(np.array(["b", "a ", "", None], dtype=object), ROWS)
    slicing = sliced(cells)
    assert slicing.values == ("a", "b", MISSING)
    assert slicing.place[:4].tolist() == [1, 0, 2, 2]
    assert slicing.members.sum(axis=1).tolist() == [30, 30, 60]


def test_many_numbers_are_cut_into_quarters_and_few_are_not():
    numbers = np.random.default_rng(0).normal(size=ROWS).round(3)
    slicing = sliced(numbers.astype(str))
    assert slicing.members.sum(axis=1).tolist() == [30] * 4
    edges = np.quantile(numbers, [0, 0.25, 0.5, 0.75, 1])
    assert slicing.values[0] == f"[{edges[0]:.4g}, {edges[1]:.4g})"
    assert slicing.values[-1].endswith("]")
    assert numbers[slicing.place == 3].min() >= edges[3]
    assert sliced(np.arange(ROWS) % 7).values == tuple("0123456")


def test_numbers_that_are_mostly_one_value_have_fewer_quarters():
    numbers = np.where(np.arange(ROWS) < 80, 0.0, np.random.default_rng(0).normal(size=ROWS) ** 2)
    slicing = sliced(numbers)
    assert len(slicing.values) == 2
    assert slicing.members.sum() == ROWS


@pytest.mark.parametrize(
    ("cells", "name", "reason"),
    [
        ([""] * ROWS, "note", "empty"),
        (["same"] * ROWS, "part", "one_value"),
        (TRUTH, "label", "target"),
        ([f"images/{k}.png" for k in range(ROWS)], "image", "too_many_values"),
        ([f"the word {k % 40}" for k in range(ROWS)], "text", "too_many_values"),
        (np.arange(ROWS), "row", "identifier"),
        ([10_000_000 + 7 * k for k in range(ROWS)], "code", "too_many_values"),
    ],
)
def test_other_columns_say_why_not(cells, name, reason):
    assert sliced(cells, name) == reason


def test_a_target_with_labels_never_seen_is_one_still():
    truth = np.where(np.arange(ROWS) < 5, "", TRUTH)
    assert slicing_of(pd.Series(TRUTH, name="label"), truth) == "target"
    assert slicing_of(pd.Series(TRUTH, name="label"), np.full(ROWS, "")) != "target"


def test_rows_are_set_apart_by_the_inputs_they_lack():
    present = np.ones((6, 2), dtype=bool)
    assert missing_inputs(Seen(present)) == "one_value"
    present[0, 0] = present[1, 1] = False
    present[2] = False
    slicing = missing_inputs(Seen(present))
    named = [slicing.values[k] for k in slicing.place]
    assert named == ["input 0", "input 1", "input 0 + input 1", NONE, NONE, NONE]
