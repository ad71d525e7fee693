"""Words of texts: in any script, taken out without making new ones, a few together where there are many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.data.view import View
from polysight.modalities.text.modality import Text
from polysight.modalities.text.units import MOST
from polysight.modalities.text.words import words


def units_of(*texts):
    text = np.array([list(texts)], dtype=object)
    row = View({"text": text}, text != "", np.array([b"k" * 32]), blanks={"text": ""})
    return Text(columns=tuple(f"t{i}" for i in range(len(texts)))).units(row)


def left(units, *kept):
    shown = np.isin(np.arange(len(units)), kept)[None]
    return units.hidden(shown).arrays["text"][0]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Red steel-watch, 3.5 mm!", ("Red", "steel", "watch", "3.5", "mm")),
        ("防水手表 ok", ("防", "水", "手", "表", "ok")),
        ("so, so good", ("so", "so 2", "good")),
        ("!!!", ("!!!",)),
        ("", ()),
    ],
)
def test_labels_are_the_words_as_they_are_written(text, labels):
    assert units_of(text).labels == labels


def test_a_word_goes_with_what_stands_behind_it_and_neighbours_stay_apart():
    units = units_of("(Red) watch, 防水手表。")
    assert words(left(units, 0, 2, 3, 4, 5)[0]) == ["red", "防", "水", "手", "表"]
    assert "," not in left(units, 0, 2)[0]
    assert left(units, 2, 4)[0].split() == ["防", "手"]


@given(st.text(max_size=60))
def test_showing_all_keeps_every_character_and_showing_none_leaves_nothing(text):
    units = units_of(text if text.strip() else "word")
    everything = left(units, *range(len(units)))
    assert everything[0] == (text if text.strip() else "word")
    nothing = units.hidden(np.zeros((1, len(units)), dtype=bool))
    assert nothing.arrays["text"][0, 0] == ""
    assert not nothing.present[0, 0]


@given(st.lists(st.sampled_from(["red", "blue", "3.5", "手", "表", "it's"]), min_size=1, max_size=30), st.data())
def test_what_is_shown_is_read_as_those_words(chosen, data):
    units = units_of(" ".join(chosen))
    kept = data.draw(st.sets(st.integers(0, len(chosen) - 1)))
    assert words(left(units, *kept)[0]) == [chosen[place] for place in sorted(kept)]


def test_long_texts_have_runs_of_words():
    units = units_of(" ".join(f"w{i}" for i in range(300)))
    assert len(units) == MOST
    assert units.labels[0].split() == [f"w{i}" for i in range(len(units.labels[0].split()))]
    assert " ".join(units.labels) == " ".join(f"w{i}" for i in range(300))


def test_two_texts_are_told_apart_and_one_may_be_left_without_words():
    units = units_of("red watch", "red lamp")
    assert units.labels == ("t0: red", "t0: watch", "t1: red", "t1: lamp")
    hidden = units.hidden(np.array([[True, False, False, False]]))
    assert hidden.present.tolist() == [[True, False]]
    assert hidden.arrays["text"][0].tolist()[1] == ""
    assert units_of("", "lamp").labels == ("t1: lamp",)
