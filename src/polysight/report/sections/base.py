"""The contract of a section: what a run holds in, one part of the report out, left out where its facts are missing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from polysight.report.content import ReportContent
from polysight.report.page import templates
from polysight.report.words import Words


@dataclass(frozen=True)
class Part:
    """A section as the page shows it; no heading where it is all its chapter holds."""

    kind: str
    heading: str
    body: Markup
    style: str = ""


class Section(ABC):
    """One part of the report: a file here, a template of its name in ``templates/sections``, a line in ``SECTIONS``."""

    #: The name of its template, and its anchor on the page.
    kind: ClassVar[str]
    #: The chapter it stands in; its heading is the word ``chapter_<name>``.
    chapter: ClassVar[str]
    #: The key of its heading among the words; empty where it stands in its chapter without one.
    heading: ClassVar[str] = ""
    #: What it alone says: language, key, words. Every language has the same keys.
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {}

    @abstractmethod
    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """What its template shows; None where a run does not hold it."""

    def render(self, content: ReportContent, w: Words) -> Part | None:
        """The section of a run; what came from a table or a file appears as text, never as markup."""
        spoken = w.extended(self.words.get(w.lang, {}))
        facts = self.facts(content, spoken)
        if facts is None:
            return None
        template = templates().get_template(f"sections/{self.kind}.html.j2")
        body = Markup(template.render(w=spoken, c=content, **facts))  # noqa: S704 - the template escapes
        return Part(self.kind, spoken(self.heading) if self.heading else "", body, self.style(facts))

    def style(self, facts: Mapping[str, Any]) -> str:
        """Rules this section adds to the style sheet; of numbers and names of its own alone."""
        return ""
