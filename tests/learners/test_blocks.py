"""What is derived is kept by content: two inputs of one kind never share it, even where both are missing."""

import numpy as np
import pandas as pd

from polysight.data.samples import Samples
from polysight.data.view import Cells
from polysight.learners.blocks import derived_name, with_derived
from polysight.modalities.series.features import SeriesStatistics
from polysight.modalities.series.modality import Series


def test_inputs_that_are_missing_altogether_do_not_share_what_is_derived(tmp_path, monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path / "cache"))
    cells = Cells(pd.DataFrame({"one": ["[1, 2]", "[3, 4]"], "two": ["[[1, 2]]", "[[3, 4]]"]}), tmp_path)
    views = {name: Series(columns=(name,)).settle(cells).read(cells) for name in ("one", "two")}
    samples = Samples({name: view.hide(np.ones(2, dtype=bool)) for name, view in views.items()})
    features = SeriesStatistics()
    derived = with_derived(samples, {"one": [features], "two": [features]})
    widths = {name: view.derived[derived_name(features)].shape[1] for name, view in derived.views.items()}
    assert widths == {"one": 19, "two": 38}
