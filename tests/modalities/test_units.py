"""Units whatever the modality: labels, runs, coalitions, and content keys that no cache mistakes."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image as Picture

from polysight.data.samples import Samples
from polysight.data.view import MISSING_KEY, Cells
from polysight.learners.blocks import with_derived
from polysight.modalities.base import Modality
from polysight.modalities.image.features import Hog
from polysight.modalities.image.modality import Image
from polysight.modalities.tabular.modality import Tabular
from polysight.modalities.units import Whole, in_runs, numbered, titled


def tabular_row(**values):
    frame = pd.DataFrame({name: [value] for name, value in values.items()})
    modality = Tabular(columns=tuple(values), categorical=("site",))
    return modality, modality.read(Cells(frame, Path()))


def test_labels_become_unique_whatever_they_are():
    labels = numbered(["a", "a 2", "a", "a", "b"])
    assert labels[0] == "a"
    assert len(set(labels)) == 5


@pytest.mark.parametrize(("count", "most"), [(1, 1), (7, 3), (5, 9), (64, 32), (0, 4)])
def test_runs_cover_everything_once_and_are_all_but_equally_long(count, most):
    runs = in_runs(count, most)
    assert [place for run in runs for place in run] == list(range(count))
    assert len(runs) == min(count, most)
    assert max(map(len, runs), default=0) - min(map(len, runs), default=0) <= 1


def test_only_inputs_of_several_columns_say_which():
    assert titled(("front",), 0, "upper left") == "upper left"
    assert titled(("front", "back"), 1, "upper left") == "back: upper left"


def test_coalitions_of_other_parts_are_refused():
    modality, row = tabular_row(age="31", site="north")
    units = modality.units(row)
    with pytest.raises(ValueError, match="coalition, 2"):
        units.hidden(np.ones((1, 3), dtype=bool))
    assert len(units.hidden(np.ones((0, 2), dtype=bool))) == 0


def test_a_modality_that_says_nothing_has_no_units():
    modality, row = tabular_row(age="31", site="north")
    units = Modality.units_there(modality, row)
    assert isinstance(units, Whole)
    assert len(units) == 0
    assert units.heat(np.zeros(0)) is None
    hidden = units.hidden(np.ones((3, 0), dtype=bool))
    np.testing.assert_array_equal(hidden.arrays["numbers"], [[31]] * 3)
    assert (hidden.keys == row.keys[0]).all()


def test_a_row_of_which_nothing_is_left_is_like_an_empty_one():
    modality, row = tabular_row(age="31", site="north")
    hidden = modality.units(row).hidden(np.zeros((1, 2), dtype=bool))
    assert hidden.keys[0] == MISSING_KEY
    assert not hidden.any_present[0]


def test_what_was_computed_of_a_row_is_not_taken_for_it_with_parts_hidden(tmp_path, monkeypatch):
    monkeypatch.setenv("POLYSIGHT_CACHE", str(tmp_path / "cache"))
    Picture.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)).save(tmp_path / "a.png")
    modality = Image(columns=("photo",), size=32)
    row = modality.read(Cells(pd.DataFrame({"photo": ["a.png"]}), tmp_path))
    whole = with_derived(Samples({"photo": row}), {"photo": [Hog()]}).views["photo"]
    units = modality.units(whole)
    shown = np.ones((3, len(units)), dtype=bool)
    shown[1, 0] = shown[2, 1] = False
    for _ in range(2):  # computed, then found in the cache
        hidden = with_derived(Samples({"photo": units.hidden(shown)}), {"photo": [Hog()]}).views["photo"]
        (found,) = hidden.derived.values()
        np.testing.assert_allclose(found, Hog().derive(hidden), atol=1e-6)
        np.testing.assert_array_equal(found[:1], next(iter(whole.derived.values())))
        assert not np.allclose(found[1], found[0])
        assert not np.allclose(found[1], found[2])
    assert len(set(hidden.keys.tolist())) == 3
