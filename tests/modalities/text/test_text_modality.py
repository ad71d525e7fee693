from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from polysight.core.config import build
from polysight.core.errors import ConfigError, NotFittedError
from polysight.data.view import Cells
from polysight.modalities import MODALITIES
from polysight.modalities.text.modality import Text


def view_of(cells, **options):
    text = Text(columns=("note",), **options)
    return text, text.read(Cells(pd.DataFrame({"note": pd.Series(cells, dtype=object)}), Path()))


def test_the_vocabulary_is_ranked_by_frequency_then_code_point():
    text, view = view_of(["b a c", "c b", "a z 表", ""])
    assert text.fit(view).vocabulary == ("a", "b", "c", "z", "表")


def test_the_vocabulary_keeps_the_most_frequent_words():
    text, view = view_of(["b a c", "c b", "c"], max_words=2)
    assert text.fit(view).vocabulary == ("c", "b")


def test_words_become_numbers_with_padding_and_unknown():
    text, train = view_of(["a b b"], max_length=4)
    _, new = view_of(["a x b", "", "b b b b a"], max_length=4)
    ids = text.fit(train).transform(new)["ids"]
    assert ids.dtype == np.int64
    np.testing.assert_array_equal(ids[:, 0], [[3, 1, 2, 0], [0, 0, 0, 0], [2, 2, 2, 2]])


def test_several_columns_share_a_vocabulary_and_keep_their_slots():
    text = Text(columns=("title", "note"), max_length=3)
    view = text.read(Cells(pd.DataFrame({"title": ["a", None], "note": ["b a", "b"]}), Path()))
    np.testing.assert_array_equal(view.present, [[True, True], [False, True]])
    ids = text.fit(view).transform(view)["ids"]
    np.testing.assert_array_equal(ids, [[[2, 0, 0], [3, 2, 0]], [[0, 0, 0], [3, 0, 0]]])


def test_a_text_is_kept_as_written_and_a_number_is_a_text_too():
    _, view = view_of(["  ＡＢ\n", 3.5])
    assert view.arrays["text"].tolist() == [["  ＡＢ\n"], ["3.5"]]


def test_half_a_character_is_a_problem_not_a_crash():
    _, view = view_of(["fine", "half \ud800"])
    assert view.present[:, 0].tolist() == [True, False]
    (problem,) = view.problems
    assert (problem.row, problem.column, problem.code) == (1, "note", "bad_text")


def test_transform_before_fit_says_so():
    text, view = view_of(["a"])
    with pytest.raises(NotFittedError, match="fit"):
        text.transform(view)


def test_options_are_checked():
    with pytest.raises(ConfigError, match="max_words"):
        Text(max_words=0)
    with pytest.raises(ConfigError, match="word_dropout"):
        Text(augment=("word_dropuot",))
    with pytest.raises(ConfigError, match="max_length"):
        build(MODALITIES, {"kind": "text", "max_lenght": 3})


TITLES = [f"{a} {b} steel watch for {c}" for a in ("Fossil", "Titan") for b in ("round", "square") for c in "abcdefgh"]
REVIEWS = [f"这款{thing}质量{how}，我非常喜欢" for thing in ("手表", "毛巾", "台灯") for how in "好差妙佳"]


@pytest.mark.parametrize(
    ("column", "low", "high"),
    [
        (TITLES, 0.8, 1),
        (REVIEWS, 0.8, 1),
        (["Home Decor & Festive Needs", "Kitchen and Dining at Home"] * 20, 0, 0.3),
        (["red", "blue", "green"] * 10, 0, 0.1),
        ([f"brand {i}" for i in range(30)], 0, 0.35),
        (["电子产品", "家居用品", "书"] * 10, 0, 0.3),
        ([f"my photos/the red one {i}.jpg" for i in range(30)], 0, 0),
        ([f"2024-01-{i:02d} 10:00:00 +00:00" for i in range(1, 29)], 0, 0),
        ([f"{i}.5 1,000 7" for i in range(30)], 0, 0),
        (["a long sentence of more than a dozen words that comes back again number " + w for w in TITLES] * 5, 0.8, 1),
        ([1.0, 2.0, None], 0, 0),
        ([None, None], 0, 0),
    ],
)
def test_free_text_is_told_from_categories_names_numbers_and_paths(column, low, high):
    assert low <= Text.sniff(pd.Series(column), Path()).score <= high
