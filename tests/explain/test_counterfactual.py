"""Counterfactual: the smallest change that works, against trying every one of them."""

from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from polysight.data.samples import Samples
from polysight.data.view import Cells
from polysight.explain.counterfactual import ROWS, counterfactual
from polysight.modalities.tabular.modality import Tabular

TRAIN = pd.DataFrame(
    {
        "age": [str(age) for age in range(20, 61)],
        "dose": [str(dose / 2) for dose in range(41)],
        "site": ["north", "south", "east", "north"] * 10 + ["north"],
    }
)
TABLE = Tabular(columns=("age", "dose", "site")).settle(Cells(TRAIN, Path()))
VALUES = {"table": TABLE.values_in(TABLE.read(Cells(TRAIN, Path())))}


class Scored:
    """Says the second class where a score of the table is positive."""

    classes_ = np.array(["well", "ill"])
    prior_ = np.array([0.5, 0.5])
    decision_ = None

    def __init__(self, score, table=TABLE):
        self.inputs_ = {"table": table}
        self.score, self.asked = score, []

    def predict_samples(self, samples):
        view = samples.views["table"]
        age, dose = view.arrays["numbers"].T
        self.asked.append(len(view))
        likely = 1 / (1 + np.exp(-self.score(age, dose, view.arrays["categories"][:, 0])))
        return np.column_stack([1 - likely, likely])


def looked_for(score, **cells):
    row = pd.DataFrame({"age": ["30"], "dose": ["4.0"], "site": ["north"]}).assign(**cells)
    model, given = Scored(score), Cells(row, Path())
    samples = Samples({"table": TABLE.read(given)})
    target = int(model.predict_samples(samples)[0].argmax())
    return model, counterfactual(model, {"table": given}, samples, VALUES, target), target


def test_values_are_ones_that_occur_at_even_ranks_and_the_levels():
    assert VALUES["table"]["age"] == tuple(float(age) for age in range(20, 61, 2))
    assert VALUES["table"]["site"] == ("north", "east", "south")


def test_the_smallest_change_of_one_cell_is_found():
    model, found, _ = looked_for(lambda age, dose, site: age - 43)
    (change,) = found.changes
    assert (change.column, change.before, change.after) == ("age", "30", 44.0)
    assert change.size == pytest.approx(14 / 40)
    assert found.code == 1
    assert found.probabilities[1] == pytest.approx(1 / (1 + np.exp(-1)))
    assert found.tried == sum(model.asked[1:]) == 21 - 1 + 21 - 1 + 2


def test_another_category_counts_as_a_whole_change_and_so_comes_last():
    _, found, _ = looked_for(lambda age, dose, site: (age >= 60) + (site == "east") - 0.5)
    assert found.changes[0].column == "age"
    _, found, _ = looked_for(lambda age, dose, site: (site == "east") - 0.5)
    assert [(change.column, change.after) for change in found.changes] == [("site", "east")]


def test_two_cells_are_changed_where_one_is_not_enough():
    def score(age, dose, site):
        return age / 40 + dose / 20 - 2.2

    _, found, target = looked_for(score)
    assert len(found.changes) == 2
    values = VALUES["table"]
    reachable = [
        (abs(age - 30) / 40 + abs(dose - 4) / 20)
        for age, dose in product(values["age"], values["dose"])
        if score(age, dose, "") > 0
    ]
    # Of the cells that came nearest alone the best two values are tried: the change works and need not be the least.
    assert min(reachable) <= sum(change.size for change in found.changes) <= 2
    assert found.code != target


def test_it_says_so_where_no_change_of_two_cells_is_enough():
    _, found, target = looked_for(lambda age, dose, site: -1.0 + 0 * age)
    assert found.changes == ()
    assert found.code == target
    assert found.tried > 42


def test_empty_cells_and_cells_that_are_no_numbers_stay_as_they_are():
    _, found, _ = looked_for(lambda age, dose, site: np.nan_to_num(age) + dose / 100 - 35, age="")
    assert found.changes == ()
    _, found, _ = looked_for(lambda age, dose, site: np.where(np.isnan(age), -1, age), age="about 30", dose="", site="")
    assert found is None


def test_with_very_many_columns_only_some_changes_are_tried():
    names = [f"c{number}" for number in range(200)]
    frame = pd.DataFrame({name: [str(value) for value in range(5)] for name in names})
    table = Tabular(columns=tuple(names), categorical=()).settle(Cells(frame, Path()))
    values = {"table": table.values_in(table.read(Cells(frame, Path())))}
    given = Cells(frame.iloc[[0]], Path())

    class Firm(Scored):
        def predict_samples(self, samples):
            self.asked.append(len(samples))
            return np.tile([0.9, 0.1], (len(samples), 1))

    model = Firm(None, table)
    found = counterfactual(model, {"table": given}, Samples({"table": table.read(given)}), values, 0)
    assert model.asked[0] == ROWS
    assert found.tried == sum(model.asked) <= ROWS + 4 * len(list(combinations(range(6), 2)))
