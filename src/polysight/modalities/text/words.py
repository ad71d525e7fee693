"""Words: any text as a list of words, without a dictionary and without a trained segmenter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

# Scripts written without blanks between words: each character is a word of its own, and n-grams of them
# do the work of a segmenter (Chinese, Japanese, Thai, Lao, Khmer, Burmese).
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_UNSPACED = _HAN + "\u3041-\u30ff\u0e01-\u0eff\u1780-\u17dd\u1000-\u104f"
# Vowel signs and accents that Python's ``\w`` leaves out: without them Hindi or Arabic words fall to pieces.
_MARKS = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W_]|[{_MARKS}])"

_NUMBER = r"\d+(?:[.,]\d+)+"
_WORD = re.compile(rf"{_NUMBER}|{_LETTER}+(?:['’]{_LETTER}+)*|[{_UNSPACED}]")
_RUN = re.compile(rf"{_NUMBER}|{_LETTER}+(?:['’]{_LETTER}+)*|[{_UNSPACED}]+")
_UNSPACED_CHARACTER = re.compile(rf"[{_UNSPACED}]")


def normalised(text: str) -> str:
    """Unicode form NFKC without case: full-width letters, ligatures and capitals become ordinary letters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words(text: str) -> list[str]:
    """The words of a text, in order: spaced scripts by word, numbers whole, other scripts by character.

    >>> words("Ｗatch 3.5mm 防水手表")
    ['watch', '3.5', 'mm', '防', '水', '手', '表']
    """
    return _WORD.findall(normalised(text))


def without_words(text: str, lost: Callable[[], bool]) -> str:
    """The text as it is written, without the words that are lost.

    Args:
        text: The text.
        lost: Asked for each word in turn.
    """
    return _WORD.sub(lambda found: "" if lost() else found.group(), text)


def runs(text: str) -> list[str]:
    """The words of a text, but with unbroken runs of characters left whole, for n-grams of characters.

    >>> runs("Watch 防水手表")
    ['watch', '防水手表']
    """
    return _RUN.findall(normalised(text))


def count_unspaced(text: str) -> int:
    """How many characters belong to a script written without blanks."""
    return len(_UNSPACED_CHARACTER.findall(text))


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end in it as it is written.

    >>> word_spans("Red 手表!")
    [(0, 3), (4, 5), (5, 6)]
    """
    return [match.span() for match in _WORD.finditer(text)]
