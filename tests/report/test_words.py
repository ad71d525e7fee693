"""Words: the languages hold the same keys and the same facts."""

import string

import pytest

from polysight.evaluation.metrics import METRICS
from polysight.report.words import LANGUAGES, words


def facts(text):
    return sorted({field for _, field, _, _ in string.Formatter().parse(text) if field})


@pytest.mark.parametrize("lang", sorted(set(LANGUAGES) - {"en"}))
def test_a_language_has_the_keys_and_facts_of_english(lang):
    english, other = LANGUAGES["en"], LANGUAGES[lang]
    assert set(other) == set(english)
    assert {key: facts(text) for key, text in other.items()} == {key: facts(text) for key, text in english.items()}


def test_every_metric_has_a_name_and_a_meaning():
    for lang in LANGUAGES:
        for name in METRICS:
            assert words(lang)(f"metric_{name}")
            assert words(lang)(f"about_{name}")


def test_names_of_others_stay_as_they_are():
    assert words("en").known("part", "fold of my own") == "fold of my own"
    assert words("en").only("image only") == "image only"
    assert words("zh").without("without image") == "缺少 image"
