"""Verdict on amounts, labels and several targets: their main numbers and a few sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.target_sections import target_sections
from polysight.report.words import Words


class TargetVerdict(Section):
    """One part a target."""

    kind: ClassVar[str] = "target_verdict"
    chapter: ClassVar[str] = "verdict"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The targets; nothing for a classification of one thing."""
        targets = target_sections(content, w)
        return {"targets": targets} if targets else None
