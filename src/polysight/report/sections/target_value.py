"""What each input is worth where amounts, labels or several targets are predicted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.target_sections import target_sections
from polysight.report.words import Words


class TargetValue(Section):
    """One part a target."""

    kind: ClassVar[str] = "target_value"
    chapter: ClassVar[str] = "value"

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """The targets; nothing for a classification of one thing."""
        targets = target_sections(content, w)
        return {"targets": targets} if targets else None
