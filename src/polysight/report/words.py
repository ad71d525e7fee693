"""Words: every sentence of the report, by language. A language is one table with the same keys as English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from polysight.core.errors import ConfigError, did_you_mean
from polysight.report.chinese import CHINESE
from polysight.report.chinese_reasons import CHINESE_REASONS
from polysight.report.comparison_words import COMPARISON
from polysight.report.english import ENGLISH
from polysight.report.explanation_words import EXPLANATION
from polysight.report.target_words import TARGET_CHINESE, TARGET_ENGLISH

LANGUAGES: Mapping[str, Mapping[str, str]] = {
    "en": {**ENGLISH, **COMPARISON["en"], **TARGET_ENGLISH, **EXPLANATION["en"]},
    "zh": {**CHINESE, **COMPARISON["zh"], **TARGET_CHINESE, **EXPLANATION["zh"]},
}
#: How reasons, which a run keeps in English, read in other languages: pattern and template.
REASONS: Mapping[str, Mapping[str, str]] = {"zh": CHINESE_REASONS}


@dataclass(frozen=True)
class Words:
    """The words of one language: ``words("groups_crossed", count=3)``."""

    lang: str
    table: Mapping[str, str]

    def __call__(self, key: str, **facts: Any) -> str:
        """The words of a key with facts filled in."""
        return self.table[key].format(**facts)

    def known(self, prefix: str, name: str) -> str:
        """The words of ``prefix_name``, or the name itself where there are none (a part or role of others)."""
        return self.table.get(f"{prefix}_{name}", name)

    def extended(self, table: Mapping[str, str]) -> Words:
        """The same language with what one section says besides."""
        return Words(self.lang, {**self.table, **table})

    def reason(self, english: str) -> str:
        """A reason that a run wrote; as it was written where no pattern knows it."""
        for pattern, template in REASONS.get(self.lang, {}).items():
            found = re.fullmatch(pattern, english, re.DOTALL)
            if found:
                return found.expand(template)
        return english

    def only(self, baseline: str) -> str:
        """A baseline ``<input> only``."""
        return self("input_only", name=baseline.removesuffix(" only"))

    def without(self, pattern: str) -> str:
        """A pattern ``without <input>``."""
        return self("input_without", name=pattern.removeprefix("without "))


def words(lang: str) -> Words:
    """The words of a language.

    Raises:
        ConfigError: A language polysight does not speak.
    """
    if lang not in LANGUAGES:
        fix = did_you_mean(lang, LANGUAGES) or f"choose one of: {', '.join(LANGUAGES)}"
        raise ConfigError(f"there are no words in {lang!r}", where="lang", fix=fix)
    return Words(lang, LANGUAGES[lang])
