import pytest
from hypothesis import given
from hypothesis import strategies as st

from polysight.modalities.text.words import count_unspaced, normalised, runs, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Steel WATCH, 3.5mm x 1,000", ["steel", "watch", "3.5", "mm", "x", "1,000"]),
        ("don't stop.Now", ["don't", "stop", "now"]),
        ("snake_case e-mail", ["snake", "case", "e", "mail"]),
        ("防水手表。很好", ["防", "水", "手", "表", "很", "好"]),
        ("iPhone手机壳 2个", ["iphone", "手", "机", "壳", "2", "个"]),
        ("ＡＢＣ１２ ﬁne", ["abc12", "fine"]),
        ("ひらがなカナ", list("ひらがなカナ")),
        ("한국어 단어", ["한국어", "단어"]),
        ("हिन्दी शब्द", ["हिन्दी", "शब्द"]),
        ("Straße ÉCOLE", ["strasse", "école"]),
        ("e\u0301cole", ["école"]),
        (" -- !!! ", []),
        ("", []),
    ],
)
def test_words_of_many_scripts(text, expected):
    assert words(text) == expected


def test_runs_keep_unspaced_characters_together():
    assert runs("Watch 防水手表, 很好") == ["watch", "防水手表", "很好"]


def test_unspaced_characters_are_counted():
    assert count_unspaced("手表 watch 很好") == 4


@given(st.text())
def test_words_and_runs_hold_the_same_characters_in_the_same_order(text):
    assert "".join(words(text)) == "".join(runs(text))
    assert all(word and not any(c.isspace() for c in word) for word in words(text))


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_case_and_width_do_not_matter(text):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert words(text.upper()) == words(text) == words(wide)


@given(st.text())
def test_every_letter_and_digit_is_in_a_word(text):
    kept = {c for c in normalised(text) if c.isalnum()}
    assert kept <= set("".join(words(text)))
