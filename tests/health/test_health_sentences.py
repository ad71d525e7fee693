"""Sentences: languages hold the same codes, facts and words; hostile facts stay text."""

import string

import pytest

from polysight.core.errors import ConfigError
from polysight.health.sentences import SENTENCES, WORDS, sentence


def facts(text):
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


def test_every_language_says_the_same():
    for lang, table in SENTENCES.items():
        assert set(table) == set(SENTENCES["en"])
        assert set(WORDS[lang]) == set(WORDS["en"])
        for code, (message, fix) in table.items():
            english = SENTENCES["en"][code]
            assert facts(message) == facts(english[0]), code
            assert facts(fix) == facts(english[1]), code
            assert bool(fix) == bool(english[1]), code


def test_what_passes_needs_no_fix_and_everything_else_has_one():
    for code, (_, fix) in SENTENCES["en"].items():
        assert bool(fix) != code.endswith((".pass", ".coarse", ".few", ".weak")), code


def test_lists_are_told_shortly_and_in_words():
    told = [(f"col{i}", "camera", f"{i}%") for i in range(7)]
    assert "col0 (camera or software 0%)" in sentence("en", "file_metadata.found", {"told": told})[0]
    message = sentence("zh", "file_metadata.found", {"told": told})[0]
    assert "col4 (相机或软件 4%) (+2)" in message
    assert sentence("en", "missingness.found", {"told": [["a", "", ""]]})[0].endswith(
        "tells the label: a of the way from chance to perfect."
    )


def test_facts_are_never_templates():
    message, fix = sentence("en", "id_columns.found", {"columns": "{0.__class__}", "options": "{x}"})
    assert "{0.__class__}" in message
    assert fix.endswith("{x}")


def test_an_unknown_language_is_told():
    with pytest.raises(ConfigError, match="no words in 'de'"):
        sentence("de", "broken", {"error": ""})
