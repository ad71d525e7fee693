"""Slices of scans, hidden by what there is most of."""

import numpy as np

from polysight.data.view import View
from polysight.modalities.volume.modality import Volume


def row_of(slices, present=(True,)):
    voxels = np.full((1, len(present), slices, 8, 8), 30, dtype=np.uint8)
    voxels[0, :, 1, 2:6, 2:6] = 200
    voxels[0, ~np.array(present)] = 0
    size = np.ones((1, len(present), 3), dtype=np.float32)
    arrays = {"voxels": voxels, "cell": size, "extent": size}
    return View(arrays, np.array([present]), np.array([b"k" * 32]))


def test_a_hidden_slice_has_nothing_to_be_seen():
    row = row_of(6)
    units = Volume(columns=("scan",), shape=(6, 8, 8)).units(row)
    assert units.labels == tuple(f"slice {i}" for i in range(1, 7))
    hidden = units.hidden(~np.eye(6, dtype=bool)[1:2])
    assert (hidden.arrays["voxels"] == 30).all()
    assert hidden.any_present.all()
    np.testing.assert_array_equal(hidden.arrays["cell"], row.arrays["cell"])


def test_many_slices_are_taken_a_few_together_and_absent_scans_have_none():
    units = Volume(columns=("ct", "mr"), shape=(48, 8, 8)).units(row_of(48, (False, True)))
    assert len(units) == 32
    assert all(label.startswith("mr: slice") for label in units.labels)
    hidden = units.hidden(np.zeros((1, 32), dtype=bool)).arrays["voxels"][0]
    assert (hidden[0] == 0).all()
    assert (hidden[1] == 30).all()
