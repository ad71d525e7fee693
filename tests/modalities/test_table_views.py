from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from polysight.modalities.inference import infer
from polysight.modalities.table_views import table_views

EMBEDDING = [f"embedding_{i}" for i in range(6)]
SHAPE = [f"shape.{i:03d}" for i in range(5)]


def test_numbered_columns_of_one_name_are_a_view():
    assert table_views([*EMBEDDING, "age", *SHAPE]) == {"embedding": tuple(EMBEDDING), "shape": tuple(SHAPE)}


def test_few_numbered_columns_are_none():
    assert table_views(["visit_1", "visit_2", "visit_3", "visit_4", "age"]) == {}


def test_a_table_that_is_one_view_stays_as_it_is():
    assert table_views(EMBEDDING) == {}
    assert table_views(EMBEDDING, others=["sex"]) == {"embedding": tuple(EMBEDDING)}


def test_too_many_views_stay_one_table():
    assert table_views([f"{stem}{i}" for stem in "abcdefghi" for i in range(5)]) == {}


def test_names_without_a_stem_are_no_view():
    assert table_views([str(i) for i in range(10)] + ["age"]) == {}


def test_views_become_inputs_of_their_own():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(40, 11)).round(3), columns=[*EMBEDDING, *SHAPE])
    table["sex"] = rng.choice(["f", "m"], 40)
    inputs = infer(table, pd.Series(rng.choice(["a", "b"], 40)), Path()).inputs
    assert list(inputs) == ["embedding", "shape", "table"]
    assert inputs["embedding"].columns == tuple(EMBEDDING)
    assert inputs["table"].columns == ("sex",)
    assert inputs["table"].categorical == ("sex",)
