"""Model card: intended use, data, model, results and openness; prefilled from the run, blanks marked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple

from polysight.report.card_answers import Answer
from polysight.report.card_fields import FIELDS, Field
from polysight.report.card_words import CARD_WORDS
from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words


class Line(NamedTuple):
    """A question, its answer and what is left to people; and the checklist items that ask it."""

    question: str
    answer: str
    blank: str
    items: str


class Card(Section):
    """The card of a finished run."""

    kind: ClassVar[str] = "card"
    chapter: ClassVar[str] = "card"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = CARD_WORDS

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The parts of the card, and how many blanks are left."""
        if not content.metrics:
            return None
        answer = Answer(content, w)
        parts = [
            (w(f"card_part_{name}"), [_line(field, answer) for field in fields]) for name, fields in FIELDS.items()
        ]
        blanks = sum(bool(line.blank) for _, lines in parts for line in lines)
        return {"parts": parts, "blanks": blanks, "fields": sum(len(lines) for _, lines in parts)}


def _line(field: Field, answer: Answer) -> Line:
    w = answer.w
    said = "" if field.answer is None else field.answer(answer)
    asks = w(f"blank_{field.key}") if field.blank else w("blank_unknown")
    items = [f"TRIPOD+AI {field.tripod}"] if field.tripod else []
    items += [f"CLAIM {field.claim}"] if field.claim else []
    return Line(w(f"card_{field.key}"), said, asks if field.blank or not said else "", " · ".join(items))
