import numpy as np

from polysight.modalities.tabular.augment import column_dropout
from polysight.modalities.tabular.coding import MISSING, OTHER
from polysight.modalities.tabular.modality import Tabular

SHAPE = (400, 5)
ARRAYS = {
    "numbers": np.ones(SHAPE, dtype=np.float32),
    "missing": np.zeros(SHAPE, dtype=bool),
    "categories": np.full(SHAPE, 7),
}


def test_a_tenth_of_the_cells_is_hidden_and_says_so():
    hidden = column_dropout(ARRAYS, np.random.default_rng(0))
    assert 0.08 < hidden["missing"].mean() < 0.12
    np.testing.assert_array_equal(hidden["missing"], hidden["numbers"] == 0)
    changed = hidden["categories"] != 7
    assert 0.08 < changed.mean() < 0.12
    assert set(hidden["categories"][changed]) == {MISSING, OTHER}


def test_none_means_all_augmentations_and_empty_means_none():
    assert Tabular().augmented(ARRAYS, np.random.default_rng(0))["missing"].any()
    assert Tabular(augment=()).augmented(ARRAYS, np.random.default_rng(0)) is ARRAYS
