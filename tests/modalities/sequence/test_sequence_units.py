"""Frames of sequences: those that are hidden are taken out."""

import numpy as np

from polysight.data.view import View
from polysight.modalities.sequence.modality import Sequence


def row_of(*lengths, frames=6, side=8):
    rng = np.random.default_rng(0)
    pixels = np.zeros((1, len(lengths), frames, side, side, 3), dtype=np.uint8)
    for slot, length in enumerate(lengths):
        pixels[0, slot, :length] = rng.integers(1, 256, (length, side, side, 3))
    lengths = np.array([lengths], dtype=np.int32)
    return View({"frames": pixels, "length": lengths}, lengths > 0, np.array([b"k" * 32]))


def test_the_frames_that_are_left_move_together():
    row = row_of(4)
    units = Sequence(columns=("clip",), frames=6, size=8).units(row)
    assert units.labels == ("frame 1", "frame 2", "frame 3", "frame 4")
    hidden = units.hidden(np.array([[True, False, True, True], [False] * 4]))
    np.testing.assert_array_equal(hidden.arrays["frames"][0, 0, :3], row.arrays["frames"][0, 0, [0, 2, 3]])
    assert not hidden.arrays["frames"][0, 0, 3:].any()
    assert hidden.arrays["length"].tolist() == [[3], [0]]
    assert hidden.present.tolist() == [[True], [False]]
    assert not hidden.arrays["frames"][1].any()


def test_many_frames_are_taken_a_few_together():
    units = Sequence(columns=("clip",), frames=100, size=8).units(row_of(100, frames=100))
    assert len(units) == 32
    assert units.labels[0] == "frames 1-3"
    assert units.labels[-1].endswith("-100")
    hidden = units.hidden(~np.eye(32, dtype=bool)[:1])
    assert hidden.arrays["length"].tolist() == [[97]]


def test_columns_that_hold_one_frame_each_are_left_out():
    row = row_of(1, 0, 1, frames=1)
    units = Sequence(columns=("front", "side", "back"), frames=1, size=8).units(row)
    assert units.labels == ("front: frame 1", "back: frame 1")
    hidden = units.hidden(np.array([[False, True]]))
    assert hidden.present.tolist() == [[False, False, True]]
    np.testing.assert_array_equal(hidden.arrays["frames"][0, 2], row.arrays["frames"][0, 2])


def test_the_picture_is_a_film_strip():
    row = row_of(2, 1)
    units = Sequence(columns=("left", "right"), frames=6, size=8).units(row)
    assert units.picture.shape == (8, 24, 3)
    np.testing.assert_array_equal(units.picture[:, 16:], row.arrays["frames"][0, 1, 0])
    np.testing.assert_array_equal(units.outline[0], np.repeat([0, 1, 2], 8))
