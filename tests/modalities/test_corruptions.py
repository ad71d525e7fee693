"""Corruptions: worse with severity, the same for the same seed, and nothing where nothing is."""

import numpy as np
import pytest

from polysight.data.view import MISSING_KEY, View, content_key
from polysight.modalities import MODALITIES
from polysight.modalities.corruption import SEVERITIES, corrupted

ROWS, GONE = 40, 4


def spans(rng, most):
    return rng.integers(most // 2, most + 1, size=(ROWS, 1)).astype(np.int32)


def table(rng):
    return {
        "numbers": rng.normal(size=(ROWS, 5)),
        "categories": rng.choice(["red", "green", "blue"], size=(ROWS, 3)).astype(object),
    }


def texts(rng):
    sentences = [" ".join(rng.choice(["steel", "watch", "防水", "red", "3.5"], size=20)) for _ in range(ROWS)]
    return {"text": np.array(sentences, dtype=object)[:, None]}


def clouds(rng):
    points = rng.normal(size=(ROWS, 1, 60, 3)).astype(np.float32)
    place = np.ones((ROWS, 1, 5), dtype=np.float32)
    return {"points": points, "values": points[..., 0].copy(), "place": place}


ARRAYS = {
    "image": lambda rng: {"pixels": rng.integers(60, 200, (ROWS, 1, 16, 16, 3), dtype=np.uint8)},
    "text": texts,
    "audio": lambda rng: {
        "logmel": -rng.uniform(5, 80, (ROWS, 1, 8, 40)).astype(np.float16),
        "length": spans(rng, 40),
    },
    "series": lambda rng: {"values": rng.normal(size=(ROWS, 1, 2, 50)).astype(np.float32), "length": spans(rng, 50)},
    "tabular": table,
    "sequence": lambda rng: {
        "frames": rng.integers(1, 255, (ROWS, 1, 20, 4, 4, 3), dtype=np.uint8),
        "length": spans(rng, 20),
    },
    "volume": lambda rng: {"voxels": rng.integers(60, 200, (ROWS, 1, 12, 6, 6), dtype=np.uint8)},
    "points": clouds,
}
BLANKS = {"text": {"text": ""}, "tabular": {"numbers": np.nan, "categories": ""}}
CASES = [(kind, name) for kind in ARRAYS for name in MODALITIES.load(kind).corruptions]


def view_of(kind):
    rng = np.random.default_rng(0)
    keys = np.array([content_key([kind, str(row)]) for row in range(ROWS)])
    whole = View(ARRAYS[kind](rng), np.ones((ROWS, 1), dtype=bool), keys, blanks=BLANKS.get(kind, {}))
    return whole.hide(np.arange(ROWS) == GONE)


def worse(kind, name, severity, seed=0):
    return corrupted(view_of(kind), name, MODALITIES.load(kind).corruptions[name], severity, seed=seed)


def changed_cells(kind, view):
    """How much of each array is not what it was."""
    clean = view_of(kind)
    rows = np.delete(np.arange(ROWS), GONE)

    def distance(name):
        a, b = clean.arrays[name][rows], view.arrays[name][rows]
        if a.dtype == object:
            return np.mean([len(x) - len(y) if kind == "text" else x != y for x, y in zip(a.flat, b.flat, strict=True)])
        return np.mean(np.abs(np.nan_to_num(a.astype(float), nan=9.0) - np.nan_to_num(b.astype(float), nan=9.0)))

    return sum(distance(name) for name in clean.arrays)


def test_every_modality_says_how_its_cells_get_worse():
    assert {kind for kind, _ in CASES} == set(MODALITIES)


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_a_corruption_is_worse_with_severity_and_the_same_for_the_same_seed(kind, name):
    views = [worse(kind, name, severity) for severity in SEVERITIES]
    amounts = [changed_cells(kind, view) for view in views]
    assert 0 < amounts[0] < amounts[1] < amounts[2]
    again, other = worse(kind, name, 3), worse(kind, name, 3, seed=1)
    for key, array in views[2].arrays.items():
        np.testing.assert_array_equal(again.arrays[key], array)
        assert array.dtype == view_of(kind).arrays[key].dtype
        assert array.shape == view_of(kind).arrays[key].shape
    assert list(again.keys) == list(views[2].keys)
    assert not set(other.keys.tolist()) & set(again.keys.tolist()) - {MISSING_KEY}


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_what_is_absent_stays_absent_and_the_view_given_stays_as_it_is(kind, name):
    view = view_of(kind)
    change = MODALITIES.load(kind).corruptions[name]
    result = corrupted(view, name, change, 3)
    assert not result.present[GONE].any()
    assert result.present.sum() == ROWS - 1
    assert result.keys[GONE] == MISSING_KEY
    for key, array in view_of(kind).arrays.items():
        np.testing.assert_array_equal(result.arrays[key][GONE], array[GONE])
        np.testing.assert_array_equal(view.arrays[key], array)


def test_a_row_of_a_table_never_loses_its_last_cell():
    rng = np.random.default_rng(0)
    numbers = np.where(rng.random((ROWS, 5)) < 0.8, np.nan, 1.0)
    numbers[:, 0] = 1.0
    change = MODALITIES.load("tabular").corruptions["drop"]
    arrays = {"numbers": numbers, "categories": np.full((ROWS, 1), "", dtype=object)}
    dropped = change(arrays, np.ones((ROWS, 1), dtype=bool), 3, rng)["numbers"]
    assert (~np.isnan(dropped)).any(axis=1).all()
    assert np.isnan(dropped).sum() > np.isnan(numbers).sum()


def test_columns_keep_their_cells_when_they_are_dealt_out_anew():
    clean, mixed = view_of("tabular"), worse("tabular", "permute", 3)
    rows = np.delete(np.arange(ROWS), GONE)
    for key, array in clean.arrays.items():
        np.testing.assert_array_equal(np.sort(mixed.arrays[key][rows], axis=0), np.sort(array[rows], axis=0))


def test_a_frozen_picture_and_lost_frames():
    clean, frozen, lost = view_of("sequence"), worse("sequence", "freeze", 3), worse("sequence", "frame_drop", 3)
    length = int(clean.arrays["length"][0, 0])
    assert len(np.unique(frozen.arrays["frames"][0, 0, length // 2 : length], axis=0)) == 1
    left = int(lost.arrays["length"][0, 0])
    assert left == round(0.4 * length)
    shown = [frame.tobytes() for frame in lost.arrays["frames"][0, 0, :left]]
    original = [frame.tobytes() for frame in clean.arrays["frames"][0, 0, :length]]
    assert [original.index(frame) for frame in shown] == sorted(original.index(frame) for frame in shown)
    assert not lost.arrays["frames"][0, 0, left:].any()


def test_noise_in_a_sound_leaves_its_loudest_point_at_zero():
    view = worse("audio", "noise", 3)
    length = int(view.arrays["length"][0, 0])
    assert view.arrays["logmel"][0, 0, :, :length].max() == 0
    clean = view_of("audio").arrays["logmel"][0, 0, :, length:]
    np.testing.assert_array_equal(view.arrays["logmel"][0, 0, :, length:], clean)
