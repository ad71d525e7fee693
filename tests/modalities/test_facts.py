"""Facts of every modality: what is declared can be measured, is NaN where a cell is missing, and means what it says."""

import numpy as np
import pytest

from polysight.data.view import View
from polysight.modalities import MODALITIES
from polysight.modalities.audio.modality import Audio
from polysight.modalities.facts import Fact
from polysight.modalities.image.modality import Image
from polysight.modalities.points.modality import Points
from polysight.modalities.sequence.modality import Sequence
from polysight.modalities.series.modality import Series
from polysight.modalities.tabular.modality import Tabular
from polysight.modalities.text.modality import Text
from polysight.modalities.volume.modality import Volume

KEYS = np.array([b"1", b"2", b"3"])
#: The third row has nothing.
PRESENT = np.array([[True], [True], [False]])


def view(blanks=None, **arrays):
    return View(arrays, PRESENT, KEYS, blanks=blanks or {})


def pixels():
    values = np.zeros((3, 1, 8, 8, 3), dtype=np.uint8)
    values[0] = 255
    values[1, :, :4, :, 0] = 255
    return values


def an_image():
    return Image(columns=("c",), size=8), view(pixels=pixels())


def a_volume():
    voxels = pixels()[..., 0].repeat(2, axis=1).reshape(3, 1, 2, 8, 8)
    extent = np.array([[[4.0, 30.0, 20.0]]] * 3, dtype=np.float32)
    return Volume(columns=("c",), shape=(4, 8, 8)), view(voxels=voxels, extent=extent, cell=extent)


def a_sequence():
    frames = np.zeros((3, 1, 3, 8, 8, 3), dtype=np.uint8)
    frames[1, 0, 1] = 255
    return Sequence(columns=("c",), frames=3, size=8), view(frames=frames, length=np.array([[1], [2], [0]]))


def a_sound():
    modality = Audio(columns=("c",), rate=8000, seconds=1.0, bands=8, frames=20)
    logmel = np.full((3, 1, 8, 20), -80.0, dtype=np.float16)
    logmel[0, 0, 1], logmel[1, 0, 6, :10] = 0, 0
    return modality, view(logmel=logmel, length=np.array([[20], [10], [0]]))


def a_series():
    values = np.array([[[[1.0, 3, 0]]], [[[2.0, 2, 2]]], [[[0.0, 0, 0]]]], dtype=np.float32)
    modality = Series(columns=("c",), channels=("x",), interval=1.0, steps=3)
    return modality, view(values=values, length=np.array([[2], [3], [0]]))


def a_cloud():
    points = np.random.default_rng(0).normal(size=(3, 1, 32, 3)).astype(np.float32)
    points[1, ..., 2] = 0
    place = np.tile(np.array([0, 0, 0, 2.0, 500], dtype=np.float32), (3, 1, 1))
    return Points(columns=("c",), count=32), view(points=points, place=place, values=points[..., 0])


def a_text():
    text = np.array([["Red shoes, red soles"], ["blue shoes"], [""]], dtype=object)
    return Text(columns=("c",)), view(text=text)


def a_table():
    modality = Tabular(columns=("n", "c"), categorical=("c",))
    numbers = np.array([[1.5], [np.nan], [np.nan]])
    return modality, view(numbers=numbers, categories=np.array([["a"], ["b"], [""]], dtype=object))


ALL = [an_image, a_volume, a_sequence, a_sound, a_series, a_cloud, a_text, a_table]


@pytest.mark.parametrize("made", ALL, ids=lambda made: made.__name__)
def test_what_is_declared_can_be_measured(made):
    modality, cells = made()
    facts = modality.facts(cells)
    assert facts
    assert len(set(facts)) == len(facts)
    for fact in facts:
        values = modality.measured(cells, fact)
        assert values.shape == (3,)
        assert np.isnan(values[2])
        assert not np.isinf(values).any()
        assert Fact.from_json(fact.to_json()) == fact
        if fact.yes_no:
            assert set(values[:2]) <= {0.0, 1.0}


def test_every_modality_is_among_them():
    assert {made()[0].kind for made in ALL} == set(MODALITIES)


@pytest.mark.parametrize(
    ("made", "fact", "expected"),
    [
        (an_image, Fact("brightness", "c"), [100, 100 / 6]),
        (an_image, Fact("contrast", "c"), [0, 100 * np.sqrt(5) / 6]),
        (an_image, Fact("colourfulness", "c"), [0, 50]),
        (a_volume, Fact("brightness", "c"), [100, 50]),
        (a_volume, Fact("width", "c"), [20, 20]),
        (a_sequence, Fact("frames", "c"), [1, 2]),
        (a_sequence, Fact("brightness", "c"), [0, 50]),
        (a_sequence, Fact("motion", "c"), [0, 100]),
        (a_sound, Fact("duration", "c"), [1.0, 0.5]),
        (a_series, Fact("level", "c", "x"), [2, 2]),
        (a_series, Fact("spread", "c", "x"), [1, 0]),
        (a_series, Fact("steps", "c"), [2, 3]),
        (a_cloud, Fact("points", "c"), [500, 500]),
        (a_text, Fact("words", "c"), [4, 2]),
        (a_text, Fact("contains", "c", "red"), [1, 0]),
        (a_table, Fact("number", "n"), [1.5, np.nan]),
        (a_table, Fact("is", "c", "b", yes_no=True), [0, 1]),
    ],
    ids=lambda value: getattr(value, "measure", ""),
)
def test_a_fact_means_what_it_says(made, fact, expected):
    modality, cells = made()
    np.testing.assert_allclose(modality.measured(cells, fact)[:2], expected, rtol=1e-6)


def test_a_high_sound_has_a_higher_pitch_and_a_plane_is_thin():
    modality, cells = a_sound()
    low, high, _ = modality.measured(cells, Fact("pitch", "c"))
    assert 60 < low < 1500 < high < 4000
    modality, cells = a_cloud()
    ball, plane, _ = modality.measured(cells, Fact("thickness", "c"))
    assert ball > 50
    assert plane < 1e-3


def test_words_and_levels_that_hardly_occur_are_not_asked_after():
    text = np.array([[f"same word{i} {'often' if i % 2 else ''}"] for i in range(60)], dtype=object)
    cells = View({"text": text}, np.ones((60, 1), dtype=bool), np.full(60, b"k"))
    asked = {fact.value for fact in Text(columns=("c",)).facts(cells)}
    assert asked == {"", "often"}
    names = np.array([["usual" if i else "once"] for i in range(60)], dtype=object)
    cells = View({"numbers": np.empty((60, 0)), "categories": names}, np.ones((60, 1), dtype=bool), np.full(60, b"k"))
    assert [fact.value for fact in Tabular(columns=("c",), categorical=("c",)).facts(cells)] == ["usual"]


def test_each_slot_has_facts_of_its_own():
    both = np.concatenate([pixels(), pixels()[::-1]], axis=1)
    cells = View({"pixels": both}, np.array([[True, True], [True, False], [False, True]]), KEYS)
    modality = Image(columns=("left", "right"), size=8)
    assert {fact.column for fact in modality.facts(cells)} == {"left", "right"}
    right = modality.measured(cells, Fact("brightness", "right"))
    np.testing.assert_allclose(right, [0, np.nan, 100])
