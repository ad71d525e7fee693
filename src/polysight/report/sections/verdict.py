"""Verdict: is it good, does fusion pay, what must a reader know; in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.evaluation.study_verdict import study_verdict
from polysight.evaluation.verdict import verdict
from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words


class Verdict(Section):
    """The main numbers and a few sentences."""

    kind: ClassVar[str] = "verdict"
    chapter: ClassVar[str] = "verdict"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """Tiles, sentences and notes of a classification."""
        evaluation = content.evaluation
        if evaluation is None:
            return None
        notes = [note.text(w.lang) for note in evaluation.notes]
        lines = [*verdict(evaluation, w.lang), *study_verdict(content.metrics, w.lang)]
        return {"ev": evaluation, "lines": lines, "notes": notes}
