"""Sentences: what findings say in plain words, and what to do, in every language checks speak."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from polysight.core.errors import ConfigError, did_you_mean
from polysight.health.chinese import CHINESE, CHINESE_WORDS
from polysight.health.english import ENGLISH, ENGLISH_WORDS

#: Language, code of a finding, what it says and what to do about it. Every language has the same codes and facts.
SENTENCES: Mapping[str, Mapping[str, tuple[str, str]]] = {"en": ENGLISH, "zh": CHINESE}
#: Language, stable word, how it reads: what in a file's name or metadata tells, what personal data are of.
WORDS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH_WORDS, "zh": CHINESE_WORDS}
#: Things of a list that are told one by one.
_MOST_TOLD = 5


def sentence(lang: str, code: str, facts: Mapping[str, Any]) -> tuple[str, str]:
    """What a finding says, and what to do about it (empty where nothing is to be done).

    Args:
        lang: ``en`` or ``zh``.
        code: The code of a finding.
        facts: What it is filled with; a list holds triples of a name, a word of ``WORDS`` and a value.

    Raises:
        ConfigError: A language checks do not speak.
    """
    if lang not in SENTENCES:
        fix = did_you_mean(lang, SENTENCES) or f"choose one of: {', '.join(SENTENCES)}"
        raise ConfigError(f"there are no words in {lang!r}", where="lang", fix=fix)
    message, fix = SENTENCES[lang][code]
    spoken = {name: _told(lang, value) if isinstance(value, list | tuple) else value for name, value in facts.items()}
    return message.format(**spoken), fix.format(**spoken)


def _told(lang: str, things: list[tuple[str, str, str]] | tuple[tuple[str, str, str], ...]) -> str:
    words, shown = WORDS[lang], []
    for name, word, value in things[:_MOST_TOLD]:
        how = " ".join(part for part in (words.get(word, word), value) if part)
        shown.append(f"{name} ({how})" if how else name)
    more = len(things) - len(shown)
    return ", ".join(shown) + (f" (+{more})" if more else "")
